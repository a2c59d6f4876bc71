package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Trust;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The engine's opinion of an address.
 *
 * @param reason why; it implies the status
 * @param traits what else is true of the address
 * @param score 0-100: how sure we are that mail arrives at a person; the sum of {@code steps}
 * @param steps the deltas that make up the score, in order
 */
public record Verdict(Reason reason, Set<Trait> traits, int score, List<ScoreStep> steps) {
    public Verdict {
        requireNonNull(reason, "reason");
        traits = Set.copyOf(traits);
        steps = List.copyOf(steps);
    }

    /** One step of the score: a reason code or trait, and what it adds or takes away. */
    public record ScoreStep(String reason, int delta) {
        public ScoreStep {
            requireNonNull(reason, "reason");
        }
    }

    /** Judges evidence. Pure: the same evidence gives the same verdict for ever. */
    public static Verdict of(List<Evidence> evidence) {
        var reason = evidence.stream()
                .map(Verdict::conclusion)
                .flatMap(Optional::stream)
                .findFirst()
                .map(found -> weigh(found, evidence))
                .orElseThrow(() -> new IllegalStateException("no conclusive evidence in " + evidence));
        var traits = EnumSet.noneOf(Trait.class);
        evidence.forEach(each -> addTraits(traits, each));
        var score = Score.of(reason, traits, evidence);
        return new Verdict(reason, traits, score.points(), score.steps());
    }

    public Status status() {
        return reason.status();
    }

    public Label label() {
        return Label.of(status(), traits);
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /** What the provider's habits make of an acceptance; every other reason stands as it is. */
    private static Reason weigh(Reason reason, List<Evidence> evidence) {
        var trust = evidence.stream()
                .filter(Evidence.MailHosts.class::isInstance)
                .map(each -> ((Evidence.MailHosts) each).acceptTrust())
                .findFirst()
                .orElse(Trust.MEDIUM);
        var othersRefused = evidence.stream()
                .anyMatch(each ->
                        each instanceof Evidence.RecipientAnswered answered && answered.acceptAll() == AcceptAll.NO);
        if (reason == Reason.ACCEPTED && trust == Trust.LOW && !othersRefused) {
            return Reason.PROVIDER_UNVERIFIABLE;
        }
        return reason == Reason.ACCEPT_ALL_UNCLEAR && trust == Trust.HIGH ? Reason.ACCEPTED : reason;
    }

    private static void addTraits(Set<Trait> traits, Evidence evidence) {
        switch (evidence) {
            case Evidence.Form form -> {
                addIf(form.subaddressed(), Trait.SUBADDRESS, traits);
                addIf(form.smtputf8(), Trait.SMTPUTF8, traits);
                addIf(form.homograph(), Trait.HOMOGRAPH, traits);
            }
            case Evidence.Listed listed -> {
                switch (listed.hit().list()) {
                    case DISPOSABLE, BLOCK -> traits.add(Trait.DISPOSABLE);
                    case FREE -> traits.add(Trait.FREE);
                    case ROLE -> traits.add(Trait.ROLE);
                    case RELAY -> traits.add(Trait.RELAY);
                    case EDU, ALLOW, OPTOUT -> {} // information only
                }
            }
            case Evidence.MailHosts hosts -> addIf(hosts.implicit(), Trait.IMPLICIT_MX, traits);
            case Evidence.RecipientAnswered answered -> {
                addIf(answered.meaning() == ReplyMeaning.MAILBOX_FULL, Trait.MAILBOX_FULL, traits);
                addIf(answered.acceptAll() == AcceptAll.YES, Trait.ACCEPT_ALL, traits);
            }
            case Evidence.Malformed _,
                    Evidence.CrmSaid _,
                    Evidence.RandomLooking _,
                    Evidence.Suggested _,
                    Evidence.SpecialUse _,
                    Evidence.StillAsking _,
                    Evidence.Offline _,
                    Evidence.NoDomain _,
                    Evidence.NullMx _,
                    Evidence.NoMailHost _,
                    Evidence.MxUnresolvable _,
                    Evidence.MxUnroutable _,
                    Evidence.DnsFailed _,
                    Evidence.DisposableSuspected _,
                    Evidence.Policies _,
                    Evidence.OptedOut _,
                    Evidence.SmtpOff _,
                    Evidence.Said _,
                    Evidence.SenderRefused _,
                    Evidence.NoAnswer _,
                    Evidence.Smtputf8Unsupported _ -> {
                // tells nothing beside the reason
            }
        }
    }

    private static void addIf(boolean holds, Trait trait, Set<Trait> traits) {
        if (holds) {
            traits.add(trait);
        }
    }

    /** What one observation concludes by itself; empty when it settles nothing. */
    private static Optional<Reason> conclusion(Evidence evidence) {
        return switch (evidence) {
            case Evidence.Malformed _ -> Optional.of(Reason.INVALID_SYNTAX);
            case Evidence.SpecialUse _ -> Optional.of(Reason.SPECIAL_USE_DOMAIN);
            case Evidence.StillAsking _ -> Optional.of(Reason.IN_PROGRESS);
            case Evidence.Offline _ -> Optional.of(Reason.OFFLINE);
            case Evidence.NoDomain _ -> Optional.of(Reason.NO_DOMAIN);
            case Evidence.NullMx _ -> Optional.of(Reason.NULL_MX);
            case Evidence.NoMailHost _ -> Optional.of(Reason.NO_MAIL_HOST);
            case Evidence.MxUnresolvable _ -> Optional.of(Reason.MX_UNRESOLVABLE);
            case Evidence.MxUnroutable _ -> Optional.of(Reason.UNROUTABLE_MX);
            case Evidence.DnsFailed _ -> Optional.of(Reason.DNS_TEMPORARY);
            case Evidence.OptedOut _ -> Optional.of(Reason.OPTED_OUT);
            case Evidence.SmtpOff _ -> Optional.of(Reason.SMTP_OFF);
            case Evidence.RecipientAnswered answered -> Optional.of(ofAnswer(answered));
            case Evidence.SenderRefused refused -> Optional.of(ofRefusalOfUs(refused));
            case Evidence.NoAnswer none -> Optional.of(ofTrouble(none));
            case Evidence.Smtputf8Unsupported _ -> Optional.of(Reason.SMTPUTF8_UNSUPPORTED);
            case Evidence.Form _,
                    Evidence.CrmSaid _,
                    Evidence.RandomLooking _,
                    Evidence.Listed _,
                    Evidence.Suggested _,
                    Evidence.MailHosts _,
                    Evidence.DisposableSuspected _,
                    Evidence.Policies _,
                    Evidence.Said _ -> Optional.empty();
        };
    }

    /** Only here can a mail host's words make an address invalid: a permanent refusal of this very recipient. */
    private static Reason ofAnswer(Evidence.RecipientAnswered answered) {
        return switch (answered.meaning()) {
            case ACCEPT ->
                switch (answered.acceptAll()) {
                    case YES -> Reason.ACCEPT_ALL;
                    case NO, NOT_ASKED -> Reason.ACCEPTED;
                    case UNCLEAR -> Reason.ACCEPT_ALL_UNCLEAR;
                };
            case MAILBOX_NOT_FOUND -> refused(answered, Reason.MAILBOX_NOT_FOUND);
            case DISABLED -> refused(answered, Reason.MAILBOX_DISABLED);
            case MAILBOX_FULL -> Reason.MAILBOX_FULL;
            case GREYLISTED -> Reason.GREYLISTED;
            case RATE_LIMITED -> answered.mailboxExists() ? Reason.RECIPIENT_BUSY : Reason.RATE_LIMITED;
            case BLOCKED_REPUTATION -> Reason.BLOCKED;
            case AUTH_REQUIRED, POLICY -> answered.mailboxExists() ? Reason.RECIPIENT_RESTRICTED : Reason.SMTP_POLICY;
            case RELAY_DENIED -> Reason.RELAY_DENIED;
            case TLS_REQUIRED -> Reason.TLS_REQUIRED;
            case SYNTAX -> Reason.PROTOCOL;
            case TEMPORARY -> Reason.TEMPORARY;
        };
    }

    private static Reason refused(Evidence.RecipientAnswered answered, Reason invalid) {
        var permanent = answered.reply().code() >= 500;
        if (!permanent) {
            return Reason.TEMPORARY; // 450 4.1.1 "user unknown": a soft setting of the host, it wants us to come back
        }
        return answered.acceptAll() == AcceptAll.YES ? Reason.CONFLICTING_ANSWERS : invalid;
    }

    /** It refused us, so it said nothing about the mailbox. */
    private static Reason ofRefusalOfUs(Evidence.SenderRefused refused) {
        var permanent = refused.reply().code() >= 500;
        return switch (refused.meaning()) {
            case BLOCKED_REPUTATION -> Reason.BLOCKED;
            case POLICY, AUTH_REQUIRED, RELAY_DENIED -> Reason.SMTP_POLICY;
            case TLS_REQUIRED -> Reason.TLS_REQUIRED;
            case GREYLISTED -> Reason.GREYLISTED;
            case RATE_LIMITED -> Reason.RATE_LIMITED;
            case SYNTAX -> Reason.PROTOCOL;
            case ACCEPT, MAILBOX_NOT_FOUND, MAILBOX_FULL, DISABLED, TEMPORARY ->
                permanent ? Reason.BLOCKED : Reason.TEMPORARY;
        };
    }

    private static Reason ofTrouble(Evidence.NoAnswer none) {
        return switch (none.trouble()) {
            case TIMEOUT -> Reason.TIMEOUT;
            case CONNECTION_REFUSED, CONNECTION_LOST, NO_ROUTE -> Reason.CONNECTION_FAILED;
            case PROTOCOL -> Reason.PROTOCOL;
            case EGRESS_REFUSED -> Reason.EGRESS_REFUSED;
            case BUSY -> Reason.BUSY;
        };
    }
}
