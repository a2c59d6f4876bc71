package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.HostLookup;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Looks hosts up for HTTP: both families at once, IPv4 first. Safe for any thread. */
public final class HostAddresses implements HostLookup {
    private final Resolver resolver;

    public HostAddresses(Resolver resolver) {
        this.resolver = requireNonNull(resolver, "resolver");
    }

    @Override
    public List<InetAddress> addresses(String host) throws UnknownHostException {
        var found = AddressPair.ask(resolver, host, new QueryBudget(QueryBudget.QUERIES_MAX, QueryBudget.TIME_MAX))
                .await();
        if (found.addresses().isEmpty()) {
            throw new UnknownHostException(found.failure()
                    .map(cause -> "the host could not be looked up: " + cause)
                    .orElse("the host has no address"));
        }
        return found.addresses();
    }
}
