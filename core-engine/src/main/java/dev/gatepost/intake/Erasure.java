package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.hook.Outbox;
import dev.gatepost.intake.Settlement.Recheck;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Idempotency;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes an address and everything that tells of it (reliability L4): verifications, errands, raw deliveries, kept answers,
 * what is under way. Ids, credits and the usage log stay; a keyed tombstone keeps late events from bringing it back. Safe for
 * any thread.
 */
public final class Erasure {
    /** Raw deliveries looked through at a time; a page of usual ones is read in some milliseconds. */
    private static final int BODIES_PAGE = 200;

    private static final Logger LOG = LoggerFactory.getLogger(Erasure.class);

    private final Parts parts;
    private final Settlement settlement;
    private final Verifications verifications = new Verifications();
    private final Tombstones tombstones;
    private final AuditLog audit;
    private final List<Keeper> keepers = new CopyOnWriteArrayList<>();
    private volatile boolean logIsDue;

    /**
     * What it is built from.
     *
     * @param keyedHash hides addresses in stored keys; the same as the pipeline's
     */
    public record Parts(
            Database database,
            Ledger ledger,
            Outbox outbox,
            Function<byte[], byte[]> keyedHash,
            Ids ids,
            InstantSource clock) {
        public Parts {
            requireNonNull(database, "database");
            requireNonNull(ledger, "ledger");
            requireNonNull(outbox, "outbox");
            requireNonNull(keyedHash, "keyedHash");
            requireNonNull(ids, "ids");
            requireNonNull(clock, "clock");
        }
    }

    public Erasure(Parts parts) {
        this.parts = requireNonNull(parts, "parts");
        this.tombstones = new Tombstones(parts.keyedHash());
        this.audit = new AuditLog(parts.ids(), parts.clock());
        this.settlement = new Settlement(
                parts.ledger(),
                verifications,
                new Claims(parts.keyedHash(), Duration.ZERO),
                new Recheck(List.of()),
                Duration.ZERO,
                parts.outbox());
    }

    /** Whoever else keeps addresses. */
    @FunctionalInterface
    public interface Keeper {
        /**
         * Removes an address of a workspace from what it keeps, within the transaction of the erasure; returns from how many
         * places.
         *
         * @param normalized the address, as {@code normalized} of a verification
         * @param stopping ends verifications that are under way
         */
        int erase(Handle handle, String workspaceId, String normalized, Stopping stopping);

        /**
         * Looks for other places that tell of the address, which only a long search finds; outside any transaction. What it
         * returns is removed within the erasure's.
         */
        default Consumer<Handle> search(String workspaceId, String normalized) {
            return _ -> {};
        }
    }

    /** Ends a verification that may never have been stored, and gives back what was set aside for it. */
    @FunctionalInterface
    public interface Stopping {
        void stop(String verificationId, String chargeKey);
    }

    /** Erases from there too, from now on. */
    public void alsoFrom(Keeper keeper) {
        keepers.add(requireNonNull(keeper, "keeper"));
    }

    /**
     * Erases an address from a workspace, whatever contacts have it.
     *
     * @param email as typed
     * @param by who asks, in which workspace
     * @return how many verifications told of it
     */
    public int address(String email, By by) {
        var normalized = Candidate.normalized(email);
        if (normalized.isEmpty()) {
            throw new IllegalArgumentException("email is empty; give the address to erase");
        }
        var bodies = bodiesTellingOf(normalized);
        var mentions = keepers.stream()
                .map(keeper -> keeper.search(by.workspaceId(), normalized))
                .toList();
        var erased = parts.database().write(handle -> {
            var now = parts.clock().instant();
            var count = eraseAddress(handle, by.workspaceId(), normalized, now);
            bodies.forEach(id -> blank(handle, id));
            mentions.forEach(mention -> mention.accept(handle));
            tombstones.layAddress(handle, by.workspaceId(), normalized, now);
            audit.add(handle, by, AuditAction.ERASED, "", "an address, " + count + " verifications");
            return count;
        });
        truncate();
        return erased;
    }

    /** The CRM erased a contact: so do we, with every address we knew it by. Call {@link #truncate} after the commit. */
    void contact(Handle handle, Connection connection, String objectId, Instant now) {
        var workspaceId = connection.workspaceId();
        var count = 0;
        for (var normalized : addressesOf(handle, connection.id(), objectId)) {
            count += eraseAddress(handle, workspaceId, normalized, now);
            quarantinedTellingOf(handle, normalized).forEach(id -> blank(handle, id));
        }
        parts.outbox().erase(handle, workspaceId, Settlement.subject(connection.id(), objectId));
        stop(handle, eventsOf(handle, connection.id(), objectId), now);
        tombstones.layContact(handle, connection.id(), objectId, now);
        audit.add(
                handle,
                new By(workspaceId, "crm", connection.plugin()),
                AuditAction.ERASED,
                connection.id() + "/" + objectId,
                "a contact, " + count + " verifications");
    }

    /** Empties the deliveries that brought these events: they told of what was erased before. */
    void late(Handle handle, List<String> eventIds) {
        eventIds.forEach(id -> blankDeliveryOf(handle, id));
    }

    /** What was overwritten still lies in SQLite's log until this; {@link #tidy} tries again what fails. */
    void truncate() {
        logIsDue = true;
        tidy();
    }

    boolean isLogDue() {
        return logIsDue;
    }

    /** Empties SQLite's log if that failed before. */
    void tidy() {
        if (!logIsDue) {
            return;
        }
        try {
            parts.database().truncateLog();
            logIsDue = false;
        } catch (StoreBusy e) {
            LOG.warn("something erased still lies in the write-ahead log; tried again soon", e);
        }
    }

    private int eraseAddress(Handle handle, String workspaceId, String normalized, Instant now) {
        var ids = verificationsOf(handle, workspaceId, normalized);
        for (var id : ids) {
            verifications.find(handle, id).ifPresent(row -> eraseRow(handle, row, now));
        }
        unanswered(handle, workspaceId, normalized, now);
        stop(handle, errands(handle, workspaceId, normalized), now);
        Stopping stopping = (id, chargeKey) -> settlement.giveUp(handle, workspaceId, id, chargeKey, now);
        keepers.forEach(keeper -> keeper.erase(handle, workspaceId, normalized, stopping));
        return ids.size();
    }

    private void eraseRow(Handle handle, Verifications.Row row, Instant now) {
        settlement.abandon(handle, row, now);
        parts.outbox().erase(handle, row.workspaceId(), Settlement.subject(row));
        forget(handle, row.id());
        stop(
                handle,
                handle.createQuery("select id from event where verification_id = :id")
                        .bind("id", row.id())
                        .mapTo(String.class)
                        .list(),
                now);
        if (!row.objectId().isEmpty()) {
            late(handle, eventsOf(handle, row.connectionId(), row.objectId()));
        }
        verifications.erase(handle, row.id());
    }

    /** Somebody may wait for the answer this very moment: whoever brings it finds its row gone. */
    private static void forget(Handle handle, String verificationId) {
        new OpenChecks().close(handle, List.of(verificationId));
        Idempotency.forget(handle, verificationId);
    }

    private static List<String> verificationsOf(Handle handle, String workspaceId, String normalized) {
        var isWellformed = AddressParser.parse(normalized, Candidate.DIALECT) instanceof Syntax.Wellformed;
        return handle.createQuery(isWellformed ? """
                        select id from verification where workspace_id = :workspace and normalized = :normalized
                        """ : """
                        select id from verification where workspace_id = :workspace and normalized in ('', :normalized)
                            and email <> '' and lower(trim(email)) = :normalized
                        """)
                .bind("workspace", workspaceId)
                .bind("normalized", normalized)
                .mapTo(String.class)
                .list();
    }

    /** Verifications that the API asked for and that have no answer yet stand in no other table. */
    private void unanswered(Handle handle, String workspaceId, String normalized, Instant now) {
        for (var open : new OpenChecks().of(handle, workspaceId)) {
            if (Candidate.normalized(open.email()).equals(normalized)) {
                var key = RealTime.chargeKey(workspaceId, open.verificationId());
                settlement.giveUp(handle, workspaceId, open.verificationId(), key, now);
                forget(handle, open.verificationId());
            }
        }
    }

    private static List<String> errands(Handle handle, String workspaceId, String normalized) {
        return handle.createQuery("""
                        select id from event where workspace_id = :workspace and email <> '' and lower(email) = :email
                        """)
                .bind("workspace", workspaceId)
                .bind("email", normalized)
                .mapTo(String.class)
                .list();
    }

    private static Set<String> addressesOf(Handle handle, String connectionId, String objectId) {
        return new LinkedHashSet<>(handle.createQuery("""
                        select distinct normalized from verification
                        where connection_id = :connection and object_id = :object and normalized <> ''
                        """)
                .bind("connection", connectionId)
                .bind("object", objectId)
                .mapTo(String.class)
                .list());
    }

    private static List<String> eventsOf(Handle handle, String connectionId, String objectId) {
        return handle.createQuery("select id from event where connection_id = :connection and object_id = :object")
                .bind("connection", connectionId)
                .bind("object", objectId)
                .mapTo(String.class)
                .list();
    }

    /** Ends what is under way of these events, removes the address they name, and blanks the deliveries they came with. */
    private void stop(Handle handle, List<String> eventIds, Instant now) {
        for (var id : eventIds) {
            handle.createQuery("select verification_id from event where id = :id and verification_id is not null")
                    .bind("id", id)
                    .mapTo(String.class)
                    .findFirst()
                    .ifPresent(open -> settlement.abandon(handle, open, now));
            handle.createUpdate("""
                            update event set state = 'skipped', reason = 'erased', due_at = null, updated_at = :now
                            where id = :id and kind <> 'erased'
                                and state in ('received', 'waiting_credits', 'decided', 'recheck', 'held', 'dead')
                            """)
                    .bind("id", id)
                    .bind("now", now.toEpochMilli())
                    .execute();
            handle.createUpdate("update event set email = '', callback = '' where id = :id and email <> ''")
                    .bind("id", id)
                    .execute();
            blankDeliveryOf(handle, id);
        }
    }

    private static void blankDeliveryOf(Handle handle, String eventId) {
        handle.createQuery("select delivery_id from event where id = :id")
                .bind("id", eventId)
                .mapTo(String.class)
                .findOne()
                .ifPresent(delivery -> blank(handle, delivery));
    }

    private static void blank(Handle handle, String deliveryId) {
        handle.createUpdate("update delivery set body = :nothing where id = :id")
                .bind("nothing", new byte[0])
                .bind("id", deliveryId)
                .execute();
    }

    /** Deliveries may tell of an address that was never verified; all are looked through, outside the writer. */
    private List<String> bodiesTellingOf(String normalized) {
        var found = new ArrayList<String>();
        var after = "";
        while (true) {
            var from = after;
            var page = parts.database().read(handle -> bodies(handle, from, ""));
            page.stream().filter(body -> body.tellsOf(normalized)).map(Body::id).forEach(found::add);
            if (page.size() < BODIES_PAGE) {
                return found;
            }
            after = page.getLast().id();
        }
    }

    /** Deliveries nobody could read have no events that lead to them. */
    private static List<String> quarantinedTellingOf(Handle handle, String normalized) {
        var found = new ArrayList<String>();
        var page = bodies(handle, "", "quarantined");
        while (!page.isEmpty()) {
            page.stream().filter(body -> body.tellsOf(normalized)).map(Body::id).forEach(found::add);
            page = page.size() < BODIES_PAGE
                    ? List.of()
                    : bodies(handle, page.getLast().id(), "quarantined");
        }
        return found;
    }

    private static List<Body> bodies(Handle handle, String after, String state) {
        return handle.createQuery("""
                        select id, body from delivery where id > :after and (:state = '' or state = :state)
                        order by id limit :limit
                        """)
                .bind("after", after)
                .bind("state", state)
                .bind("limit", BODIES_PAGE)
                .map((row, _) ->
                        new Body(row.getString("id"), new String(row.getBytes("body"), StandardCharsets.UTF_8)))
                .list();
    }

    private record Body(String id, String words) {
        boolean tellsOf(String normalized) {
            var text = words.toLowerCase(Locale.ROOT);
            return text.contains(normalized)
                    || text.contains(URLEncoder.encode(normalized, StandardCharsets.UTF_8)
                            .toLowerCase(Locale.ROOT));
        }
    }
}
