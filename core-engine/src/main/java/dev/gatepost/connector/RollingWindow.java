package dev.gatepost.connector;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Books calls so that no stretch of time of the window's length ever holds more than the budget. CRMs count so; a
 * bucket that refills would let a burst of twice its size through. Never waits itself. Safe for any thread.
 */
final class RollingWindow {
    /** Windows of fewer calls are short, and nobody waits long for them. */
    private static final int SPREAD_MIN = 20;

    private int budgetMax;
    private final Duration length;
    private final InstantSource clock;
    /** When each of the last calls goes out, oldest first, at most {@link #budgetMax}. Guarded by this. */
    private final ArrayDeque<Instant> booked = new ArrayDeque<>();

    private int budget;

    /** Processes that share the limit, this one included. */
    private int processes = 1;

    /**
     * @param budget most calls in any stretch of {@code length}, at least 1
     * @param length for example ten seconds
     */
    RollingWindow(int budget, Duration length, InstantSource clock) {
        this.budgetMax = budget;
        this.budget = budget;
        this.length = length;
        this.clock = clock;
    }

    /**
     * Books one call.
     *
     * @return how long to wait before it, or empty when that would be longer than {@code waitMax}: then nothing is booked
     */
    synchronized Optional<Duration> book(Duration waitMax) {
        var now = clock.instant();
        forgetBookingsOfALaterClock(now, waitMax);
        var earliest = booked.size() < part() ? now : nthNewest(part()).plus(length);
        var newest = booked.peekLast();
        if (newest != null && newest.isAfter(earliest)) {
            earliest = newest;
        }
        var at = earliest.isAfter(now) ? earliest : now;
        var wait = Duration.between(now, at);
        if (wait.compareTo(waitMax) > 0) {
            return Optional.empty();
        }
        record(at);
        return Optional.of(wait);
    }

    /** How long until one more call has room; zero when it has. */
    synchronized Duration untilFree() {
        var now = clock.instant();
        if (booked.size() < part()) {
            return Duration.ZERO;
        }
        var at = nthNewest(part()).plus(length);
        return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    }

    /**
     * How far apart calls should be now, so that those left last until room comes back: a burst that took all of it would
     * make the next call wait for most of the window. Zero while half is free, and in windows of few calls.
     */
    synchronized Duration spacing() {
        int part = part();
        var now = clock.instant();
        var start = now.minus(length);
        var within = booked.stream().filter(start::isBefore).toList();
        int used = within.size();
        if (part < SPREAD_MIN || used * 2 < part || used >= part) {
            return Duration.ZERO;
        }
        return Duration.between(now, within.getFirst().plus(length)).dividedBy(part - used + 1L);
    }

    /**
     * Learns from what the CRM counted: calls of ours before a restart, or of another node, count against the same
     * limit.
     *
     * @param max calls the CRM allows in the window
     * @param remaining calls it still allows now
     * @param margin calls to leave to others
     */
    synchronized void learn(int max, int remaining, int margin) {
        budget = Math.clamp(max - margin, 1, budgetMax);
        var now = clock.instant();
        var start = now.minus(length);
        long ours = booked.stream().filter(start::isBefore).count();
        int othersShare = budget - part();
        long unseen = Math.min(max - remaining - ours - othersShare, budget);
        var newest = booked.peekLast();
        var at = newest != null && newest.isAfter(now) ? newest : now;
        for (long i = 0; i < unseen; i++) {
            record(at);
        }
    }

    /** Counts as if every call had been made then. */
    synchronized void fill(Instant at) {
        var newest = booked.peekLast();
        var then = newest != null && newest.isAfter(at) ? newest : at;
        for (int i = 0; i < budgetMax; i++) {
            record(then);
        }
    }

    /** Lets so many calls through from now on; those made before still count. */
    synchronized void limit(int calls) {
        budgetMax = calls;
        budget = calls;
        while (booked.size() > calls) {
            booked.removeFirst();
        }
    }

    /** Whether the calls that count now are no more than one of so many shares. */
    synchronized boolean isWithin(int shares) {
        var start = clock.instant().minus(length);
        return booked.stream().filter(start::isBefore).count() <= Math.max(1, budget / shares);
    }

    synchronized int calls() {
        return budgetMax;
    }

    /** From now on this many processes share the limit; each takes an equal part, at least one call. */
    synchronized void share(int count) {
        processes = Math.max(1, count);
    }

    Duration length() {
        return length;
    }

    private int part() {
        return Math.max(1, budget / processes);
    }

    private void record(Instant at) {
        if (booked.size() == budgetMax) {
            booked.removeFirst();
        }
        booked.addLast(at);
    }

    private Instant nthNewest(int n) {
        var newestFirst = booked.descendingIterator();
        for (int i = 1; i < n; i++) {
            newestFirst.next();
        }
        return newestFirst.next();
    }

    /** After the clock was set back, what was booked by the old clock would block for the whole difference. */
    private void forgetBookingsOfALaterClock(Instant now, Duration waitMax) {
        var newest = booked.peekLast();
        if (newest != null && newest.isAfter(now.plus(waitMax))) {
            int used = booked.size();
            booked.clear();
            for (int i = 0; i < used; i++) {
                booked.addLast(now);
            }
        }
    }
}
