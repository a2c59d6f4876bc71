package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.hook.Outbox;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.Deed;
import dev.gatepost.workspace.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Removes an address and everything that tells of it (reliability L4): verifications, errands, raw deliveries, what is under
 * way. Ids, credits and the usage log stay; a keyed tombstone keeps late events from bringing it back. Safe for any thread.
 */
public final class Erasure {
    private final Database database;
    private final Verifications verifications;
    private final Settlement settlement;
    private final Tombstones tombstones;
    private final Outbox outbox;
    private final AuditLog audit;
    private final InstantSource clock;

    Erasure(
            Database database,
            Verifications verifications,
            Settlement settlement,
            Tombstones tombstones,
            Outbox outbox,
            AuditLog audit,
            InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.verifications = requireNonNull(verifications, "verifications");
        this.settlement = requireNonNull(settlement, "settlement");
        this.tombstones = requireNonNull(tombstones, "tombstones");
        this.outbox = requireNonNull(outbox, "outbox");
        this.audit = requireNonNull(audit, "audit");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Erases an address from a workspace, whatever contacts have it.
     *
     * @param email as typed
     * @param actor who asks, for the audit log
     * @param origin network address or {@code cli}
     * @return how many verifications told of it
     */
    public int address(String workspaceId, String email, String actor, String origin) {
        var normalized = Candidate.normalized(email.strip());
        var erased = database.write(handle -> {
            var now = clock.instant();
            var count = eraseAddress(handle, workspaceId, normalized, now);
            tombstones.layAddress(handle, workspaceId, normalized, now);
            audit.add(handle, new Deed(workspaceId, actor, origin, "address_erased", "", count + " verifications"));
            return count;
        });
        database.truncateLog();
        return erased;
    }

    /** The CRM erased a contact: so do we, with every address we knew it by. Call {@link #truncate} after the commit. */
    void contact(Handle handle, Connection connection, String objectId, Instant now) {
        var addresses = addressesOf(handle, connection.id(), objectId);
        var count = 0;
        for (var normalized : addresses) {
            count += eraseAddress(handle, connection.workspaceId(), normalized, now);
        }
        outbox.erase(handle, connection.workspaceId(), Settlement.subject(connection.id(), objectId));
        stop(handle, eventsOf(handle, connection.id(), objectId), now);
        tombstones.layContact(handle, connection.id(), objectId, now);
        audit.add(
                handle,
                new Deed(
                        connection.workspaceId(),
                        "crm",
                        connection.plugin(),
                        "contact_erased",
                        connection.id() + "/" + objectId,
                        count + " verifications"));
    }

    /** What was overwritten still lies in SQLite's log until this. */
    void truncate() {
        database.truncateLog();
    }

    private int eraseAddress(Handle handle, String workspaceId, String normalized, Instant now) {
        if (normalized.isEmpty()) {
            return 0;
        }
        var ids = handle.createQuery("""
                        select id from verification where workspace_id = :workspace and normalized = :normalized
                        """)
                .bind("workspace", workspaceId)
                .bind("normalized", normalized)
                .mapTo(String.class)
                .list();
        for (var id : ids) {
            verifications.find(handle, id).ifPresent(row -> {
                settlement.abandon(handle, row, now);
                outbox.erase(handle, workspaceId, Settlement.subject(row.connectionId(), row.objectId()));
            });
            stop(
                    handle,
                    handle.createQuery("select id from event where verification_id = :id")
                            .bind("id", id)
                            .mapTo(String.class)
                            .list(),
                    now);
            verifications.erase(handle, id);
        }
        stop(
                handle,
                handle.createQuery("""
                                select id from event where workspace_id = :workspace and email <> ''
                                    and lower(email) = :email
                                """)
                        .bind("workspace", workspaceId)
                        .bind("email", normalized)
                        .mapTo(String.class)
                        .list(),
                now);
        blankQuarantined(handle, normalized);
        return ids.size();
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
    private static void stop(Handle handle, List<String> eventIds, Instant now) {
        for (var id : eventIds) {
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
            handle.createUpdate("""
                            update delivery set body = :nothing
                            where id = (select delivery_id from event where id = :id)
                            """).bind("nothing", new byte[0]).bind("id", id).execute();
        }
    }

    /** Deliveries nobody could read have no events that lead to them; their few bodies are looked through. */
    private static void blankQuarantined(Handle handle, String normalized) {
        var needle = normalized;
        handle
                .createQuery("select id, body from delivery where state = 'quarantined'")
                .map((row, _) ->
                        new Body(row.getString("id"), new String(row.getBytes("body"), StandardCharsets.UTF_8)))
                .list()
                .stream()
                .filter(body -> body.tellsOf(needle))
                .forEach(body -> handle.createUpdate("update delivery set body = :nothing where id = :id")
                        .bind("nothing", new byte[0])
                        .bind("id", body.id())
                        .execute());
    }

    private record Body(String id, String words) {
        boolean tellsOf(String normalized) {
            var text = words.toLowerCase(Locale.ROOT);
            return text.contains(normalized) || text.contains(normalized.replace("@", "%40"));
        }
    }
}
