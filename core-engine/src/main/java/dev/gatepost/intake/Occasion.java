package dev.gatepost.intake;

import dev.gatepost.connector.Urgency;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Why an event came.
 *
 * @param urgency which lane it takes
 * @param backfillId the backfill that found it, or empty
 * @param email the address an errand names; empty for the one the contact has
 * @param workflowId the workflow that judges it; empty for the connection's own
 * @param callback whom to tell the answer, or empty
 */
record Occasion(Urgency urgency, String backfillId, String email, String workflowId, String callback) {
    /** A webhook brought it. */
    static final Occasion WEBHOOK = new Occasion(Urgency.REAL_TIME, "", "", "", "");

    /** A webhook brought it, and names the workflow that judges it; empty for the connection's own. */
    static Occasion webhook(String workflowId) {
        return new Occasion(Urgency.REAL_TIME, "", "", workflowId, "");
    }

    /** A look for changes found it. */
    static final Occasion RECONCILIATION = new Occasion(Urgency.BACKGROUND, "", "", "", "");

    /** A backfill found it. */
    static Occasion backfill(String id) {
        return new Occasion(Urgency.BACKGROUND, id, "", "", "");
    }

    static Occasion from(ResultSet row) throws SQLException {
        return new Occasion(
                row.getInt("lane") == lane(Urgency.REAL_TIME) ? Urgency.REAL_TIME : Urgency.BACKGROUND,
                row.getString("backfill_id"),
                row.getString("email"),
                row.getString("workflow_id"),
                row.getString("callback"));
    }

    /** The number in the table; smaller goes first. */
    static int lane(Urgency urgency) {
        return switch (urgency) {
            case REAL_TIME -> 0;
            case BACKGROUND -> 1;
        };
    }
}
