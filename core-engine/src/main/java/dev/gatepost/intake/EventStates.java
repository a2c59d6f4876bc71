package dev.gatepost.intake;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** How telling the CRM went, for lists of verifications. */
public final class EventStates {
    private EventStates() {}

    /**
     * The state of the latest event that each verification answers, by the verification's id; verifications that answer
     * no event are missing.
     *
     * @param verificationIds a page of them
     * @return words such as {@code written}, {@code skipped}, {@code held}
     */
    public static Map<String, String> of(Handle handle, List<String> verificationIds) {
        var states = new HashMap<String, String>();
        if (verificationIds.isEmpty()) {
            return states;
        }
        handle.createQuery("""
                        select verification_id, state
                        from event
                        where verification_id in (<ids>)
                        order by updated_at, id
                        """)
                .bindList("ids", verificationIds)
                .map((row, _) -> Map.entry(row.getString("verification_id"), row.getString("state")))
                .forEach(state -> states.put(state.getKey(), state.getValue()));
        return states;
    }
}
