package dev.gatepost.intake;

import dev.gatepost.connector.IncomingEvent.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Locale;

/**
 * One row of the event table, as far as work on it needs.
 *
 * @param reason why it is in its state; may be empty
 * @param starts how often work on it was begun without coming to an orderly end
 * @param attempts failed tries since the last progress
 * @param verificationId empty until the event has one
 * @param receivedAt when it was stored
 * @param occasion why it came
 */
record EventRow(
        String id,
        String workspaceId,
        String connectionId,
        Kind kind,
        String objectId,
        EventState state,
        String reason,
        int starts,
        int attempts,
        String verificationId,
        Instant receivedAt,
        Occasion occasion) {
    static final String COLUMNS = "id, workspace_id, connection_id, kind, object_id, state, reason, starts, attempts,"
            + " verification_id, received_at, lane, backfill_id, email, workflow_id, callback";

    static EventRow from(ResultSet row) throws SQLException {
        var verification = row.getString("verification_id");
        return new EventRow(
                row.getString("id"),
                row.getString("workspace_id"),
                row.getString("connection_id"),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("object_id"),
                EventState.of(row.getString("state")),
                row.getString("reason"),
                row.getInt("starts"),
                row.getInt("attempts"),
                verification == null ? "" : verification,
                Instant.ofEpochMilli(row.getLong("received_at")),
                Occasion.from(row));
    }

    /** Whether somebody waits for a reply. */
    boolean hasCallback() {
        return !occasion.callback().isEmpty();
    }
}
