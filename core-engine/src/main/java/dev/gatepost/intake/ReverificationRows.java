package dev.gatepost.intake;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The statements on the table {@code reverification}. */
final class ReverificationRows {
    private static final Duration DAY = Duration.ofDays(1);

    private ReverificationRows() {}

    /**
     * Where a connection stands.
     *
     * @param nextAt when its contacts are next looked through
     * @param dayBegan when the first contact of the present day was queued
     * @param dayUsed contacts queued since then
     */
    record Row(Instant nextAt, Instant dayBegan, long dayUsed) {
        static final Row NEW = new Row(Instant.EPOCH, Instant.EPOCH, 0);

        /** Contacts queued in the day that lasts now; a day that a clock set back has moved into the future is over. */
        long usedToday(Instant now) {
            return now.isBefore(dayBegan.plus(DAY)) && !now.isBefore(dayBegan) ? dayUsed : 0;
        }

        Instant dayEnds() {
            return dayBegan.plus(DAY);
        }

        private Row using(long contacts, Instant now) {
            var used = usedToday(now);
            return new Row(nextAt, used == 0 ? now : dayBegan, used + contacts);
        }
    }

    static Row find(Handle handle, String connectionId) {
        return handle.createQuery("select * from reverification where connection_id = :id")
                .bind("id", connectionId)
                .map((row, _) -> new Row(
                        Instant.ofEpochMilli(row.getLong("next_at")),
                        Instant.ofEpochMilli(row.getLong("day_began")),
                        row.getLong("day_used")))
                .findOne()
                .orElse(Row.NEW);
    }

    /** When each connection is looked through next; those without an entry at once. */
    static Map<String, Instant> nextAt(Handle handle) {
        return handle
                .createQuery("select connection_id, next_at from reverification")
                .map((row, _) ->
                        Map.entry(row.getString("connection_id"), Instant.ofEpochMilli(row.getLong("next_at"))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The next look begins a day from now. */
    static void nextInADay(Handle handle, String connectionId, Instant now) {
        var row = find(handle, connectionId);
        put(handle, connectionId, new Row(now.plus(DAY), row.dayBegan(), row.dayUsed()));
    }

    static void use(Handle handle, String connectionId, long contacts, Instant now) {
        if (contacts > 0) {
            put(handle, connectionId, find(handle, connectionId).using(contacts, now));
        }
    }

    /** When the present day is over; empty while it has room for one more. */
    static Optional<Instant> fullUntil(Handle handle, String connectionId, long perDay, Instant now) {
        var row = find(handle, connectionId);
        return row.usedToday(now) < perDay ? Optional.empty() : Optional.of(row.dayEnds());
    }

    private static void put(Handle handle, String connectionId, Row row) {
        handle.createUpdate("""
                        insert into reverification (connection_id, next_at, day_began, day_used)
                        values (:id, :next, :began, :used)
                        on conflict (connection_id) do update set next_at = excluded.next_at,
                            day_began = excluded.day_began, day_used = excluded.day_used
                        """)
                .bind("id", connectionId)
                .bind("next", row.nextAt().toEpochMilli())
                .bind("began", row.dayBegan().toEpochMilli())
                .bind("used", row.dayUsed())
                .execute();
    }
}
