package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.intake.Events.Arrival;
import dev.gatepost.workspace.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of contacts that a listing found, those that need no event left out. What they then do is what every event
 * does: same claims, one credit.
 */
final class Finds {
    private final Events events;
    private final Tombstones tombstones;
    private final Duration freshness;

    /** @param freshness how long a verification answers for the same contact and address */
    Finds(Events events, Tombstones tombstones, Duration freshness) {
        this.events = requireNonNull(events, "events");
        this.tombstones = requireNonNull(tombstones, "tombstones");
        this.freshness = requireNonNull(freshness, "freshness");
    }

    /** Which of the contacts that are found need an event. */
    sealed interface Want {
        /** Those whose present address was never verified here: news. */
        record Unverified() implements Want {}

        /** Those never verified, here or by what our own field in the CRM says. */
        record Unchecked() implements Want {}

        /** Those verified before a time, and not since. */
        record CheckedBefore(Instant time) implements Want {}

        /** All but those verified within the freshness window. */
        record Everything() implements Want {}
    }

    /**
     * What became of a page.
     *
     * @param listed contacts on it
     * @param queued events made
     * @param known contacts that need none
     * @param withoutEmail contacts without an address
     * @param isWhole whether all that need an event got one; if not, the other numbers count the queued ones only
     */
    record Taken(int listed, int queued, int known, int withoutEmail, boolean isWhole) {
        /** Less the contacts that were counted when the page was read before: they are known now. */
        Taken without(int counted) {
            return isWhole ? new Taken(listed - counted, queued, known - counted, withoutEmail, true) : this;
        }
    }

    /**
     * What a listing is read for.
     *
     * @param key a dedupe key for each contact that is the same when the page is read again
     */
    record Search(Want want, Occasion occasion, Function<Listed, String> key) {}

    /**
     * Stores events for a page of contacts.
     *
     * @param most events made at most
     */
    Taken take(Handle handle, Connection connection, List<Listed> page, Search search, long most, Instant now) {
        var wanted = wanted(handle, connection, page, search.want(), now);
        var arrivals = wanted.stream()
                .limit(Math.max(0, most))
                .map(contact -> arrival(connection, contact, search))
                .toList();
        var queued = events.store(handle, "", arrivals, now);
        if (arrivals.size() < wanted.size()) {
            return new Taken(queued, queued, 0, 0, false);
        }
        var withoutEmail =
                (int) page.stream().filter(contact -> contact.email().isBlank()).count();
        return new Taken(page.size(), queued, page.size() - withoutEmail - queued, withoutEmail, true);
    }

    /** Those contacts of a page that need an event. */
    List<Listed> wanted(Handle handle, Connection connection, List<Listed> page, Want want, Instant now) {
        var ids = page.stream().map(Listed::id).distinct().toList();
        if (ids.isEmpty()) {
            return List.of();
        }
        var last = lastVerified(handle, connection.id(), ids);
        var busy = underWay(handle, connection.id(), ids);
        var seen = new HashSet<String>();
        return page.stream()
                .filter(contact -> !contact.email().isBlank())
                .filter(contact -> seen.add(contact.id()) && !busy.contains(contact.id()))
                .filter(contact -> isWanted(contact, last.get(contact.id()), want, now))
                .filter(contact ->
                        !tombstones.covers(handle, connection, contact.id(), Candidate.normalized(contact.email())))
                .toList();
    }

    private static Arrival arrival(Connection connection, Listed contact, Search search) {
        var event = new IncomingEvent(
                connection.account().account(),
                Kind.FOUND,
                contact.id(),
                search.key().apply(contact),
                contact.changedAt());
        return new Arrival(
                event, connection.workspaceId(), connection.id(), EventState.RECEIVED, "", search.occasion());
    }

    /** A contact's latest verification. */
    private record Last(String normalized, Instant at) {}

    private boolean isWanted(Listed contact, @Nullable Last last, Want want, Instant now) {
        var before = last != null && last.normalized().equals(Candidate.normalized(contact.email())) ? last.at() : null;
        return switch (want) {
            case Want.Unverified _ -> before == null;
            case Want.Unchecked _ -> before == null && contact.checkedAt() == null;
            case Want.CheckedBefore(var time) -> {
                var checkedAt = before != null ? before : contact.checkedAt();
                yield checkedAt != null && checkedAt.isBefore(time);
            }
            case Want.Everything _ -> before == null || before.isBefore(now.minus(freshness));
        };
    }

    private static Map<String, Last> lastVerified(Handle handle, String connectionId, List<String> ids) {
        var last = new HashMap<String, Last>();
        handle.createQuery("""
                        select object_id, normalized, verified_at from verification
                        where connection_id = :connection and object_id in (<ids>) and email <> ''
                        order by verified_at
                        """)
                .bind("connection", connectionId)
                .bindList("ids", ids)
                .map((row, _) -> Map.entry(
                        row.getString("object_id"),
                        new Last(row.getString("normalized"), Instant.ofEpochMilli(row.getLong("verified_at")))))
                .forEach(entry -> last.put(entry.getKey(), entry.getValue()));
        return last;
    }

    /** Contacts that some event will deal with anyway. */
    private static Set<String> underWay(Handle handle, String connectionId, List<String> ids) {
        return new HashSet<>(handle.createQuery("""
                        select distinct object_id from event
                        where connection_id = :connection and object_id in (<ids>)
                            and state in ('received', 'waiting_credits', 'decided', 'recheck', 'held')
                        """)
                .bind("connection", connectionId)
                .bindList("ids", ids)
                .mapTo(String.class)
                .list());
    }
}
