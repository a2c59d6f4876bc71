package dev.gatepost.hubspot.sandbox;

/** Ways in which the sandbox can misbehave on order. */
public enum Fault {
    /** 401, as after the token was revoked. */
    UNAUTHORIZED,
    /** 429, the ten-second limit. */
    BURST,
    /** 429, the limit of the day. */
    DAILY,
    /** 500 with HubSpot's error object. */
    SERVER_ERROR,
    /** 502 with the HTML page of a proxy. */
    BAD_GATEWAY,
    /** A batch update answers 207: its first input fails. Other calls are not affected and do not use it up. */
    ONE_FAILS,
    /** The answer comes later than any client should wait. */
    SLOW
}
