package dev.gatepost.store;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Each unit of work in a transaction of its own. PostgreSQL itself groups the commits of many connections. */
final class PostgresWriter implements Writer {
    /** 5 tries: a deadlock's loser meets the winner gone, so the second try nearly always passes. */
    static final int TRIES_MAX = 5;

    /**
     * Before the second try, doubled before each further one. Without a pause the loser may take the row it just gave up
     * before the winner, which waits for it, has woken up.
     */
    private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

    /** serialization_failure and deadlock_detected: PostgreSQL manual, appendix A, error codes. */
    private static final Set<String> TRY_AGAIN = Set.of("40001", "40P01");

    /** Longer than a statement may run. */
    private static final Duration CLOSE_WAIT_MAX = Duration.ofSeconds(65);

    private static final Logger log = LoggerFactory.getLogger(PostgresWriter.class);

    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final int unitsMax;
    private final Semaphore room;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    PostgresWriter(HikariDataSource pool, int queueUnitsMax) {
        this.pool = pool;
        this.jdbi = Dialect.POSTGRESQL.jdbi(pool::getConnection);
        this.unitsMax = queueUnitsMax;
        this.room = new Semaphore(queueUnitsMax);
    }

    @Override
    public <T> T write(Database.Work<T> work) {
        enter();
        try {
            return tryAgain(work);
        } finally {
            room.release();
        }
    }

    /** Nothing waits for others here but for their rows. */
    @Override
    public <T> T writeFirst(Database.Work<T> work) {
        return write(work);
    }

    /** One after another, since side by side they would wait for the same rows. */
    @Override
    public <T> List<T> writeEach(List<Database.Work<T>> works) {
        var results = new ArrayList<T>();
        for (var work : works) {
            results.add(write(work));
        }
        return results;
    }

    @Override
    public <T> Future<T> submit(Database.Work<T> work) {
        enter();
        return threads.submit(() -> {
            try {
                return tryAgain(work);
            } finally {
                room.release();
            }
        });
    }

    @Override
    public int waiting() {
        return unitsMax - room.availablePermits();
    }

    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        threads.close();
        try {
            if (!room.tryAcquire(unitsMax, CLOSE_WAIT_MAX.toSeconds(), TimeUnit.SECONDS)) {
                log.warn("closing although {} units of work are under way; they will fail", waiting());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pool.close();
    }

    private void enter() {
        if (closing.get()) {
            throw new StoreBusy("the store is closing");
        }
        if (!room.tryAcquire()) {
            throw new StoreBusy(unitsMax + " units of work are under way");
        }
    }

    private <T> T tryAgain(Database.Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return jdbi.inTransaction(work::on);
            } catch (ConnectionException e) {
                throw e.getCause() instanceof SQLTransientConnectionException
                        ? new StoreBusy("no free connection to the database", e)
                        : e;
            } catch (JdbiException e) {
                if (attempt == TRIES_MAX || !isWorthAnother(e)) {
                    throw e;
                }
                pause(attempt, e);
            }
        }
    }

    private static void pause(int attempt, JdbiException failure) {
        try {
            Thread.sleep(FIRST_PAUSE.multipliedBy(1L << (attempt - 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private static boolean isWorthAnother(Throwable thrown) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql
                    && sql.getSQLState() != null
                    && TRY_AGAIN.contains(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }
}
