package dev.gatepost.dns;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.xbill.DNS.ResolverConfig;

/** Which name servers to ask. */
public final class NameServers {
    private static final int PORT = 53;
    private static final int PORT_MAX = 65_535;

    private NameServers() {}

    /** The machine's own, as its {@code resolv.conf} or its like names them. */
    public static List<InetSocketAddress> system() {
        return ResolverConfig.getCurrentConfig().servers().stream()
                .map(s -> new InetSocketAddress(s.getAddress(), s.getPort()))
                .toList();
    }

    /**
     * Reads {@code 192.0.2.53, 192.0.2.54:5353, [2001:db8::53]:53, 2001:db8::54}; without a port, 53.
     *
     * @throws IllegalArgumentException when a part is wrong; the message names each wrong part
     */
    public static List<InetSocketAddress> parse(String text) {
        var servers = new ArrayList<InetSocketAddress>();
        var mistakes = new ArrayList<String>();
        for (var part : text.split(",", -1)) {
            try {
                servers.add(server(part.strip()));
            } catch (IllegalArgumentException e) {
                mistakes.add("\"" + part.strip() + "\" is not address:port");
            }
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        return List.copyOf(servers);
    }

    private static InetSocketAddress server(String part) {
        int bracket = part.lastIndexOf(']');
        int colon = part.lastIndexOf(':');
        var hasPort = bracket >= 0 ? colon > bracket : colon >= 0 && colon == part.indexOf(':');
        var host = hasPort ? part.substring(0, colon) : part;
        var literal = bracket >= 0 ? host.substring(1, host.length() - 1) : host;
        var port = hasPort ? Integer.parseInt(part.substring(colon + 1)) : PORT;
        if (port < 1 || port > PORT_MAX || (bracket >= 0 && (!host.startsWith("[") || !host.endsWith("]")))) {
            throw new IllegalArgumentException(part);
        }
        return new InetSocketAddress(InetAddress.ofLiteral(literal), port);
    }
}
