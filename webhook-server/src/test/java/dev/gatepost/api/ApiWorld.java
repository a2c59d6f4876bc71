package dev.gatepost.api;

import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.console.Access;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.http.HttpServer;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.server.Books;
import dev.gatepost.server.ConfigReader;
import dev.gatepost.server.Configured;
import dev.gatepost.server.Product;
import dev.gatepost.server.SandboxSettings;
import dev.gatepost.workspace.ApiKey;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The whole product on a SQLite file in a mail world on loopback, and its API once more on a second port, where a person is
 * whoever the header {@code X-Test-Person: WORKSPACE ROLE} says. There are two workspaces, {@code main} and {@code other}.
 */
public final class ApiWorld implements AutoCloseable {

    /** A workspace beside the main one. */
    public static final String OTHER = "other";

    /** Whose pages the publishable key is for. */
    public static final String ORIGIN = "https://www.acme.io";

    private static final String PERSON = "X-Test-Person";

    public final MailWorld mail = MailWorld.start();
    private final SandboxNameServer names = SandboxNameServer.start(mail.zone());
    private final Path folder;
    public final Product product;
    private final HttpServer http;
    public final List<Route> routes;
    public final int port;
    private final Map<String, String> keys = new HashMap<>();

    public ApiWorld() {
        this(List.of(), Map.of());
    }

    /** @param settings more of the environment, as {@code GATEPOST_...} */
    public ApiWorld(List<ConnectorPlugin> plugins, Map<String, String> settings) {
        try {
            folder = Files.createTempDirectory("gatepost-api");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var environment = SandboxSettings.of(folder, mail, names);
        environment.putAll(settings);
        if (!(new ConfigReader(environment, plugins).read() instanceof Configured.Ready(var config))) {
            throw new IllegalStateException(
                    "the test's own settings are wrong: " + new ConfigReader(environment, plugins).read());
        }
        var clock = InstantSource.system();
        product = Product.start(new Product.Setup(
                config,
                plugins,
                _ -> new Access.OpenOnLoopback(),
                new ConsoleRoutes.About("test", "sandbox", false),
                clock,
                new SecureRandom()));
        new Workspaces(product.books().database(), clock).create(OTHER, "Other");
        var api = new Api(product.resources(), new Callers(product.books().keys(), ApiWorld::person, clock), clock);
        routes = api.routes();
        http = new HttpServer(new HttpServer.Bind("127.0.0.1", 0, false), List.of(api));
        port = http.start();
    }

    private static Optional<Caller.ByPerson> person(Context context) {
        return Optional.ofNullable(context.header(PERSON)).map(header -> {
            var words = header.split(" ", 2);
            return new Caller.ByPerson(words[1] + "-1", words[0], Role.valueOf(words[1].toUpperCase(Locale.ROOT)));
        });
    }

    public Books books() {
        return product.books();
    }

    /** A client with a key of the main workspace that has these scopes; the same key at each call. */
    public ApiClient with(Scope... scopes) {
        return with(Workspaces.MAIN, KeyKind.LIVE, scopes);
    }

    /** A client with a key; the same key at each call. */
    public ApiClient with(String workspace, KeyKind kind, Scope... scopes) {
        return client().with("Authorization", "Bearer " + key(workspace, kind, scopes));
    }

    /** A page of {@link #ORIGIN} with a publishable key of the main workspace. */
    public ApiClient page() {
        return withPublishable().with("Origin", ORIGIN);
    }

    /** A program that was given that key. */
    public ApiClient withPublishable() {
        return client().with("Authorization", "Bearer " + publishable());
    }

    /** The text of a publishable key for {@link #ORIGIN}. */
    public String publishable() {
        return keys.computeIfAbsent(
                "publishable",
                name -> books().keys()
                        .create(
                                new ApiKey.Draft(
                                        Workspaces.MAIN,
                                        KeyKind.PUB,
                                        name,
                                        Set.of(),
                                        List.of(),
                                        List.of(ORIGIN),
                                        ApiKey.RATE_PER_MINUTE_MAX,
                                        null),
                                AuditLog.By.COMMAND)
                        .text());
    }

    /** A client that nobody knows. */
    public ApiClient client() {
        return new ApiClient(port, List.of());
    }

    /** A client of a signed-in person. */
    public ApiClient as(String workspace, Role role) {
        return client().with(PERSON, workspace + " " + role.word());
    }

    /** The text of a key. */
    public String key(String workspace, KeyKind kind, Scope... scopes) {
        return keys.computeIfAbsent(
                workspace + kind + Arrays.toString(scopes),
                name -> books().keys()
                        .create(draft(workspace, kind, name, Set.of(scopes)), AuditLog.By.COMMAND)
                        .text());
    }

    private static ApiKey.Draft draft(String workspace, KeyKind kind, String name, Set<Scope> scopes) {
        return new ApiKey.Draft(workspace, kind, name, scopes, List.of(), List.of(), ApiKey.RATE_PER_MINUTE_MAX, null);
    }

    /** Scopes of every size that tests try. */
    public static List<Set<Scope>> everySetOfScopes() {
        var sets = new ArrayList<Set<Scope>>();
        for (var scope : Scope.values()) {
            var grown = sets.stream().map(set -> {
                var more = EnumSet.copyOf(set);
                more.add(scope);
                return Set.copyOf(more);
            });
            sets.addAll(Stream.concat(Stream.of(Set.of(scope)), grown).toList());
        }
        return sets;
    }

    @Override
    public void close() {
        http.close();
        product.close();
        names.close();
        mail.close();
        try (var paths = Files.walk(folder)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
