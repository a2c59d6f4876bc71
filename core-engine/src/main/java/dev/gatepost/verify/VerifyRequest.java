package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.smtp.SmtpTimeouts;

/**
 * What to verify, and how far to go.
 *
 * @param id the id the verification will have
 * @param text what somebody typed
 * @param dialect the grammar to read it by
 * @param depth whom to ask
 * @param timeouts how long to wait for mail hosts
 */
public record VerifyRequest(String id, String text, AddressDialect dialect, Depth depth, SmtpTimeouts timeouts) {
    public VerifyRequest {
        requireNonNull(id, "id");
        requireNonNull(text, "text");
        requireNonNull(dialect, "dialect");
        requireNonNull(depth, "depth");
        requireNonNull(timeouts, "timeouts");
    }

    /** How far a verification goes. */
    public enum Depth {
        /** Syntax and lists; no packet leaves. */
        OFFLINE,
        /** DNS too, and mail hosts where SMTP is on. */
        FULL
    }
}
