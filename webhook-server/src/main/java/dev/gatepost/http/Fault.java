package dev.gatepost.http;

import java.util.Locale;
import java.util.Map;

/**
 * Everything that can be wrong with a request, or with us, as clients are told. The name in lower case is the stable
 * {@code code}; never rename one. {@code docs/api.md} lists all and is held to this table by a test.
 */
public enum Fault {
    BAD_REQUEST(400, "The request cannot be read.", "Look at its request line and headers."),
    MALFORMED_JSON(400, "The body is not acceptable JSON.", "Send one JSON object, in UTF-8, each name once."),
    KEY_IN_QUERY(
            400,
            "A key stands in the address.",
            "Send it as Authorization: Bearer KEY. Addresses are logged on the way, so revoke that key."),
    INVALID_IDEMPOTENCY_KEY(
            400, "The Idempotency-Key cannot be used.", "Send 1 to 255 printable ASCII characters, once."),
    MISSING_KEY(401, "Nobody knows who asks.", "Send Authorization: Bearer KEY; gatepost key create makes a key."),
    INVALID_KEY(
            401,
            "The key opens nothing.",
            "Copy it again whole; if it still fails it was revoked or has expired, so make a new one."),
    SIGN_IN_FAILED(
            401,
            "Address, password or code is wrong.",
            "Type them again; an owner can give you a link for a new password."),
    CODE_NEEDED(401, "A code is needed too.", "Send code: what the authenticator app shows, or a recovery code."),
    INSUFFICIENT_CREDITS(
            402,
            "There are no credits left.",
            "Grant some (gatepost credits grant N), or wait for running work to end."),
    MISSING_SCOPE(403, "The key may not do this.", "Make a key with a scope that this route names."),
    MISSING_ROLE(403, "You may not do this.", "Ask an owner or administrator of the workspace."),
    WRONG_PASSWORD(403, "The present password is wrong.", "Type it again."),
    OTHER_SITE(
            403,
            "The request comes from another site.",
            "Send it from our own pages, or with an Origin header that names this server."),
    CSRF_TOKEN_WRONG(
            403, "The X-CSRF-Token header is missing or wrong.", "Send the csrf_token that GET /v1/session gives."),
    ADDRESS_NOT_ALLOWED(
            403, "The key may not be used from this network address.", "Use it from its ranges, or make another key."),
    BROWSER_USE(
            403,
            "Keys belong on servers, not in web pages.",
            "Call from your own server; for sign-up forms make a publishable key (POST /v1/keys with mode pub)."),
    ORIGIN_NOT_ALLOWED(
            403,
            "The publishable key does not belong to this web site.",
            "Use it in pages of its origins, or make one for this origin (POST /v1/keys with mode pub)."),
    LIVE_KEY_NEEDED(403, "A test key cannot do this.", "Use a gp_live_ key."),
    NOT_FOUND(404, "There is nothing here.", "Look at the path and the id."),
    LINK_USED_UP(404, "This link was used before, or is too old.", "Ask an owner for a new one, or run gatepost link."),
    METHOD_NOT_ALLOWED(405, "The path does not know this method.", "Use one that the Allow header names."),
    UNFINISHED(408, "The body did not arrive in time.", "Send it again."),
    STILL_RUNNING(
            409, "The first request with this Idempotency-Key still runs.", "Send it again after Retry-After seconds."),
    CONFLICT(409, "This does not go with what is stored.", "Read the present state, then decide."),
    LAST_OWNER(409, "A workspace keeps its last owner.", "Make somebody else owner first."),
    TOO_LARGE(413, "The body is too large.", "Send less at a time."),
    COMPRESSED(415, "Compressed bodies are not taken.", "Send it without Content-Encoding."),
    UNSUPPORTED_MEDIA_TYPE(415, "The body has the wrong type.", "Send it with a Content-Type that the answer names."),
    WRONG_HOST(421, "This server does not answer to that name.", "Use its own name."),
    UNKNOWN_FIELD(422, "There is no such field.", "Leave it out, or look at its spelling."),
    MISSING_FIELD(422, "A field is missing.", "Add it."),
    INVALID_FIELD(422, "A field has a value that cannot be.", "Give it a value as described."),
    IDEMPOTENCY_MISMATCH(422, "The Idempotency-Key was used for another request.", "Use a new key for a new request."),
    RATE_LIMITED(429, "Too many requests.", "Send it again after Retry-After seconds."),
    HEADERS_TOO_LARGE(431, "The headers are too large.", "Send fewer or shorter headers."),
    INTERNAL_ERROR(500, "Something failed here.", "Send it again later; tell the operator the id if it stays."),
    UNAVAILABLE(503, "The server cannot take this now.", "Send it again after Retry-After seconds."),
    TOO_MANY_PAGES(503, "Too many pages are open at once.", "Close some.");

    private final int status;
    private final String title;
    private final String mend;

    Fault(int status, String title, String mend) {
        this.status = status;
        this.title = title;
        this.mend = mend;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    /** The stable word. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What is wrong, in one sentence, the same at every occurrence. */
    public String title() {
        return title;
    }

    /** What to do about it, in one sentence; an answer may say it more exactly. */
    public String mend() {
        return mend;
    }

    /** This fault in words of its own. */
    public Problem saying(String detail) {
        return new Problem(this, detail, mend, "", Map.of());
    }

    /** This fault as the catalogue describes it. */
    public Problem plain() {
        return saying(title);
    }

    /** This fault of one field or parameter. */
    public Problem of(String field, String detail) {
        return new Problem(this, detail, mend, field, Map.of());
    }
}
