package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.QueryBudget;
import dev.gatepost.smtp.SmtpTimeouts;
import java.time.Duration;

/**
 * What to verify, and how far to go.
 *
 * @param id the id the verification will have
 * @param text what somebody typed
 * @param dialect the grammar to read it by
 * @param depth whom to ask
 * @param timeouts how long to wait for mail hosts
 * @param patience how long the caller waits for everything together, positive; never longer than name servers and mail
 *     hosts may take
 */
public record VerifyRequest(
        String id, String text, AddressDialect dialect, Depth depth, SmtpTimeouts timeouts, Duration patience) {
    public VerifyRequest {
        requireNonNull(id, "id");
        requireNonNull(text, "text");
        requireNonNull(dialect, "dialect");
        requireNonNull(depth, "depth");
        requireNonNull(timeouts, "timeouts");
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("no patience at all: " + patience);
        }
        var longest = longest(timeouts);
        patience = patience.compareTo(longest) < 0 ? patience : longest;
    }

    /** A request by somebody who waits for as long as name servers and mail hosts may take. */
    public VerifyRequest(String id, String text, AddressDialect dialect, Depth depth, SmtpTimeouts timeouts) {
        this(id, text, dialect, depth, timeouts, longest(timeouts));
    }

    private static Duration longest(SmtpTimeouts timeouts) {
        return QueryBudget.TIME_MAX.plus(timeouts.total());
    }

    /** The same request by somebody who waits for so long at most. */
    public VerifyRequest within(Duration other) {
        return new VerifyRequest(id, text, dialect, depth, timeouts, other);
    }

    /** The same request by somebody who waits for as long as it may take. */
    VerifyRequest unhurried() {
        return new VerifyRequest(id, text, dialect, depth, timeouts);
    }

    /** How far a verification goes. */
    public enum Depth {
        /** Syntax and lists; no packet leaves. */
        OFFLINE,
        /** DNS too, and mail hosts where SMTP is on. */
        FULL
    }
}
