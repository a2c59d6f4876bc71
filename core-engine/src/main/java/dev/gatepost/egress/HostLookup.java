package dev.gatepost.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Finds a host's addresses; how egress asks for names without knowing DNS. */
@FunctionalInterface
public interface HostLookup {
    /**
     * Looks a host up.
     *
     * @param host an A-label name
     * @return at least one address
     * @throws UnknownHostException when there is none or it could not be asked
     */
    List<InetAddress> addresses(String host) throws UnknownHostException;
}
