package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** One piece of writing work on its way: queued, run, and answered only after the commit. */
final class Unit<T> {
    /** Longest wait for a commit. The writer answers in milliseconds; this says that the disk hangs. */
    static final Duration ANSWER_WAIT_MAX = Duration.ofSeconds(60);

    private final Database.Work<T> work;
    private final Turn turn;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private @Nullable T result;
    private @Nullable Throwable failure;

    Unit(Database.Work<T> work, Turn turn) {
        this.work = requireNonNull(work, "work");
        this.turn = requireNonNull(turn, "turn");
    }

    /** When it is its turn. */
    enum Turn {
        USUAL,
        /** Before the others, for somebody waits. */
        AWAITED
    }

    boolean isAwaited() {
        return turn == Turn.AWAITED;
    }

    /** Runs the work; false when it threw, which is kept for {@link #succeed}. */
    boolean run(Jdbi jdbi) {
        try (var handle = jdbi.open()) {
            result = work.on(handle);
            return true;
        } catch (Throwable e) { // whatever a unit throws is its caller's, and must not end the writer
            failure = e;
            return false;
        }
    }

    /** The transaction is durable: hands out what this unit returned or threw. */
    @SuppressWarnings("NullAway") // a unit may return null, and then its caller expects it
    void succeed() {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(result);
        }
    }

    /** The transaction is gone: hands out why, unless the unit had its own reason to fail. */
    void fail(Throwable cause) {
        future.completeExceptionally(failure != null ? failure : cause);
    }

    Future<T> future() {
        return future;
    }

    /**
     * Waits for the commit, through interrupts: a caller that went away now would not know what became of its work, and
     * the wait is short. The interrupt is kept.
     */
    T await() {
        var deadline = System.nanoTime() + ANSWER_WAIT_MAX.toNanos();
        var interrupted = false;
        try {
            while (true) {
                try {
                    return future.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw unchecked(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new StoreUnusable(
                    "store_stuck",
                    "No answer from the database in " + ANSWER_WAIT_MAX.toSeconds()
                            + " s; the work may have been stored or not. Look at the disk.",
                    e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static RuntimeException unchecked(Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(cause);
        };
    }
}
