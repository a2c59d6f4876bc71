package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.Backfill.State;
import dev.gatepost.intake.BackfillRows.Draft;
import dev.gatepost.intake.BackfillRows.Origin;
import dev.gatepost.intake.Backfills.Starting;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Connections;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies contacts again whose last check is older than a connection's option says: once a day a backfill of those, of
 * which a connection may have one beside the one a person started, and of which each day has a share that is not exceeded.
 * Safe for any thread.
 */
final class Reverifications {
    private static final String BY = "schedule";
    private static final Logger LOG = LoggerFactory.getLogger(Reverifications.class);

    private final DrainTools tools;
    private final Backfills backfills;

    Reverifications(DrainTools tools, Backfills backfills) {
        this.tools = requireNonNull(tools, "tools");
        this.backfills = requireNonNull(backfills, "backfills");
    }

    /** The age in days from which a connection's contacts are verified again; 0 when they are not. */
    static int afterDays(Connection connection) {
        return (int) ConnectionOptions.number(connection, ConnectionOptions.REVERIFY_AFTER_DAYS);
    }

    /** Connections whose contacts are to be looked through now, and those whose look is to end since it is switched off. */
    List<String> due(Handle handle, Connections connections, Instant now) {
        var nextAt = ReverificationRows.nextAt(handle);
        var underWay = new HashSet<>(BackfillRows.scheduled(handle));
        return connections.all().stream()
                .filter(connection -> underWay.contains(connection.id())
                        ? afterDays(connection) == 0
                        : afterDays(connection) > 0
                                && connection.isActive()
                                && !nextAt.getOrDefault(connection.id(), Instant.EPOCH)
                                        .isAfter(now))
                .map(Connection::id)
                .toList();
    }

    /** Begins, or ends, a connection's look. One runs in the cluster for each connection. */
    void run(String connectionId) {
        var known = tools.connections().byId(connectionId);
        if (known.isEmpty()) {
            return;
        }
        var connection = known.get();
        if (afterDays(connection) == 0) {
            tools.database()
                    .read(handle -> BackfillRows.open(handle, connectionId, Origin.SCHEDULE))
                    .ifPresent(open -> backfills.cancel(open.id()));
        } else if (connection.isActive()) {
            begin(connection);
        }
    }

    private void begin(Connection connection) {
        var scope = new Scope.Older(afterDays(connection));
        var draft = new Draft(scope, backfills.expected(connection.id(), scope), Origin.SCHEDULE, BY);
        var now = tools.clock().instant();
        Starting starting = tools.database().write(handle -> {
            if (ReverificationRows.find(handle, connection.id()).nextAt().isAfter(now)) {
                return new Starting.NoConnection(); // another process was quicker
            }
            ReverificationRows.nextInADay(handle, connection.id(), now);
            return backfills.start(handle, connection.id(), draft);
        });
        if (starting instanceof Starting.Started(var backfill)) {
            LOG.info(
                    "contacts checked more than {} days ago are verified again connection={} backfill={}",
                    scope.days(),
                    connection.id(),
                    backfill.id());
        }
    }

    /** How it stands. */
    static Reverification standing(Handle handle, Connection connection, Instant now) {
        var row = ReverificationRows.find(handle, connection.id());
        var last = BackfillRows.latestScheduled(handle, connection.id());
        var open = last.filter(each -> each.endedAt() == null);
        var after = afterDays(connection);
        var next = open.isPresent()
                ? open.flatMap(each -> BackfillRows.nextAt(handle, each.id()))
                : Optional.of(row.nextAt());
        return new Reverification(
                after,
                ConnectionOptions.number(connection, ConnectionOptions.REVERIFY_PER_DAY),
                open.map(each -> each.state() == State.PAUSED
                                ? Reverification.State.PAUSED
                                : Reverification.State.RUNNING)
                        .orElse(after > 0 ? Reverification.State.WAITING : Reverification.State.OFF),
                after == 0 ? null : next.map(at -> at.isBefore(now) ? now : at).orElse(null),
                row.usedToday(now),
                last.orElse(null));
    }
}
