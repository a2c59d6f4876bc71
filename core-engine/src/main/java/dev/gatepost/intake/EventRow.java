package dev.gatepost.intake;

import dev.gatepost.connector.IncomingEvent.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;

/**
 * One row of the event table, as far as work on it needs.
 *
 * @param starts how often work on it was begun without coming to an orderly end
 * @param attempts failed tries since the last progress
 * @param verificationId empty until the event has one
 */
record EventRow(
        String id,
        String workspaceId,
        String connectionId,
        Kind kind,
        String objectId,
        EventState state,
        int starts,
        int attempts,
        String verificationId) {

    static final String COLUMNS =
            "id, workspace_id, connection_id, kind, object_id, state, starts, attempts, verification_id";

    static EventRow from(ResultSet row) throws SQLException {
        var verification = row.getString("verification_id");
        return new EventRow(
                row.getString("id"),
                row.getString("workspace_id"),
                row.getString("connection_id"),
                Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                row.getString("object_id"),
                EventState.of(row.getString("state")),
                row.getInt("starts"),
                row.getInt("attempts"),
                verification == null ? "" : verification);
    }
}
