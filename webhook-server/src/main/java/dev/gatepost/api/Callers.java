package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.workspace.ApiKey;
import dev.gatepost.workspace.ApiKeys;
import dev.gatepost.workspace.KeyText;
import io.javalin.http.Context;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Optional;

/** Finds out who makes a request: a key in the Authorization header, else the session of a person. Safe for any thread. */
public final class Callers {

    private static final String SCHEME = "Bearer ";

    private final ApiKeys keys;
    private final Persons persons;
    private final RateLimits limits;
    private final InstantSource clock;

    public Callers(ApiKeys keys, Persons persons, InstantSource clock) {
        this.keys = requireNonNull(keys, "keys");
        this.persons = requireNonNull(persons, "persons");
        this.limits = new RateLimits(clock);
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
            throw new Refused(Fault.RATE_LIMITED
                    .saying("This key may make " + count.quota() + " requests a minute.")
                    .with("Retry-After", Long.toString(count.resetSeconds())));
        }
        keys.used(key.id());
        var draft = key.draft();
        return new Caller.ByKey(draft.workspaceId(), key.id(), draft.scopes(), draft.kind());
    }

    private static Refused unknown(Fault fault) {
        return new Refused(fault.plain().with("WWW-Authenticate", "Bearer realm=\"gatepost\""));
    }
}
