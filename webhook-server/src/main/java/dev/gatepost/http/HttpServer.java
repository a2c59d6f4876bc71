package dev.gatepost.http;

import dev.gatepost.egress.AddressRange;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.http.Context;
import io.javalin.router.JavalinDefaultRoutingApi;
import io.javalin.util.JavalinException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The product's HTTP server on one address and port. Handlers run on virtual threads and may block. Safe for any thread.
 */
public final class HttpServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    /** Request line and header fields together (reliability: I6). */
    private static final int HEADER_OCTETS_MAX = 16 * 1024;

    /** Longest silence on a connection; a live page's stream says something every 15 s. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

    /** Time that running requests are given at a stop (reliability: J5 grants 25 s in all). */
    private static final Duration STOP_MAX = Duration.ofSeconds(5);

    /** Time that connections without a request are given at a stop. */
    private static final Duration IDLE_AT_STOP_MAX = Duration.ofMillis(50);

    /** Acceptors, selectors and housekeeping only; requests run on virtual threads. */
    private static final int PLATFORM_THREADS_MAX = 16;

    private final SecureRandom random = new SecureRandom();
    private final AtomicReference<Javalin> running = new AtomicReference<>();
    private final Bind bind;
    private final List<Routes> routes;

    /**
     * Where to listen.
     *
     * @param host address
     * @param port 0 is any free one
     * @param tls whether the outside reaches us by TLS
     * @param proxies of ours, whose word about a client's address is believed
     */
    public record Bind(String host, int port, boolean tls, List<AddressRange> proxies) {

        public Bind {
            proxies = List.copyOf(proxies);
        }

        /** Without proxies. */
        public Bind(String host, int port, boolean tls) {
            this(host, port, tls, List.of());
        }
    }

    public HttpServer(Bind bind, List<Routes> routes) {
        this.bind = bind;
        this.routes = List.copyOf(routes);
    }

    /**
     * Starts to listen.
     *
     * @return the port, which was chosen by the system when 0 was asked for
     * @throws CannotListen when the address cannot be bound
     */
    public int start() {
        var server = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.concurrency.useVirtualThreads = true;
            // Assets are compressed once, when they are read; a stream must not be held back by a compressor.
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.jetty.threadPool = threads();
            config.jetty.modifyServer(jetty -> {
                jetty.setStopTimeout(STOP_MAX.toMillis());
                jetty.setErrorHandler(new PlainErrors());
            });
            config.jetty.modifyHttpConfiguration(this::limit);
            config.jetty.addConnector((jetty, http) -> {
                var connector =
                        new ServerConnector(jetty, 1, 1, new org.eclipse.jetty.server.HttpConnectionFactory(http));
                connector.setHost(bind.host());
                connector.setPort(bind.port());
                connector.setIdleTimeout(SILENCE_MAX.toMillis());
                connector.setShutdownIdleTimeout(IDLE_AT_STOP_MAX.toMillis());
                return connector;
            });
            errors(config.routes);
            routes.forEach(each -> each.mount(config.routes));
        });
        try {
            server.start();
        } catch (JavalinException e) {
            server.stop();
            throw new CannotListen(
                    "cannot listen on " + bind.host() + " port " + bind.port() + ": " + e.getMessage(), e);
        }
        running.set(server);
        return server.port();
    }

    private void limit(HttpConfiguration http) {
        http.setRequestHeaderSize(HEADER_OCTETS_MAX);
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.addCustomizer(new ForwardedAddress(bind.proxies()));
        http.addCustomizer(
                new SecurityHeaders(bind.tls() ? SecurityHeaders.Transport.TLS : SecurityHeaders.Transport.PLAIN));
    }

    private static QueuedThreadPool threads() {
        var pool = new QueuedThreadPool(PLATFORM_THREADS_MAX, 2);
        pool.setName("http");
        pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
        return pool;
    }

    private void errors(JavalinDefaultRoutingApi routes) {
        routes.error(404, context -> {
            if (!context.res().isCommitted() && !hasOwnBody(context)) {
                Problems.answer(context, Problem.notFound());
            }
        });
        routes.exception(Exception.class, this::failed);
    }

    /** What a route made itself says its type; the framework's own words are plain text. */
    private static boolean hasOwnBody(Context context) {
        var type = context.res().getContentType();
        return type != null && !type.startsWith("text/plain");
    }

    /** Our fault: an id for the log and for the person who asks, and nothing else (reliability: X11). */
    private void failed(Exception e, Context context) {
        var id = HexFormat.of().formatHex(random.generateSeed(8));
        var route = context.endpoints().matchedHttpEndpoint();
        LOG.error("request failed id={} route={}", id, route == null ? "none" : route.path, e);
        if (!context.res().isCommitted()) {
            Problems.answer(
                    context, Fault.INTERNAL_ERROR.saying("Something failed here. The log knows it as " + id + "."));
        }
    }

    /** The path templates of everything that is mounted; empty before the start. */
    public List<String> paths() {
        var server = running.get();
        return server == null
                ? List.of()
                : server.unsafe.internalRouter.allHttpHandlers().stream()
                        .map(handler -> handler.endpoint.path)
                        .distinct()
                        .toList();
    }

    @Override
    public void close() {
        var server = running.getAndSet(null);
        if (server != null) {
            server.stop();
        }
    }
}
