package dev.gatepost.server;

import static java.util.Objects.requireNonNull;

import dev.gatepost.lists.ListRefresh;
import dev.gatepost.lists.ListsInUse;
import dev.gatepost.lists.RefreshOutcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the lists fresh while the server runs: takes over what changes in the data folder, and asks the sources when it is
 * time. Each node does so for itself, since each has a data folder of its own.
 */
final class ListWatch implements AutoCloseable {

    /** How soon a changed file is in use; looking costs a dozen stats. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** After a failure a source is asked again this soon, if not sooner anyway. */
    private static final Duration RETRY = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(ListWatch.class);

    private final ListsInUse lists;
    private final ListRefresh refresh;
    private final Config.Lists config;
    private final InstantSource clock;
    private final Thread thread;

    ListWatch(ListsInUse lists, ListRefresh refresh, Config.Lists config, InstantSource clock) {
        this.lists = requireNonNull(lists, "lists");
        this.refresh = requireNonNull(refresh, "refresh");
        this.config = requireNonNull(config, "config");
        this.clock = requireNonNull(clock, "clock");
        this.thread = Thread.ofVirtual().name("list-watch").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                look();
            } catch (RuntimeException e) {
                LOG.warn("the lists could not be looked after", e);
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Does what is due now. */
    void look() {
        if (!config.every().isZero()) {
            var outcomes = lists.folder().outcomes();
            config.sources().forEach((list, source) -> {
                var last = outcomes.get(list);
                if (last == null || !clock.instant().isBefore(due(last))) {
                    refresh.refresh(list, source);
                }
            });
        }
        lists.follow();
    }

    private Instant due(RefreshOutcome last) {
        var wait = switch (last.result()) {
            case TAKEN -> config.every();
            case REFUSED, FAILED -> config.every().compareTo(RETRY) < 0 ? config.every() : RETRY;
        };
        return last.at().plus(wait);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
