package dev.gatepost.egress;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** What is said to a SOCKS5 proxy until it passes bytes on. Reads not one octet more, since the next is the host's. */
final class Socks5Handshake {
    private static final int VERSION = 5;
    private static final int LOGIN_VERSION = 1;
    private static final int NO_LOGIN = 0;
    private static final int USER_AND_PASSWORD = 2;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;
    private static final int SUCCEEDED = 0;

    private final Socket socket;
    private final long end;
    private final InputStream in;
    private final OutputStream out;

    /**
     * Begins on a connection to the proxy.
     *
     * @param end of the wait for all answers, as {@link System#nanoTime()}
     */
    Socks5Handshake(Socket socket, long end) throws IOException {
        this.socket = socket;
        this.end = end;
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /**
     * Has the proxy connect.
     *
     * @throws IOException when the proxy fails, rather than the destination
     */
    Dialled connect(InetSocketAddress target, Optional<Socks5Dialer.Login> login) throws IOException {
        authenticate(login);
        out.write(request(target));
        var head = read(4);
        check(head[0], "speak SOCKS5");
        int length = switch (head[3]) {
            case IPV4 -> 4;
            case IPV6 -> 16;
            case NAME -> Byte.toUnsignedInt(read(1)[0]);
            default -> throw new ProtocolException("the proxy answers with an unknown kind of address");
        };
        read(length + 2);
        return head[1] == SUCCEEDED
                ? new Dialled.Connected(socket)
                : new Dialled.Unreachable(cause(head[1]), "the proxy says so, with code " + head[1]);
    }

    private void authenticate(Optional<Socks5Dialer.Login> login) throws IOException {
        out.write(
                login.isEmpty()
                        ? new byte[] {VERSION, 1, NO_LOGIN}
                        : new byte[] {VERSION, 2, NO_LOGIN, USER_AND_PASSWORD});
        var choice = read(2);
        check(choice[0], "speak SOCKS5");
        if (choice[1] == NO_LOGIN) {
            return;
        }
        if (choice[1] != USER_AND_PASSWORD || login.isEmpty()) {
            throw new ProtocolException("the proxy wants another kind of login");
        }
        out.write(credentials(login.get()));
        if (read(2)[1] != SUCCEEDED) {
            throw new ProtocolException("the proxy refuses the login");
        }
    }

    private static void check(byte version, String claim) throws ProtocolException {
        if (version != VERSION) {
            throw new ProtocolException("the proxy does not " + claim);
        }
    }

    /** RFC 1929, section 2. */
    private static byte[] credentials(Socks5Dialer.Login login) {
        var octets = new ByteArrayOutputStream();
        octets.write(LOGIN_VERSION);
        for (var text : new String[] {login.user(), login.password()}) {
            var encoded = text.getBytes(StandardCharsets.UTF_8);
            octets.write(encoded.length);
            octets.writeBytes(encoded);
        }
        return octets.toByteArray();
    }

    /** RFC 1928, section 4. */
    private static byte[] request(InetSocketAddress target) {
        var address = target.getAddress().getAddress();
        var octets = new ByteArrayOutputStream();
        octets.writeBytes(new byte[] {VERSION, CONNECT, 0, (byte) (address.length == 4 ? IPV4 : IPV6)});
        octets.writeBytes(address);
        octets.write(target.getPort() >> Byte.SIZE);
        octets.write(target.getPort());
        return octets.toByteArray();
    }

    /** RFC 1928, section 6. */
    private static Dialled.Cause cause(byte reply) {
        return switch (reply) {
            case 3, 4 -> Dialled.Cause.NO_ROUTE;
            case 5 -> Dialled.Cause.CONNECTION_REFUSED;
            case 6 -> Dialled.Cause.TIMEOUT;
            default -> Dialled.Cause.OTHER;
        };
    }

    private byte[] read(int octets) throws IOException {
        var all = new byte[octets];
        int filled = 0;
        while (filled < octets) {
            var left = Duration.ofNanos(end - System.nanoTime());
            if (!left.isPositive()) {
                throw new SocketTimeoutException("deadline");
            }
            socket.setSoTimeout(Egress.millis(left));
            int read = in.read(all, filled, octets - filled);
            if (read < 0) {
                throw new EOFException("the proxy hung up");
            }
            filled += read;
        }
        return all;
    }
}
