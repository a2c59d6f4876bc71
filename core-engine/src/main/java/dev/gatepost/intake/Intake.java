package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.Reading;
import dev.gatepost.intake.Events.Arrival;
import dev.gatepost.store.Database;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Connections;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deliveries in: authenticate the raw bytes, parse, store in one durable commit, answer. Nothing else happens before
 * the answer (reliability I1). Safe for any thread.
 */
public final class Intake {
    /** Events that may wait before deliveries are turned away; a tenth of it again must drain before they are let in. */
    static final long WAITING_MAX = 1_000_000;

    private static final long WAITING_LOW = WAITING_MAX * 8 / 10;
    private static final String RETRY_AFTER_SECONDS = "10";
    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

    private final Database database;
    private final Connections connections;
    private final Events events;
    private final AuditLog audit;
    private final InstantSource clock;
    private final Consumer<String> wake;
    private volatile Gate gate = Gate.OPEN;
    private volatile boolean missed;
    private final ArrivalRates rates;
    private volatile Instant toldTooFast = Instant.EPOCH;

    /** When a forgery at a hook was last written down, so that a flood of them does not fill the log. */
    private final Map<String, Instant> noted = new ConcurrentHashMap<>();

    /** One line a minute tells as much as a thousand. */
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    /** Hooks remembered at a time. */
    private static final int NOTED_MAX = 1_000;

    private enum Gate {
        OPEN,
        /** Too much waits; the sender is asked to come back. */
        FULL,
        /** The process is about to end. */
        CLOSED
    }

    /** @param wake called with the id of each connection that got something to do, after the commit */
    Intake(
            Database database,
            Connections connections,
            Events events,
            AuditLog audit,
            InstantSource clock,
            Consumer<String> wake) {
        this.database = requireNonNull(database, "database");
        this.connections = requireNonNull(connections, "connections");
        this.events = requireNonNull(events, "events");
        this.audit = requireNonNull(audit, "audit");
        this.clock = requireNonNull(clock, "clock");
        this.wake = requireNonNull(wake, "wake");
        this.rates = new ArrivalRates(clock);
    }

    /** Takes one delivery in and says what to answer. A fault of ours is 503, above a connection's rate it is 429; never 410. */
    public Answer accept(ConnectorPlugin plugin, Delivery delivery) {
        var known = connections.byHook(plugin.id(), delivery.key());
        if (known.isEmpty()) {
            return Answer.of(404);
        }
        var living = known.stream().filter(Intake::isLiving).toList();
        if (living.isEmpty()) {
            return Answer.of(200); // taken and ignored: an error would only have it repeated for a day
        }
        if (gate != Gate.OPEN) {
            return unavailable();
        }
        var accounts = living.stream().map(Connection::account).toList();
        return take(plugin, delivery, plugin.read(delivery, accounts, clock.instant()), living);
    }

    /** Takes in what a route of the plug-in has read itself. */
    Answer take(ConnectorPlugin plugin, Delivery delivery, Reading reading) {
        if (gate != Gate.OPEN) {
            return unavailable();
        }
        var known = connections.all().stream()
                .filter(connection -> connection.plugin().equals(plugin.id()) && isLiving(connection))
                .toList();
        return take(plugin, delivery, reading, known);
    }

    /** A disconnected one has no secret by which its deliveries could be told from forged ones. */
    private static boolean isLiving(Connection connection) {
        return !connection.isDisconnected();
    }

    private Answer take(ConnectorPlugin plugin, Delivery delivery, Reading reading, List<Connection> known) {
        try {
            return switch (reading) {
                case Reading.Unauthentic(var why) -> {
                    LOG.warn("delivery refused plugin={} key={} why=\"{}\"", plugin.id(), delivery.key(), why);
                    note(plugin, delivery, why, known);
                    yield Answer.of(401);
                }
                case Reading.Unusable(var why) -> {
                    database.write(
                            handle -> events.store(handle, delivery, plugin.id(), Events.Intake.QUARANTINED, why));
                    LOG.warn("delivery quarantined plugin={} key={} why=\"{}\"", plugin.id(), delivery.key(), why);
                    yield Answer.of(200);
                }
                case Reading.Authentic(var arrived) -> store(plugin, delivery, arrived, known);
            };
        } catch (StoreBusy e) {
            LOG.warn("delivery turned away plugin={} why=\"{}\"", plugin.id(), e.getMessage());
            return unavailable();
        }
    }

    /** A forged delivery stands in the audit log (reliability L2), of the workspace whose hook it is if that is clear. */
    private void note(ConnectorPlugin plugin, Delivery delivery, String why, List<Connection> known) {
        var now = clock.instant();
        var hook = plugin.id() + "/" + delivery.key();
        var last = noted.get(hook);
        var isFull = last == null && noted.size() >= NOTED_MAX;
        if (isFull || (last != null && now.isBefore(last.plus(NOTED_EVERY)))) {
            return;
        }
        noted.put(hook, now);
        var workspaces = known.stream().map(Connection::workspaceId).distinct().toList();
        try {
            database.write(handle -> {
                audit.add(
                        handle,
                        new By(workspaces.size() == 1 ? workspaces.getFirst() : "", "", plugin.id()),
                        AuditAction.SIGNATURE_FAILED,
                        known.size() == 1 ? known.getFirst().id() : "",
                        why);
                return true;
            });
        } catch (StoreBusy e) {
            LOG.warn("a forged delivery could not be written down plugin={}", plugin.id(), e);
        }
    }

    /** Stops taking deliveries; those being stored now are still answered. */
    public void close() {
        gate = Gate.CLOSED;
    }

    /** Whether more is taken. */
    boolean isOpen() {
        return gate == Gate.OPEN;
    }

    /** Told now and then how much waits, so that a flood is turned away before the disk is full (reliability I7). */
    void waiting(long count) {
        if (gate == Gate.OPEN && count > WAITING_MAX) {
            gate = Gate.FULL;
            LOG.warn("intake closed: {} events wait", count);
        } else if (gate == Gate.FULL && count < WAITING_LOW) {
            gate = Gate.OPEN;
            LOG.info("intake open again: {} events wait", count);
        }
    }

    private Answer store(
            ConnectorPlugin plugin, Delivery delivery, List<IncomingEvent> arrived, List<Connection> known) {
        var arrivals = arrived.stream().map(event -> arrival(event, known)).toList();
        var wait = rates.admit(loads(arrivals, known));
        if (wait.isPresent()) {
            return tooFast(plugin, wait.get(), arrivals.size());
        }
        var fresh = database.write(handle -> {
            var id = events.store(handle, delivery, plugin.id(), Events.Intake.STORED, "");
            return events.store(handle, id, arrivals, clock.instant());
        });
        arrivals.stream()
                .filter(arrival -> arrival.state() == EventState.RECEIVED)
                .map(Arrival::connectionId)
                .distinct()
                .forEach(wake);
        LOG.debug("delivery stored plugin={} events={} new={}", plugin.id(), arrivals.size(), fresh);
        return Answer.of(200);
    }

    private static List<ArrivalRates.Load> loads(List<Arrival> arrivals, List<Connection> known) {
        var counts = arrivals.stream().collect(Collectors.groupingBy(Arrival::connectionId, Collectors.counting()));
        return known.stream()
                .filter(connection -> counts.containsKey(connection.id()))
                .map(connection -> new ArrivalRates.Load(
                        connection.id(),
                        counts.getOrDefault(connection.id(), 0L).intValue(),
                        ConnectionOptions.number(connection, ConnectionOptions.INTAKE_PER_SECOND)))
                .toList();
    }

    /** Nothing of the delivery is stored: who repeats it brings it all again, and the rest is found by looking. */
    private Answer tooFast(ConnectorPlugin plugin, Duration wait, int events) {
        var now = clock.instant();
        var told = toldTooFast;
        if (!now.isBefore(told.plus(NOTED_EVERY)) || now.isBefore(told)) {
            toldTooFast = now;
            LOG.warn(
                    "delivery turned away plugin={} events={} seconds={}: its connection is above intake_per_second",
                    plugin.id(),
                    events,
                    wait.toSeconds());
        }
        var seconds = Math.max(1, wait.plusMillis(999).toSeconds());
        return new Answer(429, Map.of("Retry-After", Long.toString(seconds)), "", "");
    }

    private static Arrival arrival(IncomingEvent event, List<Connection> known) {
        return known.stream()
                .filter(connection -> connection.account().account().equals(event.account()))
                .findFirst()
                .map(connection -> event.kind() == IncomingEvent.Kind.OTHER
                        ? new Arrival(
                                event, connection.workspaceId(), connection.id(), EventState.IGNORED, "unwanted_type")
                        : new Arrival(
                                event,
                                connection.workspaceId(),
                                connection.id(),
                                EventState.RECEIVED,
                                "",
                                Occasion.webhook(event.workflow())))
                .orElseGet(() -> new Arrival(event, "", Events.NO_CONNECTION, EventState.IGNORED, "unknown_account"));
    }

    /** Whether deliveries were turned away since the last time this was asked, and are taken again (reliability I8). */
    boolean hasMissed() {
        if (gate != Gate.OPEN || !missed) {
            return false;
        }
        missed = false;
        return true;
    }

    /** Connections above whose rate deliveries were turned away since the last time this was asked (reliability I8). */
    List<String> turnedAway() {
        return rates.missed();
    }

    /** Deliveries of a connection that were turned away since this process began. */
    long turnedAway(String connectionId) {
        return rates.refusals(connectionId);
    }

    private Answer unavailable() {
        missed = true;
        return new Answer(503, Map.of("Retry-After", RETRY_AFTER_SECONDS), "", "");
    }
}
