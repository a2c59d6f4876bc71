package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * The whole record of one check of one address.
 *
 * @param id ours, unique
 * @param email the text as it was given
 * @param normalized the key two spellings share; empty when the text is not an address
 * @param domain A-label form; empty when the text is not an address
 * @param evidence what was seen, in order
 * @param verdict what follows from it
 * @param at when the verdict was reached
 * @param took how long that took
 */
public record Verification(
        String id,
        String email,
        String normalized,
        String domain,
        List<Evidence> evidence,
        Verdict verdict,
        Instant at,
        Duration took) {
    public Verification {
        requireNonNull(id, "id");
        requireNonNull(email, "email");
        requireNonNull(normalized, "normalized");
        requireNonNull(domain, "domain");
        evidence = List.copyOf(evidence);
        requireNonNull(verdict, "verdict");
        requireNonNull(at, "at");
        requireNonNull(took, "took");
    }

    /** The same with more evidence behind what was seen; judged anew. */
    public Verification with(List<? extends Evidence> more) {
        if (more.isEmpty()) {
            return this;
        }
        var all = Stream.concat(evidence.stream(), more.stream()).toList();
        return new Verification(id, email, normalized, domain, all, Verdict.of(all), at, took);
    }

    /** Whether asking again within the hour would be of no use; otherwise the answer is one for the time being. */
    public boolean isFinal() {
        return !verdict.reason().mayChange();
    }

    /** The address that may have been meant, or empty. */
    public String suggestion() {
        return evidence.stream()
                .filter(Evidence.Suggested.class::isInstance)
                .map(each -> ((Evidence.Suggested) each).address())
                .findFirst()
                .orElse("");
    }

    /** Why, as one plain English sentence; for a text that is no address it says what is wrong with it. */
    public String reasonText() {
        return reasonText(verdict.reason(), evidence);
    }

    /** The sentence for a reason that rests on this evidence. */
    public static String reasonText(Reason reason, List<Evidence> evidence) {
        return evidence.stream()
                .filter(_ -> reason == Reason.INVALID_SYNTAX)
                .filter(Evidence.Malformed.class::isInstance)
                .map(each -> "The text is not an email address: "
                        + ((Evidence.Malformed) each).defect().sentence() + ".")
                .findFirst()
                .orElseGet(reason::sentence);
    }

    /** Who runs the mail hosts, or empty. */
    public String provider() {
        return mailHosts().map(Evidence.MailHosts::provider).findFirst().orElse("");
    }

    /** Names of the mail hosts in the order to try. */
    public List<String> mx() {
        return mailHosts().map(Evidence.MailHosts::hosts).findFirst().orElse(List.of());
    }

    private Stream<Evidence.MailHosts> mailHosts() {
        return evidence.stream().filter(Evidence.MailHosts.class::isInstance).map(Evidence.MailHosts.class::cast);
    }
}
