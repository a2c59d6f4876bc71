package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * Reaches mail hosts through a SOCKS5 proxy (RFC 1928, RFC 1929), for machines whose provider closes port 25. The egress
 * rules judge the mail host all the same, and the proxy is given addresses, never names. A failure of the proxy itself
 * is never told as a refusal by the mail host. Safe for any thread.
 */
public final class Socks5Dialer implements Dialer {
    /** Longest user name and password, in octets. RFC 1929, section 2. */
    private static final int LOGIN_OCTETS_MAX = 255;

    private final Egress egress;
    private final InetSocketAddress proxy;
    private final Optional<Login> login;

    /**
     * What the proxy knows us by.
     *
     * @param user 1 to 255 octets
     * @param password 1 to 255 octets
     */
    public record Login(String user, String password) {
        public Login {
            for (var text : new String[] {user, password}) {
                int octets = text.getBytes(StandardCharsets.UTF_8).length;
                if (octets < 1 || octets > LOGIN_OCTETS_MAX) {
                    throw new IllegalArgumentException("a SOCKS5 user name or password of " + octets + " octets");
                }
            }
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Login[user=" + user + "]";
        }
    }

    private Socks5Dialer(Egress egress, InetSocketAddress proxy, Optional<Login> login) {
        if (proxy.isUnresolved()) {
            throw new IllegalArgumentException("the proxy must be given as an address: " + proxy);
        }
        this.egress = requireNonNull(egress, "egress");
        this.proxy = proxy;
        this.login = login;
    }

    /** Through a proxy that asks for no login. The operator named it, so its own address is not judged. */
    public static Socks5Dialer withoutLogin(Egress egress, InetSocketAddress proxy) {
        return new Socks5Dialer(egress, proxy, Optional.empty());
    }

    /** Through a proxy that may ask for a login. */
    public static Socks5Dialer withLogin(Egress egress, InetSocketAddress proxy, Login login) {
        return new Socks5Dialer(egress, proxy, Optional.of(login));
    }

    @Override
    public Dialled dial(Purpose purpose, InetSocketAddress target, Duration timeout) {
        if (target.isUnresolved()) {
            return new Dialled.Refused("a name, not an address");
        }
        if (egress.judge(purpose, target.getAddress(), target.getPort()) instanceof Judgement.Refused(var why)) {
            return new Dialled.Refused(why);
        }
        long end = System.nanoTime() + timeout.toNanos();
        return switch (Egress.connect(proxy, timeout)) {
            case Dialled.Connected(var socket) -> through(socket, target, end);
            case Dialled.Unreachable(var _, var detail) -> proxyFailed(detail);
            case Dialled.Refused refused -> refused;
        };
    }

    private Dialled through(Socket socket, InetSocketAddress target, long end) {
        var dialled = handshake(socket, target, end);
        if (!(dialled instanceof Dialled.Connected)) {
            Egress.closeQuietly(socket);
        }
        return dialled;
    }

    private Dialled handshake(Socket socket, InetSocketAddress target, long end) {
        try {
            var dialled = new Socks5Handshake(socket, end).connect(target, login);
            socket.setSoTimeout(Egress.millis(Egress.READ_TIMEOUT));
            return dialled;
        } catch (SocketTimeoutException _) {
            return new Dialled.Unreachable(Dialled.Cause.TIMEOUT, "no answer through the SOCKS5 proxy");
        } catch (IOException e) {
            return proxyFailed(NetworkFailure.detailOf(e));
        }
    }

    private static Dialled proxyFailed(String detail) {
        return new Dialled.Unreachable(Dialled.Cause.OTHER, "SOCKS5 proxy: " + detail);
    }
}
