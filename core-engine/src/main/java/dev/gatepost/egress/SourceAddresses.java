package dev.gatepost.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The addresses of this machine that mail hosts are to see: one for each family at most. Where any is given, hosts of a
 * family without one are not reached, since they would see an address that was not meant.
 *
 * @param addresses empty: the system chooses
 */
public record SourceAddresses(List<InetAddress> addresses) {
    /** The system chooses. */
    public static final SourceAddresses ANY = new SourceAddresses(List.of());

    public SourceAddresses {
        addresses = List.copyOf(addresses);
    }

    /**
     * Reads {@code 203.0.113.7} or {@code 203.0.113.7,2001:db8::7}, in either order; empty text is any. Looks whether this
     * machine has them, by binding to them.
     *
     * @throws IllegalArgumentException when that is not so; the message says what is wrong and what to do
     */
    public static SourceAddresses parse(String text) {
        var addresses = new ArrayList<InetAddress>();
        for (var part : text.isBlank() ? new String[0] : text.split(",", -1)) {
            var address = literal(part.strip());
            if (addresses.stream().anyMatch(other -> isSameFamily(other, address))) {
                throw new IllegalArgumentException("two addresses of one family; give one IPv4 and one IPv6 at most");
            }
            requireOurs(address);
            addresses.add(address);
        }
        return new SourceAddresses(addresses);
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not an IP address", e);
        }
    }

    private static void requireOurs(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException(
                    address.getHostAddress() + " is no address to come from; leave it empty to let the system choose");
        }
        try (var socket = new Socket()) {
            socket.bind(new InetSocketAddress(address, 0));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "this machine has no address " + address.getHostAddress()
                            + "; give it to an interface, or leave it empty to let the system choose",
                    e);
        }
    }

    private static boolean isSameFamily(InetAddress one, InetAddress other) {
        return one.getClass().equals(other.getClass());
    }

    /** Whether a destination can be reached at all from here. */
    boolean leadTo(InetAddress destination) {
        return addresses.isEmpty() || towards(destination).isPresent();
    }

    /** The address to come from; empty: the system chooses. */
    Optional<InetAddress> towards(InetAddress destination) {
        return addresses.stream()
                .filter(address -> isSameFamily(address, destination))
                .findFirst();
    }
}
