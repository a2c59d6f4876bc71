package dev.gatepost.verify;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifications that may go on when their callers' patience has ended. Safe for any thread. */
final class GoingOn implements AutoCloseable {
    /** At a time, those included that end before their callers go. Each costs a virtual thread and some kilobytes. */
    static final int VERIFICATIONS_MAX = 1_000;

    /** Longest wait at the end for those that are called off; they end in milliseconds. */
    private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(GoingOn.class);

    private final Semaphore places;
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    GoingOn(int verificationsMax) {
        this.places = new Semaphore(verificationsMax);
    }

    /** Whether one more may begin; {@link #run} must follow, which gives the place back in the end. */
    boolean enter() {
        return !closed && places.tryAcquire();
    }

    /**
     * Does the work on a thread of its own. What it makes is returned, or, when the caller's patience has ended before,
     * given to {@code later} on that thread: one of the two, and once.
     *
     * @return empty when the work goes on
     */
    Optional<Verification> run(Callable<Verification> work, Duration patience, Consumer<Verification> later) {
        var one = new One(work, later);
        var thread = Thread.ofVirtual().name("verify-on").unstarted(one);
        threads.add(thread);
        thread.start();
        return one.await(patience);
    }

    private final class One implements Runnable {
        private final FutureTask<Verification> task;
        private final Consumer<Verification> later;
        private boolean callerHasGone;

        One(Callable<Verification> work, Consumer<Verification> later) {
            this.task = new FutureTask<>(work);
            this.later = later;
        }

        @Override
        public void run() {
            try {
                task.run();
                if (isLate() && !closed) {
                    later.accept(task.get());
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt(); // called off
            } catch (ExecutionException | RuntimeException e) {
                LOG.error("a verification that went on has come to nothing", e);
            } finally {
                places.release();
                threads.remove(Thread.currentThread());
            }
        }

        private synchronized boolean isLate() {
            return callerHasGone;
        }

        Optional<Verification> await(Duration patience) {
            try {
                return Optional.of(task.get(patience.toNanos(), TimeUnit.NANOSECONDS));
            } catch (TimeoutException _) {
                return leave();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return leave();
            } catch (ExecutionException _) {
                throw unchecked(task.exceptionNow());
            }
        }

        /** It may have ended this very moment, and then its work is the caller's. */
        private synchronized Optional<Verification> leave() {
            callerHasGone = !task.isDone();
            if (callerHasGone) {
                return Optional.empty();
            }
            if (task.state() == Future.State.FAILED) {
                throw unchecked(task.exceptionNow());
            }
            return Optional.of(task.resultNow());
        }
    }

    private static RuntimeException unchecked(Throwable cause) {
        return switch (cause) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(cause);
        };
    }

    /** Calls all off; nothing is given to anybody any longer. */
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        long end = System.nanoTime() + CLOSE_WAIT_MAX.toNanos();
        try {
            for (var thread : threads) {
                thread.join(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
