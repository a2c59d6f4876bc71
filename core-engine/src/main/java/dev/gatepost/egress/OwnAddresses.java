package dev.gatepost.egress;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The addresses of this machine's interfaces, looked up again when older than a minute. Safe for any thread. */
final class OwnAddresses implements Predicate<InetAddress> {
    /** Interfaces change rarely, and asking the kernel costs about a millisecond. */
    private static final Duration FRESH_FOR = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(OwnAddresses.class);

    private record Seen(Set<InetAddress> addresses, Instant at) {}

    private final InstantSource clock;
    private volatile Seen seen;

    OwnAddresses(InstantSource clock) {
        this.clock = clock;
        this.seen = new Seen(interfaces(Set.of()), clock.instant());
    }

    @Override
    public boolean test(InetAddress address) {
        var now = clock.instant();
        var current = seen;
        if (current.at().plus(FRESH_FOR).isBefore(now)) {
            current = new Seen(interfaces(current.addresses()), now);
            seen = current;
        }
        return current.addresses().contains(SpecialAddresses.unwrap(address));
    }

    private static Set<InetAddress> interfaces(Set<InetAddress> before) {
        try (var interfaces = NetworkInterface.networkInterfaces()) {
            return interfaces
                    .flatMap(NetworkInterface::inetAddresses)
                    .map(SpecialAddresses::unwrap)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (SocketException e) {
            LOG.warn("own addresses could not be read; the last known ones stay refused", e);
            return before;
        }
    }
}
