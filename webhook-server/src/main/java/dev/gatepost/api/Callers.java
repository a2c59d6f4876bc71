package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.workspace.ApiKey;
import dev.gatepost.workspace.ApiKeys;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.KeyText;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Finds out who makes a request: a key in the Authorization header, else the session of a person. Safe for any thread.
 */
public final class Callers {

    private static final String SCHEME = "Bearer ";

    /**
     * Checks a minute from one network with one publishable key: more than anybody types, room for an office behind one
     * address.
     */
    static final int VISITOR_RATE_PER_MINUTE = 30;

    /** How long a browser need not ask again. A key revoked meanwhile is refused all the same. */
    private static final Duration PREFLIGHT_KEPT = Duration.ofMinutes(10);

    private static final int NETWORK_OCTETS = 8;

    private final ApiKeys keys;
    private final Persons persons;
    private final RateLimits limits;
    private final RateLimits visitors;
    private final InstantSource clock;

    public Callers(ApiKeys keys, Persons persons, InstantSource clock) {
        this.keys = requireNonNull(keys, "keys");
        this.persons = requireNonNull(persons, "persons");
        this.limits = new RateLimits("key", clock);
        this.visitors = new RateLimits("visitor", clock);
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Who asks.
     *
     * @throws Refused when nobody does, or the key may not be used, or too often
     */
    Caller of(Context context) {
        var header = context.header("Authorization");
        if (header == null) {
            return persons.of(context).orElseThrow(() -> unknown(Fault.MISSING_KEY));
        }
        var key = key(header);
        if (context.header("Origin") != null) {
            throw new Refused(Fault.BROWSER_USE.plain());
        }
        return admitted(context, key);
    }

    /**
     * Which publishable key a web page sends.
     *
     * @throws Refused when it sends none, or another kind of key, or the page is not of the key's origins, or asks too
     *     often
     */
    Caller ofPage(Context context) {
        var header = Optional.ofNullable(context.header("Authorization")).orElseThrow(() -> unknown(Fault.MISSING_KEY));
        var key = key(header);
        var origin = Optional.ofNullable(context.header("Origin")).orElse("");
        if (key.draft().kind() != KeyKind.PUB) {
            throw new Refused(
                    origin.isEmpty()
                            ? Fault.MISSING_SCOPE.saying(
                                    "This is for publishable keys; use POST /v1/verify with this one.")
                            : Fault.BROWSER_USE.plain());
        }
        if (!key.draft().origins().contains(origin)) {
            throw new Refused(Fault.ORIGIN_NOT_ALLOWED.saying(
                    origin.isEmpty()
                            ? "A publishable key works in web pages alone, whose browser sends an Origin header."
                            : "The key was not made for " + origin + "."));
        }
        readable(context, origin);
        var visitor = visitors.count(key.id() + " " + network(context), VISITOR_RATE_PER_MINUTE);
        if (!visitor.isWithin()) {
            throw tooOften(visitor, "One visitor may make " + visitor.quota() + " requests a minute.");
        }
        return admitted(context, key);
    }

    /**
     * Answers a browser that asks whether a page may send a publishable key. The key itself is not sent with that
     * question.
     *
     * @param methods that the path knows
     * @throws Refused when no key in use is bound to the page's origin
     */
    void preflight(Context context, String methods) {
        var origin = Optional.ofNullable(context.header("Origin")).orElse("");
        if (!keys.isOrigin(origin)) {
            throw new Refused(Fault.ORIGIN_NOT_ALLOWED.saying("No publishable key was made for this origin."));
        }
        readable(context, origin);
        context.header("Access-Control-Allow-Methods", methods);
        context.header("Access-Control-Allow-Headers", "Authorization, Content-Type");
        context.header("Access-Control-Max-Age", Long.toString(PREFLIGHT_KEPT.toSeconds()));
    }

    /** Lets pages of {@code origin} read the answer, whatever it will be. */
    private static void readable(Context context, String origin) {
        context.header("Access-Control-Allow-Origin", origin);
        context.header("Access-Control-Expose-Headers", "Retry-After, RateLimit, RateLimit-Policy");
        context.header("Vary", "Origin");
    }

    /** Who is likely one household: an IPv4 address, or the 64 bits of IPv6 that a provider gives to one (RFC 6177). */
    private static String network(Context context) {
        var address = InetAddress.ofLiteral(context.req().getRemoteAddr()).getAddress();
        return HexFormat.of().formatHex(address, 0, Math.min(address.length, NETWORK_OCTETS));
    }

    private ApiKey key(String header) {
        if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw unknown(Fault.MISSING_KEY);
        }
        return Optional.of(header.substring(SCHEME.length()).strip())
                .filter(text -> KeyText.kindOf(text).isPresent())
                .flatMap(keys::find)
                .filter(key -> key.isLive(clock.instant()))
                .orElseThrow(() -> unknown(Fault.INVALID_KEY));
    }

    private Caller admitted(Context context, ApiKey key) {
        if (!key.admits(InetAddress.ofLiteral(context.req().getRemoteAddr()))) {
            throw new Refused(Fault.ADDRESS_NOT_ALLOWED.plain());
        }
        var count = limits.count(key.id(), key.draft().ratePerMinute());
        context.header("RateLimit-Policy", count.policy());
        context.header("RateLimit", count.limit());
        if (!count.isWithin()) {
            throw tooOften(count, "This key may make " + count.quota() + " requests a minute.");
        }
        keys.used(key.id());
        var draft = key.draft();
        return new Caller.ByKey(draft.workspaceId(), key.id(), draft.scopes(), draft.kind());
    }

    private static Refused tooOften(RateLimits.Count count, String detail) {
        return new Refused(Fault.RATE_LIMITED.saying(detail).with("Retry-After", Long.toString(count.resetSeconds())));
    }

    private static Refused unknown(Fault fault) {
        return new Refused(fault.plain().with("WWW-Authenticate", "Bearer realm=\"gatepost\""));
    }
}
