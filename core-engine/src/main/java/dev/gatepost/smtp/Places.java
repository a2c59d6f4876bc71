package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * So many may be inside at once. Who is awaited goes in before who is patient, and a small share is kept free for the next
 * of them while there have been some lately; but never do they go first so often in a row that the patient stand still.
 * Of a kind, whoever came first goes first. Safe for any thread.
 */
final class Places {
    /** The awaited that go in one after another while somebody patient waits. */
    static final int AWAITED_IN_A_ROW_MAX = 8;

    /** One of so many places is kept for the awaited; of fewer, one; of a single one, none. */
    static final int KEPT_ONE_OF = 16;

    /** How long after one who was awaited the next is expected: about as long as a connection is kept for it. */
    static final Duration EXPECTED = Duration.ofSeconds(10);

    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Ticket> awaited = new ArrayDeque<>();
    private final Deque<Ticket> patient = new ArrayDeque<>();
    private int places;
    private int inside;
    private int awaitedInside;
    private int awaitedInARow;
    private Instant expectedUntil = Instant.MIN;

    /** One who waits; looked at and changed under the lock only. */
    private static final class Ticket {
        private final Haste haste;
        private final Condition called;
        private boolean isInside;

        Ticket(Haste haste, Condition called) {
            this.haste = haste;
            this.called = called;
        }
    }

    Places(int places, InstantSource clock) {
        this.places = places;
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Waits for a place; false when there is none by the deadline. {@link #leave} must follow.
     *
     * @throws InterruptedException when the thread is told to stop; then it has no place
     */
    boolean enter(Deadline deadline, Haste haste) throws InterruptedException {
        var ticket = new Ticket(haste, lock.newCondition());
        lock.lockInterruptibly();
        try {
            if (haste == Haste.AWAITED) {
                expectedUntil = clock.instant().plus(EXPECTED);
            }
            queue(haste).add(ticket);
            callIn();
            long left = deadline.left().toNanos();
            while (!ticket.isInside && left > 0) {
                left = ticket.called.awaitNanos(left);
            }
            return ticket.isInside;
        } catch (InterruptedException e) {
            if (ticket.isInside) {
                leave(haste);
                ticket.isInside = false;
            }
            throw e;
        } finally {
            if (queue(haste).remove(ticket)) {
                callIn(); // who had to wait behind it need not
            }
            lock.unlock();
        }
    }

    /** Gives back a place. */
    void leave(Haste haste) {
        lock.lock();
        try {
            inside--;
            awaitedInside -= haste == Haste.AWAITED ? 1 : 0;
            callIn();
        } finally {
            lock.unlock();
        }
    }

    /** The one inside goes on for somebody patient. */
    void goOnPatiently(Haste before) {
        lock.lock();
        try {
            awaitedInside -= before == Haste.AWAITED ? 1 : 0;
            callIn();
        } finally {
            lock.unlock();
        }
    }

    /** Changes how many there are; with fewer of them, more may be inside for a while. */
    void resize(int wanted) {
        lock.lock();
        try {
            places = wanted;
            callIn();
        } finally {
            lock.unlock();
        }
    }

    private Deque<Ticket> queue(Haste haste) {
        return switch (haste) {
            case AWAITED -> awaited;
            case PATIENT -> patient;
        };
    }

    private void callIn() {
        for (var next = next(); next != null; next = next()) {
            queue(next.haste).remove(next);
            boolean passes = next.haste == Haste.AWAITED && !patient.isEmpty();
            awaitedInARow = passes ? awaitedInARow + 1 : 0;
            awaitedInside += next.haste == Haste.AWAITED ? 1 : 0;
            inside++;
            next.isInside = true;
            next.called.signal();
        }
    }

    private @Nullable Ticket next() {
        int free = places - inside;
        if (free <= 0) {
            return null;
        }
        boolean isTurnOfPatient = awaited.isEmpty() || awaitedInARow >= AWAITED_IN_A_ROW_MAX;
        boolean isKept = awaited.isEmpty() && free <= kept();
        return isTurnOfPatient && !patient.isEmpty() ? (isKept ? null : patient.getFirst()) : awaited.peekFirst();
    }

    /** Places that stay free for those who are awaited and not inside yet. */
    private int kept() {
        boolean expected = clock.instant().isBefore(expectedUntil);
        int share = places < 2 ? 0 : Math.max(1, places / KEPT_ONE_OF);
        return expected ? Math.max(0, share - awaitedInside) : 0;
    }

    /** Whether an awaited one is expected, and has no place kept. */
    boolean keepsNoneForAwaited() {
        lock.lock();
        try {
            return places < 2 && clock.instant().isBefore(expectedUntil);
        } finally {
            lock.unlock();
        }
    }

    /** Places that nobody has; below zero when there are more inside than may be by now. */
    int free() {
        lock.lock();
        try {
            return places - inside;
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits. */
    boolean isWaitedFor() {
        lock.lock();
        try {
            return !awaited.isEmpty() || !patient.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether somebody waits who is awaited. */
    boolean isAwaited() {
        lock.lock();
        try {
            return !awaited.isEmpty();
        } finally {
            lock.unlock();
        }
    }
}
