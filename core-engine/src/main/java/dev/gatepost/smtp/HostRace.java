package dev.gatepost.smtp;

import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Which host greets first: the best one has a head start, and when it stays silent the next one is asked beside it, as
 * RFC 8305 does for addresses. The hosts that stayed silent come last for a while. One object for one race.
 */
final class HostRace {
    /** How long a host is waited for before the next one is tried too. Verification contract, section 3. */
    static final Duration HEAD_START = Duration.ofMillis(500);

    /** Hosts waited for at a time: two silent ones and one more. */
    private static final int RUNNERS_MAX = 3;

    private final Probe probe;
    private final Opener opener;
    private final HostGroups groups;
    private final HostMemory memory;
    private final HostGroups.Place place;
    private final String placeGroup;
    private final Queue<Target> next;
    private final List<Runner> runners = new ArrayList<>();
    private final LinkedBlockingQueue<Opening> ended = new LinkedBlockingQueue<>();
    private final List<Target> failed = new ArrayList<>();
    private @Nullable Outcome best;
    private boolean decided;

    private record Runner(Target target, Thread thread) {}

    /** What races need. */
    record Course(Opener opener, HostGroups groups, HostMemory memory) {}

    /**
     * Prepares a race.
     *
     * @param targets at least one, the best first
     * @param place the place held towards the first one's organisation; hosts of the same organisation share it
     */
    HostRace(Course course, Probe probe, List<Target> targets, HostGroups.Place place) {
        this.probe = probe;
        this.opener = course.opener();
        this.groups = course.groups();
        this.memory = course.memory();
        this.place = place;
        this.placeGroup = targets.getFirst().group();
        this.next = new ArrayDeque<>(targets);
    }

    /**
     * Blocks until somebody has greeted or nobody will.
     *
     * @throws InterruptedException when the thread is told to stop
     */
    Opening run() throws InterruptedException {
        var first = next.element();
        if (next.size() == 1) {
            return open(first);
        }
        try {
            while (!next.isEmpty() || !runners.isEmpty()) {
                boolean starts = !next.isEmpty() && runners.size() < RUNNERS_MAX;
                if (starts) {
                    start(next.remove());
                }
                boolean more = !next.isEmpty() && runners.size() < RUNNERS_MAX;
                var end = more ? probe.deadline().orIn(HEAD_START) : probe.deadline();
                switch (ended.poll(end.millisLeft(), TimeUnit.MILLISECONDS)) {
                    case Opening.Greeted greeted -> {
                        rememberSilent(greeted.target());
                        return greeted;
                    }
                    case Opening.Failed failure -> note(failure);
                    case null -> {
                        if (probe.deadline().hasPassed()) {
                            return best(first);
                        }
                    }
                }
            }
            return best(first);
        } finally {
            callOff();
        }
    }

    private void start(Target target) {
        var thread = Thread.ofVirtual().name("smtp-open").unstarted(() -> {
            try {
                hand(open(target));
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // called off
            }
        });
        runners.add(new Runner(target, thread));
        thread.start();
    }

    private Opening open(Target target) throws InterruptedException {
        if (target.group().equals(placeGroup)) {
            return opener.open(target, probe, place.shared());
        }
        var own = groups.enter(target, probe.deadline(), probe.haste());
        if (own.isEmpty()) {
            return Opening.Failed.because(target, Trouble.BUSY);
        }
        var opening = opener.open(target, probe, own.get());
        if (opening instanceof Opening.Failed) {
            own.get().close();
        }
        return opening;
    }

    /** Whoever comes when all is decided has come for nothing. */
    private void hand(Opening opening) {
        if (!offer(opening)) {
            dismiss(opening);
        }
    }

    private synchronized boolean offer(Opening opening) {
        return !decided && ended.add(opening);
    }

    private static void dismiss(Opening opening) {
        if (opening instanceof Opening.Greeted(var _, var session, var place)) {
            session.close();
            place.close();
        }
    }

    private void note(Opening.Failed failure) {
        failed.add(failure.target());
        runners.removeIf(runner -> runner.target().equals(failure.target()));
        if (best == null || failure.outcome() instanceof SenderRefused) {
            best = failure.outcome();
        }
    }

    /** Hosts that need not be tried again. */
    List<Target> failed() {
        return List.copyOf(failed);
    }

    private Opening.Failed best(Target first) {
        return Optional.ofNullable(best)
                .map(outcome -> new Opening.Failed(first, outcome))
                .orElseGet(() -> Opening.Failed.because(first, Trouble.TIMEOUT));
    }

    /** Those started before the winner had at least as long as it. */
    private void rememberSilent(Target winner) {
        for (var runner : runners) {
            if (runner.target().equals(winner)) {
                return;
            }
            memory.unreachable(runner.target().address());
        }
    }

    private void callOff() {
        synchronized (this) {
            decided = true;
        }
        runners.forEach(runner -> runner.thread().interrupt());
        for (var late = ended.poll(); late != null; late = ended.poll()) {
            dismiss(late);
        }
    }
}
