package dev.gatepost.workspace;

import java.util.Locale;

/** What stands in the audit log (reliability: L2). The words are public API. */
public enum AuditAction {
    SIGNED_IN,
    SIGN_IN_FAILED,
    SIGNED_OUT,
    LINK_MADE,
    LINK_USED,
    PASSWORD_CHANGED,
    TOTP_SWITCHED_ON,
    TOTP_SWITCHED_OFF,
    RECOVERY_CODE_USED,
    PERSON_ADDED,
    PERSON_REMOVED,
    ROLE_CHANGED,
    WORKSPACE_CREATED,
    WORKSPACE_RENAMED,
    /** An API key. */
    KEY_MADE,
    KEY_REVOKED,
    /** The key that encrypts secrets. */
    SECRETS_KEY_ROTATED,
    CONNECTION_SAVED,
    /** Paused, resumed, disconnected, or an option set. */
    CONNECTION_CHANGED,
    BACKFILL_STARTED,
    /** Paused, resumed or cancelled. */
    BACKFILL_CHANGED,
    CREDITS_GRANTED,
    /** A charge given back. */
    CREDITS_REVERSED,
    /** The threshold under which credits count as low. */
    CREDITS_ALARM_SET,
    /** A receiver of our webhooks. */
    HOOK_MADE,
    HOOK_REMOVED,
    /** Enabled again, or its secret changed. */
    HOOK_CHANGED,
    /** Stored evidence judged again, and the new verdicts kept. */
    REJUDGED,
    /** An address verified once more though its answer was still good. */
    CHECKED_AFRESH,
    EVENTS_RUN_AGAIN,
    EVENTS_DISCARDED,
    EGRESS_REFUSED,
    SIGNATURE_FAILED,
    /** A list of addresses was handed in. */
    BATCH_RECEIVED,
    /** A list was ended and removed. */
    BATCH_REMOVED,
    EXPORTED,
    ERASED,
    RULES_CHANGED;

    /** As stored and shown: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
