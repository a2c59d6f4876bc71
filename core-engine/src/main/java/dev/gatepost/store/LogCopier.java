package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies SQLite's write-ahead log into the database beside the writer, a little at a time, so that the writer, and whoever
 * waits for it, hardly ever has to. Readers and the writer go on meanwhile. Safe for any thread.
 */
final class LogCopier implements AutoCloseable {
    /**
     * After the first commit since the last time, when there is little to do. Each copy makes the disk busy for some 30 ms,
     * which commits notice, however much there is.
     */
    static final Duration EVERY_MAX = Duration.ofSeconds(3);

    /** The same when there is very much, and at first. */
    static final Duration EVERY_MIN = Duration.ofMillis(500);

    /** Pages to copy at a time: half of what the writer lets come together before it copies them itself. */
    static final int PAGES_WANTED = SqliteFile.CHECKPOINT_PAGES / 2;

    private static final Logger log = LoggerFactory.getLogger(LogCopier.class);

    private final SqliteFile file;
    private final Semaphore news = new Semaphore(0);
    private final Thread thread;

    /** Touched by its thread alone. */
    private @Nullable Connection connection;

    LogCopier(SqliteFile file) {
        this.file = requireNonNull(file, "file");
        this.thread = Thread.ofPlatform().name("gatepost-log-copier").daemon().unstarted(this::run);
        thread.start();
    }

    /** There is more in the log. Returns at once. */
    void committed() {
        if (news.availablePermits() == 0) {
            news.release();
        }
    }

    private void run() {
        var wait = EVERY_MIN;
        try {
            while (true) {
                news.acquire();
                Thread.sleep(wait);
                news.drainPermits();
                wait = next(wait, copy());
            }
        } catch (InterruptedException _) {
            disconnect(); // closing: what is left in the log is copied with the last connection
        }
    }

    /** So that about as many pages come together by then as are wanted. */
    static Duration next(Duration last, long pages) {
        var nanos = last.toNanos() * PAGES_WANTED / Math.max(1, pages);
        return Duration.ofNanos(Math.clamp(nanos, EVERY_MIN.toNanos(), EVERY_MAX.toNanos()));
    }

    /** Returns how many pages there were. */
    private long copy() {
        try {
            var current = connection == null ? file.migrating().getConnection() : connection;
            connection = current;
            return SqliteFile.copyLog(current);
        } catch (SQLException e) {
            log.warn("copying the write-ahead log failed, tried again soon: {}", e.getMessage());
            disconnect();
            return PAGES_WANTED;
        }
    }

    private void disconnect() {
        var current = connection;
        connection = null;
        if (current == null) {
            return;
        }
        try {
            current.close();
        } catch (SQLException e) {
            log.warn("closing the copying connection failed", e);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
