package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How bulk work behaves while somebody calls who waits for the answer: it comes in short pieces, at a pace that leaves the
 * processors free most of the time, and no piece begins while a call is on its way through this process. Without calls it
 * does as it likes. A node knows of its own calls only. Safe for any thread.
 */
public final class Courtesy {
    /** Contacts, say, in a short piece: a millisecond of the writer, about what its sync of the disk takes. */
    static final int SHORT = 8;

    /** How long after a call the next one is expected: several a second count as a steady flow. */
    static final Duration EXPECTED = Duration.ofSeconds(1);

    /**
     * Contacts begun a second for each processor while calls are expected. One costs about 0.7 ms of a processor, so that
     * bulk work takes a tenth of them all: each of the dozen steps of a call waits for up to 3 ms when it finds all busy.
     */
    static final int CONTACTS_PER_SECOND_AND_PROCESSOR = 150;

    /** Longest wait for a turn; who shares the pace with many others goes on at this one. */
    static final Duration TURN_WAIT_MAX = Duration.ofMillis(250);

    /** A call that takes no step for so long waits for somebody else, such as a mail host. */
    static final Duration STEP_MAX = Duration.ofMillis(2);

    /** So long a piece stands back behind calls on their way, so that bulk work goes on beside any number of them. */
    static final Duration PATIENCE = Duration.ofMillis(5);

    /** How often whoever stands back looks again whether it may go on. */
    static final Duration LOOK_EVERY = Duration.ofNanos(250_000);

    private final LongSupplier nanos;
    private final LongConsumer pause;
    private final long nanosPerContact;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong nextTurn;
    private volatile long lastStep;
    private volatile long expectedUntil;

    /**
     * Nobody has called yet.
     *
     * @param nanos the time
     * @param pause waits for so many nanoseconds
     */
    Courtesy(LongSupplier nanos, LongConsumer pause, int processors) {
        this.nanos = requireNonNull(nanos, "nanos");
        this.pause = requireNonNull(pause, "pause");
        this.nanosPerContact =
                Duration.ofSeconds(1).toNanos() / (CONTACTS_PER_SECOND_AND_PROCESSOR * (long) processors);
        this.expectedUntil = nanos.getAsLong();
        this.nextTurn = new AtomicLong(nanos.getAsLong());
    }

    /** For this machine. */
    static Courtesy here() {
        return new Courtesy(
                System::nanoTime, LockSupport::parkNanos, Runtime.getRuntime().availableProcessors());
    }

    /** Somebody's call on its way, from its beginning to its end. */
    public final class Call implements AutoCloseable {
        private Call() {
            calls.incrementAndGet();
            step();
        }

        /** It goes on, after it has waited for somebody. */
        public void step() {
            lastStep = nanos.getAsLong();
        }

        @Override
        public void close() {
            calls.decrementAndGet();
        }
    }

    Call callBegins() {
        expectedUntil = nanos.getAsLong() + EXPECTED.toNanos();
        return new Call();
    }

    /** Whether somebody calls, or may soon. */
    boolean isExpected() {
        return nanos.getAsLong() - expectedUntil < 0;
    }

    /** Whether a call is on its way that does not wait for somebody else. */
    boolean isAtWork() {
        return calls.get() > 0 && nanos.getAsLong() - lastStep < STEP_MAX.toNanos();
    }

    /** Cuts bulk work into pieces; what comes out has all members in their order, and is empty only when there are none. */
    <T> List<List<T>> portions(List<T> all) {
        int most = isExpected() ? SHORT : Math.max(1, all.size());
        var portions = new ArrayList<List<T>>();
        for (int i = 0; i < all.size(); i += most) {
            portions.add(List.copyOf(all.subList(i, Math.min(all.size(), i + most))));
        }
        return portions;
    }

    /**
     * Waits for the turn of a piece of bulk work with so many contacts; does not while no calls are expected, or when the
     * thread is to stop.
     */
    void awaitTurn(int contacts) {
        if (!isExpected()) {
            return;
        }
        pauseUntil(turn(contacts * nanosPerContact));
        var end = nanos.getAsLong() + PATIENCE.toNanos();
        while (isAtWork()
                && nanos.getAsLong() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            pause.accept(LOOK_EVERY.toNanos());
        }
    }

    /** When it is. The first after a while has it at once. */
    private long turn(long takes) {
        var now = nanos.getAsLong();
        var latest = now + TURN_WAIT_MAX.toNanos();
        var after = nextTurn.updateAndGet(next -> (next - now < 0 ? now : next - latest > 0 ? latest : next) + takes);
        return after - takes;
    }

    private void pauseUntil(long turn) {
        var left = turn - nanos.getAsLong();
        while (left > 0 && !Thread.currentThread().isInterrupted()) {
            pause.accept(left);
            left = turn - nanos.getAsLong();
        }
    }
}
