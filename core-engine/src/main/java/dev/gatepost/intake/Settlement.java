package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.Outbox;
import dev.gatepost.hook.Outbox.Happening;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Verifications.Origin;
import dev.gatepost.ledger.Charge;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.rules.Decision;
import dev.gatepost.verify.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Brings a judged verification, its credit, its usage row and its claim into one transaction (reliability C5). Has no state
 * of its own.
 */
final class Settlement {
    private final Ledger ledger;
    private final Verifications verifications;
    private final Claims claims;
    private final Recheck recheck;
    private final Duration freshness;
    private final Outbox outbox;

    Settlement(
            Ledger ledger,
            Verifications verifications,
            Claims claims,
            Recheck recheck,
            Duration freshness,
            Outbox outbox) {
        this.ledger = requireNonNull(ledger, "ledger");
        this.verifications = requireNonNull(verifications, "verifications");
        this.claims = requireNonNull(claims, "claims");
        this.recheck = requireNonNull(recheck, "recheck");
        this.freshness = requireNonNull(freshness, "freshness");
        this.outbox = requireNonNull(outbox, "outbox");
    }

    /**
     * One verification to settle.
     *
     * @param checks how often the address has been asked, this time included; a time that our own limits left no place
     *     for does not count, so that a flood of contacts never makes an answer final
     * @param reusedFrom the verification whose evidence this one repeats, or empty
     */
    record Item(Origin origin, Judged judged, int checks, String reusedFrom) {}

    /** Settles verifications of one workspace; returns how each came out, in order. */
    List<Settled> settle(Handle handle, String workspaceId, List<Item> items, Instant now) {
        return ledger.post(
                handle,
                workspaceId,
                posting -> items.stream()
                        .map(item -> settle(handle, posting, item, now))
                        .toList());
    }

    /** Stores a verification that costs nothing whatever it says: a test key's. */
    Settled settleFree(Handle handle, Item item, Instant now) {
        var next = item.judged().verification().verdict().reason().mayChange()
                ? recheck.after(Math.max(1, item.checks()), now)
                : null;
        var settled = new Settled(item.judged(), Billing.TEST, 0, next == null ? Finality.FINAL : Finality.OPEN, now);
        verifications.store(handle, item.origin(), settled, item.checks(), next, item.reusedFrom());
        return settled;
    }

    private Settled settle(Handle handle, Ledger.Posting posting, Item item, Instant now) {
        var verdict = item.judged().verification().verdict();
        var next = verdict.reason().mayChange() ? recheck.after(Math.max(1, item.checks()), now) : null;
        var settled = next == null ? close(handle, posting, item, now) : leaveOpen(item, now);
        var isStored = verifications.store(handle, item.origin(), settled, item.checks(), next, item.reusedFrom());
        if (isStored && settled.finality() == Finality.FINAL) {
            tell(handle, item.origin(), settled);
        }
        return settled;
    }

    /** Rows for whoever wants to be told of a final answer; none when nobody does. */
    private void tell(Handle handle, Origin origin, Settled settled) {
        happened(handle, HookEvent.VERIFICATION_COMPLETED, origin, settled);
        if (settled.judged().decision() instanceof Decision.Reject) {
            happened(handle, HookEvent.EMAIL_REJECTED, origin, settled);
        }
    }

    private void happened(Handle handle, HookEvent event, Origin origin, Settled settled) {
        var verification = settled.judged().verification();
        outbox.add(
                handle,
                new Happening(
                        origin.workspaceId(),
                        event,
                        subject(verification.id(), origin.connectionId(), origin.objectId()),
                        settled.judged().workflow().id(),
                        verification.verdict().label().word(),
                        () -> VerificationJson.write(settled, VerificationJson.Detail.PLAIN)));
    }

    /** What receivers are told about one contact has this subject, by which an erasure finds it. */
    static String subject(String connectionId, String objectId) {
        return connectionId + ":" + objectId;
    }

    /** As above, of a stored verification, which may be of no contact. */
    static String subject(Verifications.Row row) {
        return subject(row.id(), row.connectionId(), row.objectId());
    }

    private static String subject(String verificationId, String connectionId, String objectId) {
        return objectId.isEmpty() ? verificationId : subject(connectionId, objectId);
    }

    /** Not final: the credit stays set aside until it is. */
    private static Settled leaveOpen(Item item, Instant now) {
        return new Settled(item.judged(), Billing.RESERVED, 0, Finality.OPEN, now);
    }

    private Settled close(Handle handle, Ledger.Posting posting, Item item, Instant now) {
        var verification = item.judged().verification();
        var key = item.origin().chargeKey();
        if (verification.verdict().status() == Status.UNKNOWN) {
            posting.release(key);
            claims.finish(handle, verification.id(), Claims.End.UNKNOWN, now);
            return new Settled(item.judged(), Billing.NOT_CHARGED_UNKNOWN, 0, Finality.FINAL, now);
        }
        claims.finish(handle, verification.id(), Claims.End.ANSWERED, now);
        var validUntil = now.plus(freshness);
        if (!item.reusedFrom().isEmpty() || isKnown(handle, item, now)) {
            posting.release(key);
            return new Settled(item.judged(), Billing.REUSED, 0, Finality.FINAL, validUntil);
        }
        return switch (posting.settle(key)) {
            case Charge.Charged(var credits) ->
                new Settled(item.judged(), Billing.CHARGED, (int) credits, Finality.FINAL, validUntil);
            case Charge.AlreadyCharged _ -> new Settled(item.judged(), Billing.CHARGED, 1, Finality.FINAL, validUntil);
            case Charge.NotReserved _ ->
                throw new IllegalStateException("no open reservation for verification " + verification.id());
        };
    }

    /** Two verifications of one address may run side by side; the second to end is not charged. */
    private boolean isKnown(Handle handle, Item item, Instant now) {
        var verification = item.judged().verification();
        if (verification.normalized().isEmpty()) {
            return false;
        }
        return verifications
                .known(handle, item.origin().workspaceId(), verification.normalized(), now.minus(freshness))
                .filter(known -> !known.id().equals(verification.id()))
                .isPresent();
    }

    /** Ends a verification half-way: gives its credit back and closes its claim. Does nothing to a finished one. */
    void abandon(Handle handle, Verifications.Row row, Instant now) {
        if (row.finality() == Finality.FINAL) {
            return;
        }
        giveUp(handle, row.workspaceId(), row.id(), row.chargeKey(), now);
    }

    /** Gives back what was set aside for a verification that may never have been stored, and closes its claim. */
    void giveUp(Handle handle, String workspaceId, String verificationId, String chargeKey, Instant now) {
        ledger.post(handle, workspaceId, posting -> posting.release(chargeKey));
        verifications.close(handle, verificationId);
        claims.finish(handle, verificationId, Claims.End.ABANDONED, now);
    }

    /**
     * When addresses that got no final answer are asked again.
     *
     * @param delays before the second, third, ... check; none means never again
     */
    record Recheck(List<Duration> delays) {
        Recheck {
            delays = List.copyOf(delays);
        }

        /** When to ask again after {@code checks} checks, or null when it has been asked often enough. */
        @Nullable
        Instant after(int checks, Instant now) {
            return checks > delays.size() ? null : now.plus(delays.get(checks - 1));
        }
    }
}
