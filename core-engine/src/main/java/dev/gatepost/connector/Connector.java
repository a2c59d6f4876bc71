package dev.gatepost.connector;

import java.util.List;

/** One connection to one CRM account. Speaks in lists, since CRMs do. Safe for any thread. */
public interface Connector {
    /** The most contacts one call of {@link #contacts} or {@link #writeBack} may name. */
    int batchMax();

    /** Creates what is missing in the account (fields, their options, hooks). Idempotent. */
    Installed install();

    /** Reads contacts by id, at most {@link #batchMax()}, no id twice. */
    Contacts contacts(Urgency urgency, List<String> ids);

    /**
     * Writes our fields to the contacts' records, at most {@link #batchMax()}, no contact twice. Harmless when repeated.
     * A contact that is gone, or has another address than the one verified, is skipped.
     *
     * @return one outcome for each finding, in the same order
     */
    List<WriteBack> writeBack(Urgency urgency, List<Finding> findings);

    /**
     * A page of contacts, in an order that neither skips a contact nor ends early when others come, go or change in
     * between; naming one twice is allowed. A contact that changes while {@link Selection.ChangedSince} is listed may be
     * left to the next listing. Always {@link Urgency#BACKGROUND}.
     *
     * @param cursor empty for the first page, then the last page's
     * @param limit contacts wanted at most, 1 or more; the CRM's own page may be smaller
     */
    Listing list(Selection selection, String cursor, int limit);

    /** How many contacts the selection has, if one call tells. */
    Counted count(Selection selection);

    /** A cheap look at credentials and permissions; changes nothing. */
    Checkup check();

    /**
     * Takes ourselves and our webhooks out of the account, where the CRM has a call for that: the admin disconnects. What
     * was written to contacts stays. Repeating it, or failing, harms nothing.
     *
     * @return one sentence for each thing taken out, or that must be by hand
     */
    default List<String> leave() {
        return List.of(); // most CRMs have no such call: the admin deletes the key there
    }

    /**
     * Tells a CRM's waiting workflow steps what their errands came to, at most {@link #batchMax()}. Harmless when repeated:
     * a step that waits no longer is {@link WriteBack.Skipped}. Only for plug-ins whose routes take errands.
     *
     * @return one outcome for each reply, in the same order
     */
    default List<WriteBack> reply(List<Reply> replies) {
        return replies.stream()
                .<WriteBack>map(_ -> new WriteBack.GaveUp("this CRM takes no replies"))
                .toList();
    }
}
