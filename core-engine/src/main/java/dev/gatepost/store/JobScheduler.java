package dev.gatepost.store;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import javax.sql.DataSource;

/**
 * db-scheduler as all kinds of work use it: each instance of a task runs on one node of the cluster at a time, and on another one
 * soon after its node has died.
 */
public final class JobScheduler {
    /** How soon a node looks for what others have scheduled, or left behind. */
    private static final Duration POLL_EVERY = Duration.ofSeconds(1);

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int HEARTBEATS_MISSED_MAX = 4;

    /** How long running work may take to end when the process stops (reliability J5). */
    private static final Duration GRACE = Duration.ofSeconds(25);

    private JobScheduler() {}

    /**
     * Not yet started.
     *
     * @param jobs where it keeps its table
     * @param threads makes one for each instance that runs
     * @param atOnce instances that run on this node at once, at most
     */
    public static Scheduler of(DataSource jobs, List<Task<?>> tasks, ThreadFactory threads, int atOnce) {
        return Scheduler.create(jobs, tasks)
                .executorService(Executors.newThreadPerTaskExecutor(threads))
                .threads(atOnce)
                .pollingInterval(POLL_EVERY)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(HEARTBEATS_MISSED_MAX)
                .alwaysPersistTimestampInUTC()
                .shutdownMaxWait(GRACE)
                .enableImmediateExecution()
                .build();
    }
}
