package dev.gatepost.server;

import dev.gatepost.api.Api;
import dev.gatepost.api.Callers;
import dev.gatepost.api.Persons;
import dev.gatepost.api.Resource;
import dev.gatepost.api.SameOrigin;
import dev.gatepost.api.SignedInPersons;
import dev.gatepost.batch.Batches;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.CallBudgets;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.PluginRoute;
import dev.gatepost.console.Access;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.console.Feed;
import dev.gatepost.console.Visitors;
import dev.gatepost.dns.HostAddresses;
import dev.gatepost.docs.DocsRoutes;
import dev.gatepost.egress.Purpose;
import dev.gatepost.hook.Hooks;
import dev.gatepost.http.ConnectRoutes;
import dev.gatepost.http.HealthRoutes;
import dev.gatepost.http.HooksRoutes;
import dev.gatepost.http.HttpServer;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.intake.PipelineParts;
import dev.gatepost.intake.RealTime;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.rules.Workflow;
import dev.gatepost.smtp.Pause;
import dev.gatepost.store.StoredCallBoard;
import dev.gatepost.store.StoredHostMemory;
import dev.gatepost.verify.Verifier;
import dev.gatepost.workspace.StoredWorkflow;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The running product: everything built once, by hand, in the order it depends on each other. */
public final class Product implements AutoCloseable {

    /** How long a verification answers for the same address without a charge (reliability: C6). */
    static final Duration FRESHNESS = Duration.ofHours(24);

    /** What our fields in a CRM begin with. */
    static final String FIELD_PREFIX = "gatepost_";

    private final Config config;
    private final Books books;
    private final CallBudgets budgets;
    private final ConnectorTools tools;
    private final StoredHostMemory memory;
    private final EgressWatch egressWatch;
    private final Verifier verifier;
    private final Pipeline pipeline;
    private final Telling telling;
    private final LedgerWatch ledgerWatch;
    private final ListWatch listWatch;
    private final Feed feed;
    private final RealTime realTime;
    private final Bulk bulk;
    private final List<Resource> resources;
    private final HttpServer http;
    private final int port;

    /**
     * What the product is started with.
     *
     * @param plugins every kind of CRM
     * @param access who may see the console; asked once the books are open
     * @param about what the console says about this installation
     */
    public record Setup(
            Config config,
            List<ConnectorPlugin> plugins,
            Function<Books, Access> access,
            ConsoleRoutes.About about,
            InstantSource clock,
            SecureRandom random) {

        public Setup {
            plugins = List.copyOf(plugins);
        }
    }

    private Product(Setup setup, Books books) {
        this.config = setup.config();
        this.books = books;
        this.memory = new StoredHostMemory(books.database(), setup.clock(), setup.random());
        var engine = Engine.of(config, setup.clock(), setup.random(), memory);
        this.egressWatch = new EgressWatch(books.database(), books.residents().audit(), setup.clock());
        engine.egress().onRefusal(egressWatch::refused);
        this.verifier = engine.verifier();
        this.budgets = new CallBudgets(
                setup.clock(),
                new StoredCallBoard(books.database()),
                books.ids().next());
        budgets.start();
        this.tools = serverTools(tools(engine, setup.random()), setup.plugins());
        this.pipeline = new Pipeline(new PipelineParts(
                books.database(),
                books.connections(),
                books.ledger(),
                books.outbox(),
                engine.verifier()::verify,
                books.workflows()::of,
                this::choices,
                this::publicUrl,
                setup.plugins(),
                tools,
                books.keyedHash(),
                books.erasure(),
                config.retention(),
                config.smtp().recheck(),
                config.withoutCredits(),
                FRESHNESS,
                config.data(),
                books.ids(),
                setup.clock(),
                setup.random()));
        this.telling = Telling.of(books, engine, config, setup.random());
        this.ledgerWatch = new LedgerWatch(books.ledger(), setup.clock());
        this.listWatch = new ListWatch(engine.lists(), engine.listRefresh(), config.lists(), setup.clock());
        var overview = new Overview(books, pipeline, ledgerWatch::last, engine.verifier()::pauses);
        this.feed = new Feed(overview::contacts);
        var parts = Bulk.parts(books, engine, config);
        this.realTime = new RealTime(parts);
        this.bulk = Bulk.of(books, parts, config.data());
        this.resources = Stream.concat(
                        Resources.of(books, new Resources.Works(realTime, bulk.batches(), telling.hooks(), pipeline))
                                .stream(),
                        PeopleResources.of(books, this::publicUrl).stream())
                .toList();
        var access = setup.access().apply(books);
        var api = new Api(resources, new Callers(books.keys(), persons(), setup.clock()), setup.clock());
        this.http = new HttpServer(
                new HttpServer.Bind(
                        config.listen().host(),
                        config.listen().port(),
                        config.listen().isTls(),
                        config.listen().proxies()),
                List.of(
                        new HooksRoutes(
                                receivers(setup.plugins()), hooks(setup.plugins()), this::publicUrl, setup.clock()),
                        new ConnectRoutes(
                                connects(setup.plugins()), new Visitors(access)::of, this::publicUrl, setup.clock()),
                        new HealthRoutes(overview::health),
                        api,
                        new DocsRoutes(setup.about(), api.routes()),
                        new ConsoleRoutes(access, feed, setup.about())));
        this.port = http.start();
        pipeline.start();
        realTime.start();
        bulk.batches().start();
        telling.hooks().start();
        ledgerWatch.start();
        listWatch.start();
    }

    /**
     * Builds and starts everything; whoever gets it closes it.
     *
     * @throws dev.gatepost.store.StoreUnusable when the store cannot be opened
     * @throws java.io.UncheckedIOException when the address cannot be listened on
     */
    public static Product start(Setup setup) {
        var books = Books.ofServer(setup.config(), setup.clock(), setup.random());
        try {
            return new Product(setup, books);
        } catch (RuntimeException e) {
            books.close();
            throw e;
        }
    }

    /** What a connector is given to work with. */
    public static ConnectorTools tools(Engine engine, SecureRandom random) {
        return new ConnectorTools(
                engine.egress().http(Purpose.CRM, new HostAddresses(engine.resolver())),
                engine.clock(),
                random,
                FIELD_PREFIX);
    }

    /** The same, keeping what connectors are given anew. */
    private ConnectorTools serverTools(ConnectorTools plain, List<ConnectorPlugin> plugins) {
        return new ConnectorTools(
                plain.http(),
                plain.clock(),
                plain.random(),
                budgets,
                keeper(plugins),
                this::publicUrl,
                plain.fieldPrefix());
    }

    /** Keeps what connectors are given anew; of a trial nothing, whose caller saves what it has. */
    private ConnectorTools.SettingsKeeper keeper(List<ConnectorPlugin> plugins) {
        return new ConnectorTools.SettingsKeeper() {
            @Override
            public void keep(String connectionId, Map<String, String> changed) {
                plugin(plugins, connectionId)
                        .ifPresent(plugin -> books.connections().keep(plugin, connectionId, changed));
            }

            @Override
            public void forget(String connectionId, String setting, String value) {
                plugin(plugins, connectionId)
                        .ifPresent(plugin -> books.connections().forget(plugin, connectionId, setting, value));
            }
        };
    }

    private Optional<ConnectorPlugin> plugin(List<ConnectorPlugin> plugins, String connectionId) {
        var known = books.connections().byId(connectionId);
        return plugins.stream()
                .filter(plugin -> known.filter(connection -> connection.plugin().equals(plugin.id()))
                        .isPresent())
                .findFirst();
    }

    /** Customers' lists. */
    public Batches batches() {
        return bulk.batches();
    }

    /** What its connectors work with. */
    public ConnectorTools tools() {
        return tools;
    }

    private Persons persons() {
        return new SignedInPersons(books.residents().sessions(), new SameOrigin(this::publicUrl));
    }

    private Map<String, Function<Delivery, Answer>> receivers(List<ConnectorPlugin> plugins) {
        var receivers = new HashMap<String, Function<Delivery, Answer>>();
        plugins.forEach(plugin -> receivers.put(plugin.id(), delivery -> pipeline.accept(plugin, delivery)));
        return receivers;
    }

    private List<HooksRoutes.Mounted> hooks(List<ConnectorPlugin> plugins) {
        var mounted = new ArrayList<HooksRoutes.Mounted>();
        for (var plugin : plugins) {
            for (var route : plugin.routes()) {
                if (route.space() == PluginRoute.Space.HOOKS) {
                    mounted.add(new HooksRoutes.Mounted(
                            plugin.id(),
                            route,
                            delivery -> route.handler().answer(delivery, pipeline.reception(plugin, ""))));
                }
            }
        }
        return mounted;
    }

    private List<ConnectRoutes.Mounted> connects(List<ConnectorPlugin> plugins) {
        var mounted = new ArrayList<ConnectRoutes.Mounted>();
        for (var plugin : plugins) {
            for (var route : plugin.routes()) {
                if (route.space() == PluginRoute.Space.CONNECT) {
                    mounted.add(new ConnectRoutes.Mounted(
                            plugin.id(),
                            route,
                            (delivery, guest) -> route.handler()
                                    .answer(delivery, pipeline.reception(plugin, guest.session(), guest.by()))));
                }
            }
        }
        return mounted;
    }

    private List<Workflow> choices(String workspaceId) {
        return books.workflows().all(workspaceId).stream()
                .map(StoredWorkflow::workflow)
                .toList();
    }

    /** The port listened on. */
    public int port() {
        return port;
    }

    /** How the outside calls us. */
    public String publicUrl() {
        return config.listen().urlWith(port);
    }

    /** What the API is made of. */
    public List<Resource> resources() {
        return resources;
    }

    /** Every path that is mounted, for the test that none is without an entry in a table of rights. */
    public List<String> paths() {
        return http.paths();
    }

    /** Mail hosts that are left alone for the time being, since they refuse us. */
    public List<Pause> pauses() {
        return verifier.pauses();
    }

    public Books books() {
        return books;
    }

    /** The outgoing webhooks without a server: nothing is delivered, but receivers can be added, removed and tested. */
    public static Hooks hooks(Books books, Engine engine, Config config, SecureRandom random) {
        return Telling.of(books, engine, config, random).hooks();
    }

    /** Who is told of what happens. */
    public Hooks hooks() {
        return telling.hooks();
    }

    public Pipeline pipeline() {
        return pipeline;
    }

    /** Checks the ledger and shows the outcome on the console. */
    public LedgerCheck checkLedger() {
        return ledgerWatch.check();
    }

    /** Stops listening first, then working, then writing; what is under way goes on at the next start. */
    @Override
    public void close() {
        feed.close();
        http.close();
        ledgerWatch.close();
        realTime.close();
        bulk.close();
        listWatch.close();
        pipeline.close();
        budgets.close();
        telling.close();
        verifier.close();
        egressWatch.close();
        memory.close();
        books.close();
    }
}
