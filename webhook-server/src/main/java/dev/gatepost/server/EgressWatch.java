package dev.gatepost.server;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.Purpose;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes refused destinations into the audit log (reliability L2), each purpose and reason once an hour: whoever makes us try
 * cannot fill the log. Safe for any thread.
 */
final class EgressWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EgressWatch.class);

    private static final Duration NOTED_EVERY = Duration.ofHours(1);

    /** Purposes and reasons told apart; the rest of an hour is left out. */
    private static final int NOTED_MAX = 200;

    private final Database database;
    private final AuditLog audit;
    private final InstantSource clock;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("egress-watch").factory());
    private final Map<String, Instant> noted = new HashMap<>();

    EgressWatch(Database database, AuditLog audit, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.audit = requireNonNull(audit, "audit");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Told of each; does not wait for the store. */
    void refused(Purpose purpose, String why) {
        if (isNews(purpose.word() + " " + why)) {
            try {
                writer.execute(() -> note(purpose, why));
            } catch (RejectedExecutionException _) {
                LOG.info("egress refused while stopping purpose={}", purpose.word());
            }
        }
    }

    private synchronized boolean isNews(String what) {
        var now = clock.instant();
        noted.values().removeIf(at -> !now.isBefore(at.plus(NOTED_EVERY)));
        return noted.size() < NOTED_MAX && noted.putIfAbsent(what, now) == null;
    }

    private void note(Purpose purpose, String why) {
        try {
            database.write(handle -> {
                audit.add(handle, new By("", "", "server"), AuditAction.EGRESS_REFUSED, purpose.word(), why);
                return true;
            });
        } catch (RuntimeException e) {
            LOG.warn("a refused destination could not be written down purpose={}", purpose.word(), e);
        }
    }

    /** What is not written yet is written first. */
    @Override
    public void close() {
        writer.close();
    }
}
