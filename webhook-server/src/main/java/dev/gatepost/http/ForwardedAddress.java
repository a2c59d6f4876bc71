package dev.gatepost.http;

import dev.gatepost.egress.AddressRange;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Takes a client's address from {@code X-Forwarded-For} where the connection comes from a proxy of ours, and from nobody
 * else: anybody can write that header. At the connector, so that limits, key ranges and the audit log all see the same.
 */
final class ForwardedAddress implements HttpConfiguration.Customizer {

    private static final String HEADER = "X-Forwarded-For";

    /** More hops than any chain of proxies has. */
    private static final int HOPS_MAX = 20;

    private final List<AddressRange> proxies;

    /** @param proxies none: the header is never looked at */
    ForwardedAddress(List<AddressRange> proxies) {
        this.proxies = List.copyOf(proxies);
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable responseHeaders) {
        if (proxies.isEmpty()
                || !(request.getConnectionMetaData().getRemoteSocketAddress() instanceof InetSocketAddress peer)
                || !isProxy(peer.getAddress())) {
            return request;
        }
        return client(request.getHeaders().getCSV(HEADER, false))
                .<Request>map(address -> new From(request, new InetSocketAddress(address, 0)))
                .orElse(request);
    }

    /** The last address that no proxy of ours added by itself; what stands before it is the client's own claim. */
    private Optional<InetAddress> client(List<String> hops) {
        var last = Optional.<InetAddress>empty();
        for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - HOPS_MAX); i--) {
            var hop = address(hops.get(i));
            if (hop.isEmpty()) {
                return last;
            }
            last = hop;
            if (!isProxy(hop.get())) {
                return last;
            }
        }
        return last;
    }

    private static Optional<InetAddress> address(String hop) {
        try {
            return Optional.of(InetAddress.ofLiteral(hop.strip().replaceAll("^\\[(.*)](:\\d+)?$", "$1")));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private boolean isProxy(InetAddress address) {
        return proxies.stream().anyMatch(range -> range.contains(address));
    }

    private static final class From extends Request.Wrapper {
        private final ConnectionMetaData connection;

        From(Request request, SocketAddress client) {
            super(request);
            this.connection = new ConnectionMetaData.Wrapper(request.getConnectionMetaData()) {
                @Override
                public SocketAddress getRemoteSocketAddress() {
                    return client;
                }
            };
        }

        @Override
        public ConnectionMetaData getConnectionMetaData() {
            return connection;
        }
    }
}
