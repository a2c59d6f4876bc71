package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.gatepost.store.Ids;
import dev.gatepost.store.JobScheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who works on which part of which list: one task instance for each part that has something due, run by db-scheduler
 * on one node of the cluster at a time. No wake-up rests on the task alone: every second a sweep finds due rows without one.
 * Safe for any thread.
 */
final class BatchWork implements AutoCloseable {
    private static final String TASK = "batch";
    private static final String REMOVAL_TASK = "batch-removal";

    /** Parts worked on by this node at once; each is one mostly waiting virtual thread. */
    private static final int RUNS_MAX = 64;

    /** Verifications of lists under way on this node at once. */
    private static final int UNDER_WAY_MAX = 2_000;

    /** Lists looked at in one sweep; those beyond get their turn when these end. */
    private static final int SHARDS_LOOKED_AT = 4_096;

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);

    /** How long a part is left alone after a fault of ours. */
    private static final Duration REST = Duration.ofSeconds(15);

    /** After so long without a row a list that came in is taken for left behind. */
    private static final Duration LEFT_BEHIND = Duration.ofMinutes(10);

    private static final Logger LOG = LoggerFactory.getLogger(BatchWork.class);

    private final BatchParts parts;
    private final BatchTable table;
    private final Removal removal;
    private final Semaphore places = new Semaphore(UNDER_WAY_MAX);
    private final Map<ShardName, ShardRun> running = new ConcurrentHashMap<>();
    private final Map<ShardName, Long> resting = new ConcurrentHashMap<>();
    private final Semaphore bell = new Semaphore(0);
    private final OneTimeTask<Void> task;
    private final OneTimeTask<Void> removalTask;
    private final Scheduler scheduler;
    private final Thread waker;
    private volatile boolean crowded;
    private volatile boolean closing;

    BatchWork(BatchParts parts, BatchTable table) {
        this.parts = requireNonNull(parts, "parts");
        this.table = requireNonNull(table, "table");
        this.removal = new Removal(parts);
        this.task = Tasks.oneTime(TASK).execute((instance, _) -> run(ShardName.of(instance.getId())));
        this.removalTask = Tasks.oneTime(REMOVAL_TASK).execute((instance, _) -> remove(instance.getId()));
        this.scheduler = JobScheduler.of(
                parts.jobs(),
                List.of(task, removalTask),
                Thread.ofVirtual().name("batches-", 0).factory(),
                RUNS_MAX);
        this.waker = Thread.ofPlatform().daemon().name("batch-waker").unstarted(this::sweepAndSleep);
    }

    void start() {
        scheduler.start();
        waker.start();
    }

    /** There is something new to do. Returns at once. */
    void wake() {
        bell.release();
    }

    @Override
    public void close() {
        closing = true;
        bell.release();
        running.values().forEach(ShardRun::stop);
        scheduler.stop();
    }

    private void run(ShardName name) {
        var batch = parts.database().read(handle -> BatchTable.find(handle, name.batchId()));
        if (closing || batch.isEmpty()) {
            return;
        }
        var run = new ShardRun(parts, table, name, batch.get(), new ShardRun.Places(places, () -> crowded));
        running.put(name, run);
        try {
            run.run();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("work on a list failed batch={}; resumed in {} s", name.text(), REST.toSeconds(), e);
            resting.put(name, System.nanoTime() + REST.toNanos());
        } finally {
            running.remove(name);
        }
    }

    private void remove(String id) {
        try {
            parts.database()
                    .read(handle -> BatchTable.find(handle, id))
                    .filter(batch -> batch.state() == BatchState.REMOVING)
                    .ifPresent(removal::run);
        } catch (RuntimeException e) {
            LOG.error("removing a list failed batch={}; tried again soon", id, e);
        }
    }

    private void sweepAndSleep() {
        while (!closing) {
            try {
                sweep();
                if (bell.tryAcquire(SWEEP_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                LOG.error("looking for due rows of lists failed; tried again in a second", e);
                bell.drainPermits();
                if (!closing) {
                    LockSupport.parkNanos(SWEEP_EVERY.toNanos());
                }
            }
        }
    }

    private void sweep() {
        var now = parts.clock().instant();
        resume();
        expire(now);
        for (var id : parts.database().<List<String>>read(BatchWork::removing)) {
            scheduler.scheduleIfNotExists(removalTask.instance(id), Instant.now());
        }
        var due = parts.database().<List<DueShard>>read(handle -> due(handle, now));
        var waiting = inTurn(due, DueShard::workspaceId).stream()
                .map(DueShard::name)
                .filter(name -> !running.containsKey(name) && !isResting(name))
                .toList();
        var free = Math.max(0, RUNS_MAX - running.size());
        crowded = waiting.size() > free;
        waiting.stream()
                .limit(free)
                .forEach(name -> scheduler.scheduleIfNotExists(task.instance(name.text()), Instant.now()));
    }

    private boolean isResting(ShardName name) {
        var until = resting.get(name);
        if (until != null && System.nanoTime() - until < 0) {
            return true;
        }
        resting.remove(name);
        return false;
    }

    /** Whatever brought the credits: a grant, a reversal, an address that cost nothing after all. */
    void resume() {
        var fed = parts.database()
                .<List<String>>read(
                        handle -> handle.createQuery("""
                        select b.id from batch b join balance x on x.workspace_id = b.workspace_id
                        where b.state = 'waiting_credits' and x.available > 0 order by b.id
                        """).mapTo(String.class).list());
        if (!fed.isEmpty()) {
            parts.database().write(handle -> {
                fed.forEach(id -> BatchTable.moveTo(handle, id, BatchState.WAITING_CREDITS, BatchState.RUNNING));
                return true;
            });
        }
    }

    /** Lists kept long enough (reliability L3), and those whose sender went away. */
    private void expire(Instant now) {
        var old = parts.database()
                .<List<String>>read(handle -> handle.createQuery("""
                        select id from batch where state <> 'removing' and id < :kept
                        union all
                        select id from batch where state = 'receiving' and touched_at < :left
                        """)
                        .bind("kept", Ids.lowest(now.minus(Batch.KEPT)))
                        .bind("left", now.minus(LEFT_BEHIND))
                        .mapTo(String.class)
                        .list());
        if (!old.isEmpty()) {
            parts.database().write(handle -> {
                old.forEach(id -> BatchTable.beginRemoval(handle, id));
                return true;
            });
        }
    }

    private static List<String> removing(Handle handle) {
        return handle.createQuery("select id from batch where state = 'removing' order by id")
                .mapTo(String.class)
                .list();
    }

    private record DueShard(String workspaceId, ShardName name) {}

    private static List<DueShard> due(Handle handle, Instant now) {
        return handle.createQuery("""
                        select b.workspace_id, s.batch_id, s.shard
                        from batch b join batch_shard s on s.batch_id = b.id
                        where b.state in ('running', 'waiting_credits') and s.open > 0 and exists (
                            select 1 from batch_row r
                            where r.batch_id = s.batch_id and r.shard = s.shard and r.due_at <= :now
                                and r.due_at > case b.state when 'running' then 0 else b.touched_at end)
                        order by b.id, s.shard limit :limit
                        """)
                .bind("now", now)
                .bind("limit", SHARDS_LOOKED_AT)
                .map((row, _) -> new DueShard(
                        row.getString("workspace_id"), new ShardName(row.getString("batch_id"), row.getInt("shard"))))
                .list();
    }

    /** One of each, then the next of each, so that nobody's many lists keep out another's one (reliability J4). */
    static <T> List<T> inTurn(List<T> all, Function<T, String> whose) {
        var queues = new LinkedHashMap<String, ArrayDeque<T>>();
        all.forEach(each -> queues.computeIfAbsent(whose.apply(each), _ -> new ArrayDeque<>())
                .add(each));
        var turns = new ArrayList<T>();
        while (turns.size() < all.size()) {
            for (var queue : queues.values()) {
                if (!queue.isEmpty()) {
                    turns.add(queue.remove());
                }
            }
        }
        return turns;
    }
}
