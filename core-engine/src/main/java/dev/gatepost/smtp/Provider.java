package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

/**
 * What is known about whoever runs a mail host.
 *
 * @param name for people and rules, for example {@code Gmail}; empty for an unknown one
 * @param group hosts with the same group share our limits towards them
 * @param rejectTrust how far a refusal of the recipient may be believed
 * @param acceptTrust how far an acceptance may be believed
 * @param probeRandom whether asking for a random local part tells anything
 * @param rcptMax most recipients in one session, at least 1
 * @param addressesPerMinute most addresses asked about in a minute; an unknown provider's are the operator's to set
 * @param addressesPerDay the same for a day
 * @param rule the row that says so and its table, for example {@code *.mx.microsoft, the shipped table of 2026-11-23};
 *     empty for an unknown provider
 */
public record Provider(
        String name,
        String group,
        Trust rejectTrust,
        Trust acceptTrust,
        boolean probeRandom,
        int rcptMax,
        int addressesPerMinute,
        int addressesPerDay,
        String rule) {
    public Provider {
        requireNonNull(name, "name");
        requireNonNull(group, "group");
        requireNonNull(rejectTrust, "rejectTrust");
        requireNonNull(acceptTrust, "acceptTrust");
        requireNonNull(rule, "rule");
    }
}
