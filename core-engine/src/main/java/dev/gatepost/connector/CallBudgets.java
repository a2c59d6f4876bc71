package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.CallBudget.Window;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@link CallBudget} for each CRM account, whoever asks for it. With a {@link CallBoard} an account's calls are shared
 * with other processes, and those of an earlier run count; {@link #start} keeps the shares alive. Safe for any thread.
 */
public final class CallBudgets implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallBudgets.class);

    private final InstantSource clock;
    private final @Nullable CallShares shares;
    private final Map<String, CallBudget> budgets = new ConcurrentHashMap<>();
    private final Semaphore joined = new Semaphore(0);
    private final Thread keeper = Thread.ofVirtual().name("call-shares").unstarted(this::keep);
    private volatile boolean closed;
    private volatile boolean failing;

    /** Budgets of a process that is alone and was not here before. */
    public CallBudgets(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
        this.shares = null;
    }

    /**
     * Budgets shared with other processes, or with earlier runs.
     *
     * @param node names this run of this process; no other run has the same
     */
    public CallBudgets(InstantSource clock, CallBoard board, String node) {
        this.clock = requireNonNull(clock, "clock");
        this.shares = new CallShares(requireNonNull(board, "board"), requireNonNull(node, "node"), clock);
    }

    /** Renews the shares from now on; without it they end after some seconds. To be called once. */
    public void start() {
        keeper.start();
    }

    /**
     * The budget under this key. Where it was asked for before with other limits, the new ones count from now on.
     *
     * @param key names the account as the CRM counts it, for example {@code hubspot:62515}; holds no secret
     * @param windows every limit the CRM has, one or more; always of the same lengths for a key
     */
    public CallBudget of(String key, List<Window> windows) {
        var known = budgets.get(key);
        if (known == null) {
            return budgets.computeIfAbsent(
                    key,
                    name -> shares == null
                            ? CallBudget.alone(name, windows, clock)
                            : CallBudget.shared(name, windows, this::join, clock));
        }
        known.limit(windows);
        return known;
    }

    /** What cannot be asked for is had by nobody: the call waits. */
    private void join(String key, CallBudget budget) {
        var shared = shares;
        if (shared == null || budget.isJoined() || closed) {
            return;
        }
        synchronized (budget) {
            if (!budget.isJoined()) {
                try {
                    shared.join(key, budget);
                } catch (RuntimeException e) {
                    sayOnce(key, e);
                }
            }
        }
        joined.release();
    }

    private void keep() {
        try {
            while (!closed) {
                if (budgets.values().stream().noneMatch(CallBudget::isJoined)) {
                    joined.acquire();
                }
                boolean _ = joined.tryAcquire(CallShares.TICK.toMillis(), TimeUnit.MILLISECONDS);
                joined.drainPermits();
                tick();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Renews the shares of all accounts in use. */
    void tick() {
        each(CallShares::renew);
    }

    private interface Step {
        void on(CallShares shared, String key, CallBudget budget);
    }

    /** Does something for each account in use; what fails for one is tried again at the next tick. */
    private void each(Step step) {
        var shared = shares;
        if (shared == null) {
            return;
        }
        for (var entry : budgets.entrySet()) {
            var budget = entry.getValue();
            synchronized (budget) {
                if (budget.isJoined()) {
                    try {
                        step.on(shared, entry.getKey(), budget);
                        failing = false;
                    } catch (RuntimeException e) {
                        sayOnce(entry.getKey(), e);
                    }
                }
            }
        }
    }

    private void sayOnce(String key, RuntimeException why) {
        if (!failing) {
            failing = true;
            LOG.warn("calls of {} wait: who else makes them cannot be told: {}", key, why.toString());
        }
    }

    /** Makes no more calls, and leaves word for the next run. Without it the next run has to assume more. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            joined.release();
            each(CallShares::end);
        }
    }
}
