package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Locale;

/**
 * One thing that happened to one contact.
 *
 * @param account the CRM's id of the account it happened in, for HubSpot the portal id; selects the connection
 * @param kind what happened
 * @param objectId the CRM's id of the contact
 * @param dedupeKey the same for every repetition of the same event and for nothing else; at most 512 characters
 * @param occurredAt when, by the CRM's clock
 * @param workflow id of the customer's workflow that is to judge the contact; empty for the connection's own
 */
public record IncomingEvent(
        String account, Kind kind, String objectId, String dedupeKey, Instant occurredAt, String workflow) {
    public IncomingEvent {
        requireNonNull(account, "account");
        requireNonNull(kind, "kind");
        requireNonNull(objectId, "objectId");
        requireNonNull(dedupeKey, "dedupeKey");
        requireNonNull(occurredAt, "occurredAt");
        requireNonNull(workflow, "workflow");
    }

    /** Judged by the connection's own workflow. */
    public IncomingEvent(String account, Kind kind, String objectId, String dedupeKey, Instant occurredAt) {
        this(account, kind, objectId, dedupeKey, occurredAt, "");
    }

    /** What can happen to a contact. */
    public enum Kind {
        CREATED,
        CHANGED,
        RESTORED,
        MERGED,
        DELETED,
        /** Deletion by the person's right to be forgotten: everything derived goes too. */
        ERASED,
        /** A step of a CRM's workflow asks, and waits for the answer. */
        ASKED,
        /** A look through the CRM's contacts found it. */
        FOUND,
        /** Known to the CRM, of no interest to us: answered 2xx and recorded as ignored. */
        OTHER;

        /** The word in tables and logs. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
