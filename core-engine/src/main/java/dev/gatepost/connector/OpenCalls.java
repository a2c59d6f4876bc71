package dev.gatepost.connector;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;

/**
 * Counts each call from when it goes out until some time after its answer. Wherever in between the CRM counts it, no stretch
 * of that time holds more than the budget there, however long calls are on their way. Guarded by its {@link CallBudget}.
 */
final class OpenCalls {
    private int budget;
    private final Duration length;
    private final InstantSource clock;
    /** When the latest calls were answered, oldest first. */
    private final ArrayDeque<Instant> answered = new ArrayDeque<>();

    private int open;

    /** Processes that share the limit, this one included. */
    private int processes = 1;

    OpenCalls(int budget, Duration length, InstantSource clock) {
        this.budget = budget;
        this.length = length;
        this.clock = clock;
    }

    void begin() {
        open++;
    }

    void end() {
        if (open > 0) {
            open--;
            answered.addLast(clock.instant());
        }
    }

    /** Counts as if every call had been answered then. */
    void fill(Instant at) {
        answered.clear();
        for (int i = 0; i < budget; i++) {
            answered.addLast(at);
        }
    }

    void share(int count) {
        processes = Math.max(1, count);
    }

    /** Lets so many calls through from now on; those made before still count. */
    void limit(int calls) {
        budget = calls;
    }

    int calls() {
        return budget;
    }

    Duration length() {
        return length;
    }

    /** Whether the calls that count now are no more than one of so many shares. */
    boolean isWithin(int shares) {
        var start = clock.instant().minus(length);
        return open + answered.stream().filter(start::isBefore).count() <= Math.max(1, budget / shares);
    }

    /** Whether no call counts now. */
    boolean isQuiet() {
        var start = clock.instant().minus(length);
        return open == 0 && answered.stream().noneMatch(start::isBefore);
    }

    /** How long until one more call has room, if no other is answered meanwhile; zero when it has. */
    Duration untilFree() {
        var now = clock.instant();
        // A call answered after now was booked by a clock that has been set back since.
        answered.removeIf(at -> !at.plus(length).isAfter(now) || at.isAfter(now.plus(length)));
        int part = Math.max(1, budget / processes);
        int tooMany = open + answered.size() - part + 1;
        if (tooMany <= 0) {
            return Duration.ZERO;
        }
        if (tooMany > answered.size()) {
            return length; // some are still on their way
        }
        var at = answered.stream().skip(tooMany - 1L).findFirst().orElse(now);
        return Duration.between(now, at.plus(length));
    }
}
