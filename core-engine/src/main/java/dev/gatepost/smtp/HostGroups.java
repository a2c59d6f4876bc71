package dev.gatepost.smtp;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Limits how many sessions run at once towards one organisation: hosts of one provider or registrable domain, and
 * hosts in one network, count as one (reliability: M3). Holds only groups with a session under way. Safe for any thread.
 */
final class HostGroups {
    /** Sessions at once towards one group. Reliability M3. */
    static final int SESSIONS_MAX = 2;

    /** Octets of an IPv4 /24 and an IPv6 /64. */
    private static final int NETWORK_BYTES_V4 = 3;

    private static final int NETWORK_BYTES_V6 = 8;

    private final ConcurrentMap<String, Group> groups = new ConcurrentHashMap<>();

    private static final class Group {
        private final Semaphore places = new Semaphore(SESSIONS_MAX, true);
        private int users;
    }

    /** The right to one session; close gives it back. */
    final class Place implements AutoCloseable {
        private final List<String> keys;

        private Place(List<String> keys) {
            this.keys = List.copyOf(keys);
        }

        @Override
        public void close() {
            keys.reversed().forEach(key -> leave(key, true));
        }
    }

    /**
     * Waits for a place towards the host; empty when none came free by the deadline.
     *
     * @throws InterruptedException when the thread is told to stop
     */
    Optional<Place> enter(String host, InetAddress address, Deadline deadline) throws InterruptedException {
        // Always name before network: whoever waits for a network holds a name, so nobody waits in a circle.
        var name = "name:" + ProviderTable.of(host).group();
        var network = "network:" + network(address);
        if (!enter(name, deadline)) {
            return Optional.empty();
        }
        boolean both = false;
        try {
            both = enter(network, deadline);
        } finally {
            if (!both) {
                leave(name, true);
            }
        }
        return both ? Optional.of(new Place(List.of(name, network))) : Optional.empty();
    }

    private boolean enter(String key, Deadline deadline) throws InterruptedException {
        var group = groups.compute(key, (_, old) -> {
            var used = old == null ? new Group() : old;
            used.users++;
            return used;
        });
        boolean entered = false;
        try {
            entered = group.places.tryAcquire(deadline.millisLeft(), TimeUnit.MILLISECONDS);
        } finally {
            if (!entered) {
                leave(key, false);
            }
        }
        return entered;
    }

    private void leave(String key, boolean held) {
        groups.computeIfPresent(key, (_, group) -> {
            if (held) {
                group.places.release();
            }
            group.users--;
            return group.users == 0 ? null : group;
        });
    }

    private static String network(InetAddress address) {
        var octets = address.getAddress();
        int kept = octets.length == 4 ? NETWORK_BYTES_V4 : NETWORK_BYTES_V6;
        return HexFormat.of().formatHex(Arrays.copyOf(octets, kept));
    }
}
