package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verification;

/**
 * What rules look at.
 *
 * @param normalized the address, normalized; empty when it is none
 * @param domain A-label form; empty when there is none
 * @param provider who runs the mail hosts; empty when unknown
 */
public record Subject(Verdict verdict, String normalized, String domain, String provider) {
    public Subject {
        requireNonNull(verdict, "verdict");
        requireNonNull(normalized, "normalized");
        requireNonNull(domain, "domain");
        requireNonNull(provider, "provider");
    }

    public static Subject of(Verification verification) {
        return new Subject(
                verification.verdict(), verification.normalized(), verification.domain(), verification.provider());
    }
}
