package dev.gatepost.server;

import dev.gatepost.console.Tiles.LedgerState;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.LedgerCheck;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks the ledger at the start and once a day (reliability: C7), and remembers what it found; once a minute it takes back
 * credits whose time is over. Safe for any thread.
 */
final class LedgerWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerWatch.class);

    private static final Duration CHECK_EVERY = Duration.ofDays(1);
    private static final Duration EXPIRE_EVERY = Duration.ofMinutes(1);

    private final Ledger ledger;
    private final InstantSource clock;
    private final Thread thread;

    private volatile LedgerState last = new LedgerState.NotChecked();

    LedgerWatch(Ledger ledger, InstantSource clock) {
        this.ledger = ledger;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("ledger-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    LedgerState last() {
        return last;
    }

    /** Checks now; blocks for as long as the ledger is long. */
    LedgerCheck check() {
        var check = ledger.check();
        last = switch (check) {
            case LedgerCheck.Sound(var entries, var _) -> new LedgerState.Sound(entries, clock.instant());
            case LedgerCheck.Broken(var workspace, var seq, var why) -> {
                LOG.error("ledger broken workspace={} entry={}: {}", workspace, seq, why);
                yield new LedgerState.Broken(why, clock.instant());
            }
        };
        return check;
    }

    private void run() {
        var nextCheck = clock.instant();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                expire();
                if (!clock.instant().isBefore(nextCheck)) {
                    nextCheck = clock.instant().plus(CHECK_EVERY);
                    check();
                }
            } catch (RuntimeException e) {
                LOG.warn("the ledger could not be checked or credits not expired", e);
            }
            LockSupport.parkNanos(EXPIRE_EVERY.toNanos());
        }
    }

    private void expire() {
        var expired = ledger.expireDue();
        if (expired > 0) {
            LOG.info("credits expired: {}", expired);
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
