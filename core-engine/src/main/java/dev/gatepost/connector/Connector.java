package dev.gatepost.connector;

import java.util.List;

/** One connection to one CRM account. Speaks in lists, since CRMs do. Safe for any thread. */
public interface Connector {
    /** The most contacts one call of {@link #contacts} or {@link #writeBack} may name. */
    int batchMax();

    /** Creates what is missing in the account (fields, their options, hooks). Idempotent. */
    Installed install();

    /** Reads contacts by id, at most {@link #batchMax()}, no id twice. */
    Contacts contacts(List<String> ids);

    /**
     * Writes our fields to the contacts' records, at most {@link #batchMax()}, no contact twice. Harmless when repeated.
     * A contact that is gone, or has another address than the one verified, is skipped.
     *
     * @return one outcome for each finding, in the same order
     */
    List<WriteBack> writeBack(List<Finding> findings);
}
