package dev.gatepost.hook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.Purpose;
import dev.gatepost.hook.Outbox.Happening;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.store.JobTable;
import dev.gatepost.store.Stores;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.MasterKey;
import dev.gatepost.workspace.Secrets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;

/** Hooks over a real store, and receivers on loopback that answer as they are told. */
final class HookWorld implements AutoCloseable {
    /** One call as a receiver saw it. */
    record Seen(String path, String id, String timestamp, String signature, String event, String body, String method) {}

    /** Answers one call; whatever it throws closes the connection. */
    interface Receiver {
        void answer(HttpExchange exchange) throws IOException;
    }

    final Stores store;
    final Subscriptions subscriptions;
    final Outbox outbox;
    private final Hooks.HookParts parts;
    Hooks hooks;
    final List<Seen> seen = new CopyOnWriteArrayList<>();
    final Map<String, Receiver> receivers = new ConcurrentHashMap<>();

    /** Told of each call before it is answered. */
    volatile java.util.function.Consumer<Seen> watcher = seen::add;

    private final AtomicLong ahead = new AtomicLong();
    private final HttpServer server;
    private final List<HttpServer> others = new CopyOnWriteArrayList<>();
    private final com.zaxxer.hikari.HikariDataSource jobs;

    HookWorld(Dialect dialect) {
        this(dialect, client -> client);
    }

    /** @param calling changes the HTTP clients, so that a test need not wait as long as the product does */
    HookWorld(Dialect dialect, UnaryOperator<OkHttpClient> calling) {
        store = Stores.fresh(dialect);
        var random = new SecureRandom();
        InstantSource clock = () -> Instant.now().plusMillis(ahead.get());
        var secrets =
                Secrets.open(store.database(), MasterKey.parse("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="), random);
        var ids = new Ids(clock, random);
        subscriptions = new Subscriptions(store.database(), secrets, ids, clock, random);
        outbox = new Outbox(subscriptions, ids, clock);
        var egress = new Egress(EgressRules.parse("hook=127.0.0.0/8"), clock);
        jobs = JobTable.fresh(store.folder().resolve("hook-jobs.db"));
        parts = new Hooks.HookParts(
                store.database(),
                dialect == Dialect.SQLITE ? jobs : store.database().jobs(),
                subscriptions,
                outbox,
                suffixes -> calling.apply(
                        egress.http(Purpose.HOOK, _ -> List.of(InetAddress.getLoopbackAddress()), suffixes)),
                suffixes -> egress.urlRules(Purpose.HOOK, suffixes),
                Set.of("zapier.com"),
                "Gatepost/test",
                clock,
                random);
        hooks = new Hooks(parts);
        store.database()
                .write(handle ->
                        handle.execute("insert into workspace (id, name, created_at) values ('main', 'Main', 0)"));
        server = serverOn(this::serve);
    }

    private static HttpServer serverOn(HttpHandler handler) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", handler);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Another start of the product on the same store; the first has ended. */
    void startAnew() {
        hooks.close();
        hooks = new Hooks(parts);
        hooks.start();
    }

    /** The clock goes on at once; what it shows then. */
    Instant later(Duration by) {
        return Instant.now().plusMillis(ahead.addAndGet(by.toMillis()));
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    Subscription subscribe(String path, HookEvent... events) {
        return subscribe(new SubscriptionDraft("main", url(path), Set.of(events), "", Set.of(), Consumer.GENERIC, ""));
    }

    Subscription subscribe(SubscriptionDraft draft) {
        Subscription made = store.database().write(handle -> hooks.subscribe(handle, By.COMMAND.in("main"), draft));
        hooks.changed();
        return made;
    }

    /** A receiver on a port of its own, which no other's failures close; ends with this world. */
    String receiver(Receiver answer) {
        var own = serverOn(exchange -> {
            try (exchange) {
                exchange.getRequestBody().readAllBytes();
                answer.answer(exchange);
            }
        });
        others.add(own);
        return "http://127.0.0.1:" + own.getAddress().getPort() + "/";
    }

    /** A subscription to verifications at a whole URL. */
    Subscription subscribe(String url) {
        return subscribe(new SubscriptionDraft(
                "main", url, Set.of(HookEvent.VERIFICATION_COMPLETED), "", Set.of(), Consumer.GENERIC, ""));
    }

    /** Something happens in a transaction of its own. */
    void happens(HookEvent event, String subject, String body) {
        store.database().write(handle -> {
            outbox.add(handle, new Happening("main", event, subject, "standard", "valid", () -> body));
            return true;
        });
    }

    List<String> bodies(String path) {
        return seen.stream()
                .filter(call -> call.path().equals(path))
                .map(Seen::body)
                .toList();
    }

    HookDelivery onlyDelivery(Subscription subscription) {
        var all = hooks.deliveries("main", subscription.id(), "", 10);
        if (all.size() != 1) {
            throw new AssertionError("expected one delivery: " + all);
        }
        return all.getFirst();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var headers = exchange.getRequestHeaders();
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var path = exchange.getRequestURI().getPath();
            var call = new Seen(
                    path,
                    String.valueOf(headers.getFirst("webhook-id")),
                    String.valueOf(headers.getFirst("webhook-timestamp")),
                    String.valueOf(headers.getFirst("webhook-signature")),
                    String.valueOf(headers.getFirst("webhook-event")),
                    body,
                    exchange.getRequestMethod());
            watcher.accept(call);
            receivers.getOrDefault(path, answering(200)).answer(exchange);
        }
    }

    static Receiver answering(int status, String... header) {
        return exchange -> {
            if (header.length == 2) {
                exchange.getResponseHeaders().add(header[0], header[1]);
            }
            exchange.sendResponseHeaders(status, -1);
        };
    }

    @Override
    public void close() {
        hooks.close();
        server.stop(0);
        others.forEach(each -> each.stop(0));
        jobs.close();
        store.close();
    }
}
