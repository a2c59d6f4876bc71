package dev.gatepost.server;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.Dialer;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.Socks5Dialer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.regex.Pattern;

/** The way to mail hosts. */
sealed interface Proxy {
    /** Dials along this way; what may be dialled is judged by {@code egress} all the same. */
    Dialer dialer(Egress egress);

    /** The straight one. */
    record None() implements Proxy {
        @Override
        public Dialer dialer(Egress egress) {
            return egress;
        }
    }

    /**
     * Through a SOCKS5 proxy.
     *
     * @param address where it listens
     * @param user empty when it asks for no login
     * @param password the password of {@code user}
     */
    record Socks5(InetSocketAddress address, String user, String password) implements Proxy {
        private static final Pattern FORM = Pattern.compile("(?:(?<user>[^:@]{1,255}):(?<password>[^@]{1,255})@)?"
                + "(?<host>[0-9.]{7,15}|\\[[0-9a-fA-F:.]{2,45}]):(?<port>[0-9]{1,5})");

        public Socks5 {
            requireNonNull(address, "address");
            requireNonNull(user, "user");
            requireNonNull(password, "password");
        }

        @Override
        public Dialer dialer(Egress egress) {
            return user.isEmpty()
                    ? Socks5Dialer.withoutLogin(egress, address)
                    : Socks5Dialer.withLogin(egress, address, new Socks5Dialer.Login(user, password));
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Socks5[" + address + "]";
        }
    }

    /**
     * Reads {@code address:port} or {@code user:password@address:port}; nothing is the straight way. The host is an address,
     * since names are asked of the configured name servers only.
     *
     * @throws IllegalArgumentException when the text has another form; the message never repeats it
     */
    static Proxy parse(String text) {
        if (text.isEmpty()) {
            return new None();
        }
        var parts = Socks5.FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException(
                    "expected address:port or user:password@address:port, with an IP address");
        }
        var port = Integer.parseInt(parts.group("port"));
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the port must be a number from 1 to 65535");
        }
        var host = parts.group("host");
        var literal = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        var login = parts.group("user") != null;
        return new Socks5(
                new InetSocketAddress(InetAddress.ofLiteral(literal), port),
                login ? parts.group("user") : "",
                login ? parts.group("password") : "");
    }
}
