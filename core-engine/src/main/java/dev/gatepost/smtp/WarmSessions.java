package dev.gatepost.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Connections that have served a probe and wait for the next one to the same address. While they wait they hold no
 * thread; one that waits too long is closed. Safe for any thread.
 */
final class WarmSessions implements AutoCloseable {
    /** Longest wait. Below the 10 s after which Postfix under stress hangs up (postconf(5), smtpd_timeout). */
    static final Duration IDLE_MAX = Duration.ofSeconds(8);

    /** How often waiting connections are looked at. */
    private static final Duration SWEEP = Duration.ofMillis(500);

    private final InstantSource clock;
    private final int sessionsMax;

    /** In the order in which they began to wait. */
    private final List<Waiting> waiting = new ArrayList<>();

    private boolean sweeping;
    private boolean closed;

    private record Waiting(SmtpSession session, Target target, Instant since) {}

    /**
     * Nothing waits yet.
     *
     * @param sessionsMax most connections waiting at a time
     */
    WarmSessions(InstantSource clock, int sessionsMax) {
        this.clock = clock;
        this.sessionsMax = sessionsMax;
    }

    /** Lets the connection wait for the next probe, or closes it where that is of no use. */
    void park(SmtpSession session, Target target) {
        session.rest();
        if (session.room(target.provider().rcptMax()) < 1 || !keep(session, target)) {
            session.close();
        }
    }

    private synchronized boolean keep(SmtpSession session, Target target) {
        if (closed || waiting.size() >= sessionsMax) {
            return false;
        }
        waiting.add(new Waiting(session, target, clock.instant()));
        if (!sweeping) {
            sweeping = true;
            Thread.ofVirtual().name("smtp-idle-sweep").start(this::sweep);
        }
        return true;
    }

    /**
     * The connection to this address that waited least, if it is fresh and may be asked about so many recipients. It may
     * have been closed by the host all the same.
     */
    Optional<SmtpSession> take(InetAddress address, int recipients) {
        closeAll(removeIf(this::isOld));
        var taken = removeLast(address, recipients);
        if (taken.isPresent() && hasBeenSpokenTo(taken.get())) {
            taken.get().close();
            return Optional.empty();
        }
        return taken;
    }

    private synchronized Optional<SmtpSession> removeLast(InetAddress address, int recipients) {
        for (int i = waiting.size() - 1; i >= 0; i--) {
            var found = waiting.get(i);
            int recipientsMax = found.target().provider().rcptMax();
            if (found.target().address().equals(address) && found.session().room(recipientsMax) >= recipients) {
                waiting.remove(i);
                return Optional.of(found.session());
            }
        }
        return Optional.empty();
    }

    /** A host that speaks unasked says good-bye. */
    private static boolean hasBeenSpokenTo(SmtpSession session) {
        try {
            return session.hasMore();
        } catch (IOException _) {
            return true;
        }
    }

    /**
     * Makes room for a new connection: closes those that waited longest until at most so many wait for hosts of its group,
     * and in all.
     */
    void trim(String group, int keptOfGroup, int keptInAll) {
        closeAll(removeBeyond(keptOfGroup, one -> one.target().group().equals(group)));
        closeAll(removeBeyond(keptInAll, _ -> true));
    }

    private synchronized List<Waiting> removeBeyond(int kept, Predicate<Waiting> condition) {
        var found = waiting.stream().filter(condition).toList();
        var surplus = found.subList(0, Math.max(0, found.size() - kept));
        waiting.removeAll(surplus);
        return surplus;
    }

    /** How many wait. */
    synchronized int size() {
        return waiting.size();
    }

    private boolean isOld(Waiting one) {
        return !one.since().plus(IDLE_MAX).isAfter(clock.instant());
    }

    private synchronized List<Waiting> removeIf(Predicate<Waiting> condition) {
        var found = waiting.stream().filter(condition).toList();
        waiting.removeAll(found);
        return found;
    }

    private static void closeAll(List<Waiting> sessions) {
        sessions.forEach(one -> one.session().close());
    }

    /** Runs as long as anything waits. */
    private void sweep() {
        try {
            while (hasToSweep()) {
                Thread.sleep(SWEEP);
                closeAll(removeIf(this::isOld));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean hasToSweep() {
        sweeping = !waiting.isEmpty();
        return sweeping;
    }

    /** Ends all that wait and keeps no more. */
    @Override
    public void close() {
        closeAll(removeAll());
    }

    private synchronized List<Waiting> removeAll() {
        closed = true;
        var all = List.copyOf(waiting);
        waiting.clear();
        return all;
    }
}
