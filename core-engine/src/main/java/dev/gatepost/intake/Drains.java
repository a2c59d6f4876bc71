package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.gatepost.store.JobScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who drains which connection: one task instance for each connection that has something due, run by db-scheduler
 * on one node of the cluster at a time.
 *
 * <p>Scheduling a task that is just ending does nothing, so no wake-up may rest on it alone: a drain looks once more
 * before it ends, and every second a sweep finds due rows without a task. Safe for any thread.
 */
final class Drains implements AutoCloseable {
    private static final String TASK = "drain";

    /**
     * Drains on this node at once. Each is a thread of the system's, mostly waiting: a virtual one would keep those from a
     * processor who answer calls, while it works through hundreds of rows without a pause.
     */
    private static final int DRAINS_MAX = 200;

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    /** How long a connection is left alone after a fault of ours. */
    private static final Duration REST = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(Drains.class);

    private final Function<DrainName, Optional<Drain>> drains;
    private final Supplier<Set<DrainName>> due;
    private final Map<DrainName, Drain> running = new ConcurrentHashMap<>();
    private final Map<DrainName, Long> resting = new ConcurrentHashMap<>();
    private final Set<DrainName> wanted = ConcurrentHashMap.newKeySet();
    private final Semaphore bell = new Semaphore(0);
    private final OneTimeTask<Void> task;
    private final Map<String, Chore> chores;
    private final Map<String, OneTimeTask<Void>> choreTasks;
    private final Scheduler scheduler;
    private final Thread waker;
    private volatile boolean closing;

    /**
     * @param jobs where db-scheduler keeps its table
     * @param drains makes the drain of a connection; empty when the connection is gone
     * @param due connections that have something due, from the store
     * @param chores other work by the name of its task, one running instance each in the cluster
     */
    Drains(
            DataSource jobs,
            Function<DrainName, Optional<Drain>> drains,
            Supplier<Set<DrainName>> due,
            Map<String, Chore> chores) {
        this.drains = requireNonNull(drains, "drains");
        this.due = requireNonNull(due, "due");
        this.task = Tasks.oneTime(TASK).execute((instance, _) -> drain(DrainName.of(instance.getId())));
        this.chores = Map.copyOf(chores);
        this.choreTasks = new HashMap<>();
        chores.forEach((name, chore) -> choreTasks.put(
                name, Tasks.oneTime(name).execute((instance, _) -> work(name, chore, instance.getId()))));
        var tasks = new ArrayList<Task<?>>(choreTasks.values());
        tasks.add(task);
        this.scheduler = JobScheduler.of(
                jobs, tasks, Thread.ofPlatform().daemon().name("drain-", 0).factory(), DRAINS_MAX);
        this.waker = Thread.ofPlatform().daemon().name("waker").unstarted(this::wakeAndSweep);
    }

    /** Work that comes up now and then. */
    record Chore(Supplier<List<String>> due, Consumer<String> work) {}

    void start() {
        scheduler.start();
        waker.start();
    }

    /** A connection has something new to do. Returns at once. */
    void wake(DrainName name) {
        var drain = running.get(name);
        if (drain != null) {
            drain.wake();
        }
        if (wanted.add(name)) {
            bell.release();
        }
    }

    @Override
    public void close() {
        closing = true;
        bell.release();
        running.values().forEach(Drain::stop);
        scheduler.stop();
    }

    private void drain(DrainName name) {
        var made = drains.apply(name);
        if (made.isEmpty()) {
            return;
        }
        var drain = made.get();
        running.put(name, drain);
        try {
            drain.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("drain failed connection={}; resumed in {} s", name.text(), REST.toSeconds(), e);
            resting.put(name, System.nanoTime() + REST.toNanos());
        } finally {
            running.remove(name);
        }
    }

    /** Schedules what was asked for at once, and each second whatever the table says is due. */
    private void wakeAndSweep() {
        var nextSweep = System.nanoTime();
        while (!closing) {
            try {
                var wait = nextSweep - System.nanoTime();
                if (wait > 0 && bell.tryAcquire(wait, TimeUnit.NANOSECONDS)) {
                    bell.drainPermits();
                }
                for (var name : Set.copyOf(wanted)) {
                    wanted.remove(name);
                    schedule(name);
                }
                if (System.nanoTime() - nextSweep >= 0) {
                    nextSweep = System.nanoTime() + SWEEP_EVERY.toNanos();
                    due.get().forEach(this::schedule);
                    chores.forEach((name, chore) -> chore.due().get().forEach(id -> schedule(name, id)));
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("looking for due events failed; tried again in a second", e);
            }
        }
    }

    private void schedule(DrainName name) {
        var until = resting.get(name);
        if (until != null && System.nanoTime() - until < 0) {
            return;
        }
        resting.remove(name);
        if (!running.containsKey(name)) {
            scheduler.scheduleIfNotExists(task.instance(name.text()), Instant.now());
        }
    }

    private void schedule(String name, String id) {
        scheduler.scheduleIfNotExists(requireNonNull(choreTasks.get(name), name).instance(id), Instant.now());
    }

    private static void work(String name, Chore chore, String id) {
        try {
            chore.work().accept(id);
        } catch (RuntimeException e) {
            LOG.error("{} failed id={}; tried again in a second", name, id, e);
        }
    }
}
