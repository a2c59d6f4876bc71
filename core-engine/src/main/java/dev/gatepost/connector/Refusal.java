package dev.gatepost.connector;

/** Why a CRM does not let us in. The connection is held until a person mends it; attempts are not counted. */
public enum Refusal {
    /** The credentials are wrong, expired or revoked. */
    NEEDS_REAUTH,
    /** The credentials lack a permission, or the account's plan does. */
    MISSING_SCOPE
}
