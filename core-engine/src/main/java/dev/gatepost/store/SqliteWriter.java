package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that owns the one writing connection. It takes whatever is queued into one transaction, so that a single
 * sync of the disk makes many callers' work durable, and never waits for more to come. What somebody waits for goes first
 * and alone, but for one unit of the rest in a commit when the rest has waited for a while.
 */
final class SqliteWriter implements Writer {
    /** Most units in one commit; bounds how long the first of them waits for the last. */
    static final int UNITS_PER_COMMIT_MAX = 256;

    /** The log of a healthy store stays far below. */
    static final long LOG_BYTES_ALARM = 256L << 20;

    private static final long COMMITS_PER_LOOK = 1_024;

    /** Of the rest, so much goes into one commit while somebody may come who would wait for its sync. */
    static final Duration REST_COMMIT_MAX = Duration.ofMillis(2);

    /** So long the rest stands back behind what somebody waits for; a sync of the disk takes as long. */
    static final Duration REST_PATIENCE = Duration.ofMillis(5);

    private static final Logger log = LoggerFactory.getLogger(SqliteWriter.class);

    private final SqliteFile file;
    private final BlockingQueue<Unit<?>> awaited;
    private final BlockingQueue<Unit<?>> queue;

    /** At least one permit for each unit in the queues. */
    private final Semaphore queued = new Semaphore(0);

    private final Unit<Boolean> stop = new Unit<>(handle -> true, Unit.Turn.USUAL);
    private final Thread thread;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Courtesy courtesy;
    private final LongSupplier nanos;
    private final LogCopier copier;

    // Touched by the writer thread alone, after the constructor.
    private @Nullable Open open;
    private long commits;
    private boolean restWaits;
    private long restWaitsSince;

    SqliteWriter(SqliteFile file, int queueUnitsMax, Courtesy courtesy, LongSupplier nanos) {
        this.file = requireNonNull(file, "file");
        this.courtesy = requireNonNull(courtesy, "courtesy");
        this.nanos = requireNonNull(nanos, "nanos");
        this.awaited = new ArrayBlockingQueue<>(queueUnitsMax);
        this.queue = new ArrayBlockingQueue<>(queueUnitsMax);
        this.open = open(file);
        this.copier = new LogCopier(file);
        this.thread = Thread.ofPlatform().name("gatepost-writer").daemon().unstarted(this::run);
        thread.start();
    }

    @Override
    public <T> T write(Database.Work<T> work) {
        return enqueue(new Unit<>(work, Unit.Turn.USUAL), queue).await();
    }

    @Override
    public <T> T writeFirst(Database.Work<T> work) {
        return enqueue(new Unit<>(work, Unit.Turn.AWAITED), awaited).await();
    }

    /** All are queued at once, so that those that come before somebody waits share one commit. */
    @Override
    public <T> List<T> writeEach(List<Database.Work<T>> works) {
        var units = works.stream()
                .map(work -> enqueue(new Unit<>(work, Unit.Turn.USUAL), queue))
                .toList();
        var results = new ArrayList<T>();
        RuntimeException failure = null;
        for (var unit : units) {
            try {
                results.add(unit.await());
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }

    @Override
    public <T> Future<T> submit(Database.Work<T> work) {
        return enqueue(new Unit<>(work, Unit.Turn.USUAL), queue).future();
    }

    @Override
    public int waiting() {
        return awaited.size() + queue.size();
    }

    @Override
    public void close() {
        try {
            if (closing.compareAndSet(false, true)) {
                queue.put(stop);
                queued.release();
            }
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        copier.close();
    }

    private <T> Unit<T> enqueue(Unit<T> unit, BlockingQueue<Unit<?>> queue) {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a unit of work must not wait for another; use its own handle");
        }
        if (closing.get()) {
            throw closed();
        }
        if (!queue.offer(unit)) {
            throw new StoreBusy(queue.size() + " units of work wait to be written");
        }
        queued.release();
        // The writer may have ended between the look at the flag and the offer.
        if (closing.get() && queue.remove(unit)) {
            throw closed();
        }
        return unit;
    }

    private static StoreBusy closed() {
        return new StoreBusy("the store is closing");
    }

    private void run() {
        var units = new ArrayList<Unit<?>>(UNITS_PER_COMMIT_MAX);
        try {
            while (!units.contains(stop)) {
                units.clear();
                queued.acquire();
                var unit = poll();
                if (unit != null) {
                    commit(unit, units);
                }
            }
        } catch (InterruptedException e) {
            closing.set(true);
        } finally {
            awaited.forEach(unit -> unit.fail(closed()));
            queue.forEach(unit -> unit.fail(closed()));
            closeConnection();
        }
    }

    /** What somebody waits for; else one of the rest, but not while a call is on its way that will wait for it. */
    private @Nullable Unit<?> poll() throws InterruptedException {
        var unit = awaited.poll();
        while (unit == null && !queue.isEmpty() && courtesy.isAtWork() && !hasRestWaitedLong()) {
            unit = awaited.poll(Courtesy.LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
        }
        return unit != null ? unit : queue.poll();
    }

    /**
     * All that waits in one transaction, each unit in its own savepoint.
     *
     * @param units gets those that were taken up
     */
    private void commit(Unit<?> begin, List<Unit<?>> units) {
        try {
            var current = open == null ? open(file) : open;
            open = current;
            current.execute("begin immediate");
            takeUp(begin, units, current);
            current.execute("commit");
        } catch (SQLException | RuntimeException e) {
            if (units.isEmpty()) {
                units.add(begin);
            }
            log.error("commit of {} units failed", units.size(), e);
            rollback();
            units.forEach(unit -> unit.fail(e));
            return;
        }
        units.forEach(Unit::succeed);
        copier.committed();
        watchLog();
    }

    private void takeUp(Unit<?> begin, List<Unit<?>> units, Open current) throws SQLException {
        var hasAwaited = false;
        var began = nanos.getAsLong();
        for (Unit<?> unit = begin; unit != null; ) {
            hasAwaited |= unit.isAwaited();
            restWaits &= unit.isAwaited();
            units.add(unit);
            runInSavepoint(unit, current);
            var isFull = units.size() == UNITS_PER_COMMIT_MAX || unit == stop;
            unit = isFull ? null : next(hasAwaited || isLongEnough(began));
        }
    }

    /**
     * The next unit of the same commit; null when it is to be committed first.
     *
     * @param endsSoon whether somebody waits for this commit, or may soon
     */
    private @Nullable Unit<?> next(boolean endsSoon) {
        var unit = hasRestWaitedLong() ? queue.poll() : awaited.poll();
        if (unit == null && !endsSoon) {
            unit = queue.poll();
        }
        if (unit != null) {
            var _ = queued.tryAcquire();
        }
        return unit;
    }

    private boolean isLongEnough(long began) {
        return courtesy.isExpected() && nanos.getAsLong() - began >= REST_COMMIT_MAX.toNanos();
    }

    /** Since the last of the rest was taken up, or since one was first seen waiting. */
    private boolean hasRestWaitedLong() {
        if (!restWaits) {
            restWaits = !queue.isEmpty();
            restWaitsSince = nanos.getAsLong();
        }
        return restWaits && nanos.getAsLong() - restWaitsSince >= REST_PATIENCE.toNanos();
    }

    /** A log that only grows means that a reader never lets go of its old state of the database. */
    private void watchLog() {
        commits++;
        if (commits % COMMITS_PER_LOOK == 0 && file.logBytes() > LOG_BYTES_ALARM) {
            log.warn("the write-ahead log has {} bytes; a reading transaction holds it open", file.logBytes());
        }
    }

    /** A unit that throws is undone alone. An SQLException from here says that the whole transaction is gone. */
    private static void runInSavepoint(Unit<?> unit, Open open) throws SQLException {
        open.execute("savepoint unit");
        if (!unit.run(open.jdbi())) {
            open.execute("rollback to unit");
        }
        open.execute("release unit");
    }

    private void rollback() {
        var current = open;
        if (current == null) {
            return;
        }
        try {
            current.execute("rollback");
        } catch (SQLException e) {
            // SQLite rolls back by itself on some errors (disk full, I/O). A new connection is surely outside of it.
            log.warn("opening the writing connection anew: {}", e.getMessage());
            closeConnection();
        }
    }

    private void closeConnection() {
        var current = open;
        open = null;
        if (current == null) {
            return;
        }
        try {
            current.connection().close();
        } catch (SQLException e) {
            log.warn("closing the writing connection failed", e);
        }
    }

    private static Open open(SqliteFile file) {
        try {
            var connection = file.writing();
            var cache = new StatementCache();
            var jdbi = Dialect.SQLITE.jdbi(new KeepsOpen(connection));
            jdbi.setTransactionHandler(new WriterTransactions());
            jdbi.setStatementBuilderFactory(any -> cache);
            return new Open(connection, jdbi, new HashMap<>());
        } catch (SQLException e) {
            throw new StoreUnusable(
                    "database_unopened", "The database " + file.file() + " cannot be opened: " + e.getMessage(), e);
        }
    }

    /** The writing connection, Jdbi over it, and the statements that frame each unit, prepared once. */
    private record Open(Connection connection, Jdbi jdbi, Map<String, PreparedStatement> frame) {
        void execute(String sql) throws SQLException {
            var statement = frame.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                frame.put(sql, statement);
            }
            statement.execute();
        }
    }

    /** Hands out the same connection to each unit's handle and leaves it open after. */
    private record KeepsOpen(Connection connection) implements ConnectionFactory {
        @Override
        public Connection openConnection() {
            return connection;
        }

        @Override
        public void closeConnection(Connection same) {}
    }
}
