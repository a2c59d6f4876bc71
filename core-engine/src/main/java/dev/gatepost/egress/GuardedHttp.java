package dev.gatepost.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.SocketFactory;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes OkHttp obey the egress rules, at four points: the URL before a call, the candidates of a name, the very address
 * when its socket connects (what a name server said earlier does not count), and plain text before it is sent.
 */
final class GuardedHttp {
    /** Reliability: W7. */
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    /** Reliability: W7. */
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(20);

    /** RFC 6761, section 6.3: answered here, never asked of name servers. */
    private static final List<InetAddress> LOCALHOST =
            List.of(InetAddress.ofLiteral("127.0.0.1"), InetAddress.ofLiteral("::1"));

    private static final Logger LOG = LoggerFactory.getLogger(GuardedHttp.class);

    private final Egress egress;
    private final Purpose purpose;
    private final UrlRules urls;

    private GuardedHttp(Egress egress, Purpose purpose, UrlRules urls) {
        this.egress = egress;
        this.purpose = purpose;
        this.urls = urls;
    }

    static OkHttpClient client(Egress egress, Purpose purpose, HostLookup lookup, UrlRules urls) {
        var guard = new GuardedHttp(egress, purpose, urls);
        return new OkHttpClient.Builder()
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(CONNECT_TIMEOUT)
                .readTimeout(CALL_TIMEOUT)
                .writeTimeout(CALL_TIMEOUT)
                .callTimeout(CALL_TIMEOUT)
                .dns(host -> guard.candidates(host, lookup))
                .socketFactory(guard.new JudgedSockets())
                .addInterceptor(guard::checkUrl)
                .addNetworkInterceptor(guard::checkPlainText)
                .build();
    }

    private Response checkUrl(Interceptor.Chain chain) throws IOException {
        var objection = urls.objectionTo(chain.request().url());
        if (objection.isPresent()) {
            throw new EgressRefused(objection.get());
        }
        return chain.proceed(chain.request());
    }

    private List<InetAddress> candidates(String host, HostLookup lookup) throws UnknownHostException {
        var all = isLocalhost(host) ? LOCALHOST : lookup.addresses(host);
        var admitted = all.stream()
                .filter(address -> egress.rules().admits(purpose, address))
                .toList();
        // With nothing left, all go on: the socket refuses each, with the exception that says so, before a packet
        // leaves.
        return admitted.isEmpty() ? all : admitted;
    }

    /** A URL may say http where the port is opened somewhere; here the address is known. */
    private Response checkPlainText(Interceptor.Chain chain) throws IOException {
        var connection = chain.connection();
        if (!chain.request().url().isHttps() && connection != null) {
            var target = connection.route().socketAddress();
            if (!(judge(target) instanceof Judgement.Opened)) {
                throw new EgressRefused(purpose);
            }
        }
        return chain.proceed(chain.request());
    }

    private Judgement judge(InetSocketAddress target) {
        return target.isUnresolved()
                ? new Judgement.Refused("a name, not an address")
                : egress.judge(purpose, target.getAddress(), target.getPort());
    }

    private static boolean isLocalhost(String host) {
        var name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /** Sockets that judge the address they are told to connect to. */
    private final class JudgedSockets extends SocketFactory {
        @Override
        public Socket createSocket() {
            return new JudgedSocket();
        }

        @Override
        public Socket createSocket(String host, int port) {
            throw new UnsupportedOperationException("sockets are made unconnected and judged when they connect");
        }

        @Override
        public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
            return createSocket(host, port);
        }

        @Override
        public Socket createSocket(InetAddress host, int port) {
            return createSocket(host.getHostAddress(), port);
        }

        @Override
        public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
            return createSocket(address.getHostAddress(), port);
        }
    }

    private final class JudgedSocket extends Socket {
        JudgedSocket() {
            super(Proxy.NO_PROXY);
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, Egress.millis(CONNECT_TIMEOUT));
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            if (!(endpoint instanceof InetSocketAddress target)) {
                throw new EgressRefused(purpose);
            }
            if (judge(target) instanceof Judgement.Refused(var why)) {
                LOG.warn("egress refused for {}: {}", purpose.word(), why);
                egress.refused(purpose, why);
                throw new EgressRefused(purpose);
            }
            setTcpNoDelay(true);
            super.connect(target, timeout);
        }
    }
}
