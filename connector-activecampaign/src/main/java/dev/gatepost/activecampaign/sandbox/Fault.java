package dev.gatepost.activecampaign.sandbox;

/** Ways in which the sandbox can misbehave on order. */
public enum Fault {
    /** 401, which is not documented but may come. */
    UNAUTHORIZED,
    /** 403 with {@code {"message":"Forbidden"}}. */
    FORBIDDEN,
    /** 429 with {@code Retry-After}. */
    LIMIT,
    /** 503, which an older client reports at the limit. */
    BUSY,
    /** 500 with the HTML page of a proxy. */
    SERVER_ERROR,
    /** The call is done, but the connection is cut before the answer. */
    LOST_ANSWER
}
