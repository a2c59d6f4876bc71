package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Reception;
import dev.gatepost.intake.Settlement.Recheck;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.JobTable;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * The way of a contact through the product, put together: deliveries come in at {@link #accept}, the drains do the rest.
 * Safe for any thread.
 */
public final class Pipeline implements AutoCloseable {
    /** Counting all waiting events is for the intake's high-water mark only, which a few seconds do not matter to. */
    private static final int SWEEPS_PER_COUNT = 10;

    private final PipelineParts parts;
    private final AtomicInteger sweeps = new AtomicInteger();
    private final Map<String, ConnectorPlugin> plugins;
    private final Map<String, Made> connectors = new ConcurrentHashMap<>();
    private final Events events;
    private final Verifications verifications = new Verifications();
    private final DrainTools drainTools;
    private final Intake intake;
    private final HikariDataSource ownJobs;
    private final Drains drains;
    private final Counter.Parts counters;
    private final Erasure erasure;
    private final Reconciliations reconciliations;
    private final Backfills backfills;
    private final Reverifications reverifications;
    private final ConnectionOptions options;
    private final Troubles troubles;
    private final Retention retention;

    /** Built, not yet started. */
    public Pipeline(PipelineParts parts) {
        this.parts = requireNonNull(parts, "parts");
        this.plugins = parts.plugins().stream().collect(Collectors.toMap(ConnectorPlugin::id, Function.identity()));
        this.events = new Events(parts.ids());
        var claims = new Claims(parts.keyedHash(), parts.freshness());
        var recheck = new Recheck(parts.recheck());
        var settlement =
                new Settlement(parts.ledger(), verifications, claims, recheck, parts.freshness(), parts.outbox());
        var tombstones = new Tombstones(parts.keyedHash());
        var audit = new AuditLog(parts.ids(), parts.clock());
        this.erasure = parts.erasure();
        this.drainTools = new DrainTools(
                parts.database(),
                parts.connections(),
                events,
                claims,
                verifications,
                parts.ledger(),
                parts.outbox(),
                settlement,
                recheck,
                parts.verify(),
                parts.workflows(),
                parts.choices(),
                new Waiters(),
                tombstones,
                erasure,
                parts.withoutCredits(),
                parts.freshness(),
                parts.ids(),
                parts.clock(),
                parts.random());
        this.ownJobs = JobTable.fresh(parts.scratch().resolve("jobs.db"));
        var finds = new Finds(events, tombstones, parts.freshness());
        this.reconciliations = new Reconciliations(drainTools, finds, this::plugin, this::connector);
        this.troubles = new Troubles(drainTools, reconciliations, audit, this::wake, this::turnedAway);
        this.backfills = new Backfills(drainTools, finds, this::connector);
        this.reverifications = new Reverifications(drainTools, backfills);
        this.options = new ConnectionOptions(parts.connections(), parts.plugins());
        this.retention = new Retention(parts.database(), parts.retention(), parts.clock());
        this.drains = new Drains(
                jobs(),
                this::drainOf,
                this::due,
                Map.of(
                        "reconcile",
                        new Drains.Chore(this::reconciliationsDue, reconciliations::run),
                        "backfill",
                        new Drains.Chore(
                                () -> parts.database()
                                        .read(handle -> backfills.due(
                                                handle, parts.clock().instant())),
                                backfills::run),
                        "reverify",
                        new Drains.Chore(this::reverificationsDue, reverifications::run),
                        "retention",
                        new Drains.Chore(() -> retention.isDue() ? List.of("all") : List.of(), _ -> retention.run()),
                        "tidy",
                        new Drains.Chore(() -> erasure.isLogDue() ? List.of("log") : List.of(), _ -> erasure.tidy())));
        this.intake = new Intake(parts.database(), parts.connections(), events, audit, parts.clock(), this::wake);
        this.counters = new Counter.Parts(
                parts,
                intake,
                new Errands(drainTools, this::wake),
                new Tickets(parts.random(), parts.clock()),
                this::connector,
                this::released);
    }

    /** Starts working off what is due, also what was left by an earlier run. */
    public void start() {
        parts.connections().forgetSecrets(); // of what was being disconnected when the process was killed
        erasure.truncate(); // the process may have been killed between an erasure and this
        releaseMended();
        hurryReconciliations();
        drains.start();
    }

    /** A connection may have been mended while the product was down. */
    private void releaseMended() {
        var mended = parts.connections().all().stream()
                .filter(Connection::isActive)
                .map(Connection::id)
                .toList();
        var now = parts.clock().instant();
        parts.database().write(handle -> {
            mended.forEach(id -> events.release(handle, id, now));
            return true;
        });
    }

    /** Takes one delivery in; see {@link Intake#accept}. */
    public Answer accept(ConnectorPlugin plugin, Delivery delivery) {
        return intake.accept(plugin, delivery);
    }

    /**
     * What a route of this plug-in may ask of the product.
     *
     * @param visitor whom tickets are bound to; empty for CRMs
     */
    public Reception reception(ConnectorPlugin plugin, String visitor) {
        return reception(plugin, visitor, new By("", "", plugin.id()));
    }

    /**
     * The same for a person.
     *
     * @param by who the visitor is, and in which workspace
     */
    public Reception reception(ConnectorPlugin plugin, String visitor, By by) {
        return new Counter(counters, plugin, visitor, by);
    }

    /** Work through contacts that exist already. */
    public Backfills backfills() {
        return backfills;
    }

    /** What admins choose for each connection. */
    public ConnectionOptions options() {
        return options;
    }

    /** How connections do, and the events that need a person. */
    public Troubles troubles() {
        return troubles;
    }

    /** Verifies contacts once more because a person says so. */
    public FreshChecks freshChecks() {
        return new FreshChecks(drainTools, this::wake);
    }

    /** Pauses, resumes and disconnects connections. */
    public ConnectionSwitch switching() {
        return new ConnectionSwitch(
                new ConnectionSwitch.Books(parts.database(), parts.connections(), parts.clock()),
                this::connector,
                this::released,
                connectors::remove);
    }

    /** Asks the CRM whether it lets us in, and what is missing; empty when there is no such connection. */
    public Optional<Checkup> checkup(String connectionId) {
        return parts.connections()
                .byId(connectionId)
                .map(known -> connector(known).check());
    }

    /** Removes addresses and what tells of them. */
    public Erasure erasure() {
        return erasure;
    }

    /** Removes what was kept long enough. */
    Retention retention() {
        return retention;
    }

    private void hurryReconciliations() {
        parts.database().write(handle -> {
            reconciliations.hurry(handle, parts.clock().instant());
            return true;
        });
    }

    private List<String> reconciliationsDue() {
        if (intake.hasMissed()) {
            hurryReconciliations();
        }
        var turnedAway = intake.turnedAway();
        if (!turnedAway.isEmpty()) {
            parts.database().write(handle -> {
                turnedAway.forEach(id -> parts.connections()
                        .byId(id)
                        .ifPresent(connection -> reconciliations.hurry(
                                handle, connection, parts.clock().instant())));
                return true;
            });
        }
        return parts.database()
                .read(handle -> reconciliations.due(handle, parts.clock().instant()));
    }

    private long turnedAway(String connectionId) {
        return intake.turnedAway(connectionId);
    }

    private List<String> reverificationsDue() {
        return parts.database()
                .read(handle -> reverifications.due(
                        handle, parts.connections(), parts.clock().instant()));
    }

    private ConnectorPlugin plugin(Connection connection) {
        return requireNonNull(plugins.get(connection.plugin()), connection.plugin());
    }

    private void wake(String connectionId) {
        drains.wake(DrainName.urgent(connectionId));
    }

    /** How many events wait for work, a write-back, credits or a person. */
    public long waiting() {
        return parts.database().read(events::waiting);
    }

    /** Lets a mended connection's held events go on. */
    public void released(String connectionId) {
        connectors.remove(connectionId);
        parts.database()
                .write(handle ->
                        events.release(handle, connectionId, parts.clock().instant()));
        hurryReconciliations();
        wake(connectionId);
    }

    /** The stored verifications. */
    public Verifications verifications() {
        return verifications;
    }

    /** Stops taking deliveries and working; what is under way is taken up again at the next start. */
    @Override
    public void close() {
        intake.close();
        drains.close();
        ownJobs.close();
    }

    private DataSource jobs() {
        return parts.database().dialect() == Dialect.SQLITE
                ? ownJobs
                : parts.database().jobs();
    }

    private Optional<Drain> drainOf(DrainName name) {
        return parts.connections()
                .byId(name.connectionId())
                .map(connection -> new Drain(drainTools, name.urgency(), connection, connector(connection)));
    }

    /** One connector for each connection for as long as its settings stay the same: it counts the calls made. */
    private Connector connector(Connection connection) {
        if (connection.isDisconnected()) {
            return new EndedConnection();
        }
        return connectors
                .compute(
                        connection.id(),
                        (_, made) -> made != null && made.connection().account().equals(connection.account())
                                ? made
                                : new Made(connection, plugin(connection).connect(connection.account(), parts.tools())))
                .connector();
    }

    private record Made(Connection connection, Connector connector) {}

    private Set<DrainName> due() {
        var now = parts.clock().instant();
        var counts = sweeps.getAndIncrement() % SWEEPS_PER_COUNT == 0;
        return parts.database().read(handle -> {
            if (counts) {
                intake.waiting(events.waiting(handle));
            }
            var due = new HashSet<>(events.drainsDue(handle, now));
            due.removeIf(name -> parts.connections().byId(name.connectionId()).isEmpty());
            return due;
        });
    }
}
