package dev.gatepost.hubspot.sandbox;

/** Ways in which the sandbox can misbehave on order. */
public enum Fault {
    /** 401, as after the token was revoked. */
    UNAUTHORIZED,
    /** 429, the ten-second limit. */
    BURST,
    /** 429, the limit of the day. */
    DAILY,
    /** 423: the record is locked. */
    LOCKED,
    /** 477: the portal moves to another data centre. */
    MIGRATING,
    /** 409 with the category {@code CONFLICT}: somebody else writes at the same moment. */
    CONFLICT,
    /** 403 with the names of the scopes that are missing. */
    MISSING_SCOPES,
    /** 400 for a whole batch update, as when an admin's rule forbids the write. */
    RULE_BROKEN,
    /** 500 with HubSpot's error object. */
    SERVER_ERROR,
    /** 502 with the HTML page of a proxy. */
    BAD_GATEWAY,
    /** A batch update answers 207: its first input fails. Other calls are not affected and do not use it up. */
    ONE_FAILS,
    /** The answer comes later than any client should wait. */
    SLOW
}
