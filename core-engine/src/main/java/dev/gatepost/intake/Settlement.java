package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.Outbox;
import dev.gatepost.hook.Outbox.Happening;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Verifications.Answer;
import dev.gatepost.intake.Verifications.Origin;
import dev.gatepost.ledger.Charge;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.rules.Decision;
import dev.gatepost.verify.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
     * @param reuse whether another's answer makes it free
     */
    record Item(Origin origin, Judged judged, int checks, String reusedFrom, Reuse reuse) {
        /** As nearly all are. */
        Item(Origin origin, Judged judged, int checks, String reusedFrom) {
            this(origin, judged, checks, reusedFrom, Reuse.ALLOWED);
        }
    }

    /** Settles verifications of one workspace; returns how each came out, in order. */
    List<Settled> settle(Handle handle, String workspaceId, List<Item> items, Instant now) {
        return ledger.post(handle, workspaceId, posting -> settle(handle, workspaceId, posting, items, now));
    }

    /** The same within a posting that the caller has open. */
    List<Settled> settle(Handle handle, String workspaceId, Ledger.Posting posting, List<Item> items, Instant now) {
        posting.expect(items.stream().map(item -> item.origin().chargeKey()).toList());
        var turn = new Turn(handle, posting, known(handle, workspaceId, items, now), now);
        var answers = items.stream().map(turn::answer).toList();
        var stored = verifications.store(handle, answers);
        for (int i = 0; i < answers.size(); i++) {
            if (stored.get(i) && answers.get(i).settled().finality() == Finality.FINAL) {
                tell(handle, answers.get(i).origin(), answers.get(i).settled());
            }
        }
        return answers.stream().map(Answer::settled).toList();
    }

    /** Which verification answers for each address by now. */
    private Map<String, String> known(Handle handle, String workspaceId, List<Item> items, Instant now) {
        var addresses = items.stream()
                .map(item -> item.judged().verification().normalized())
                .filter(normalized -> !normalized.isEmpty())
                .toList();
        return verifications.knownIds(handle, workspaceId, addresses, now.minus(freshness));
    }

    /** Stores a verification that costs nothing whatever it says: a test key's. */
    Settled settleFree(Handle handle, Item item, Instant now) {
        var next = next(item, now);
        var settled = new Settled(item.judged(), Billing.TEST, 0, next == null ? Finality.FINAL : Finality.OPEN, now);
        verifications.store(handle, new Answer(item.origin(), settled, item.checks(), next, item.reusedFrom()));
        return settled;
    }

    private @Nullable Instant next(Item item, Instant now) {
        return item.judged().verification().verdict().reason().mayChange()
                ? recheck.after(Math.max(1, item.checks()), now)
                : null;
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

    /** What one posting settles, each judged by what is stored and by those before it. */
    private final class Turn {
        private final Handle handle;
        private final Ledger.Posting posting;
        private final Map<String, String> known;
        private final Instant now;

        Turn(Handle handle, Ledger.Posting posting, Map<String, String> known, Instant now) {
            this.handle = handle;
            this.posting = posting;
            this.known = known;
            this.now = now;
        }

        Answer answer(Item item) {
            var next = next(item, now);
            var settled = next == null ? close(item) : leaveOpen(item, now);
            return new Answer(item.origin(), settled, item.checks(), next, item.reusedFrom());
        }

        private Settled close(Item item) {
            var verification = item.judged().verification();
            var key = item.origin().chargeKey();
            if (verification.verdict().status() == Status.UNKNOWN) {
                posting.release(key);
                finishClaim(item, Claims.End.UNKNOWN);
                return new Settled(item.judged(), Billing.NOT_CHARGED_UNKNOWN, 0, Finality.FINAL, now);
            }
            finishClaim(item, Claims.End.ANSWERED);
            var validUntil = now.plus(freshness);
            if (!item.reusedFrom().isEmpty() || isKnown(item)) {
                posting.release(key);
                return new Settled(item.judged(), Billing.REUSED, 0, Finality.FINAL, validUntil);
            }
            return switch (posting.settle(key)) {
                case Charge.Charged(var credits) ->
                    new Settled(item.judged(), Billing.CHARGED, (int) credits, Finality.FINAL, validUntil);
                case Charge.AlreadyCharged _ ->
                    new Settled(item.judged(), Billing.CHARGED, 1, Finality.FINAL, validUntil);
                case Charge.NotReserved _ ->
                    throw new IllegalStateException("no open reservation for verification " + verification.id());
            };
        }

        /** Only what a connection brought has a claim. */
        private void finishClaim(Item item, Claims.End end) {
            if (!item.origin().connectionId().isEmpty()) {
                claims.finish(handle, item.judged().verification().id(), end, now);
            }
        }

        /** Two verifications of one address may run side by side; the second to end is not charged. */
        private boolean isKnown(Item item) {
            var verification = item.judged().verification();
            if (verification.normalized().isEmpty()) {
                return false;
            }
            if (item.reuse() == Reuse.REFUSED) {
                known.put(verification.normalized(), verification.id());
                return false;
            }
            var answering = known.putIfAbsent(verification.normalized(), verification.id());
            return answering != null && !answering.equals(verification.id());
        }
    }

    /** As below, by its id, whether an answer of it was stored already or not. */
    void abandon(Handle handle, String verificationId, Instant now) {
        verifications
                .find(handle, verificationId)
                .ifPresentOrElse(
                        row -> abandon(handle, row, now), () -> abandonUnanswered(handle, verificationId, now));
    }

    private void abandonUnanswered(Handle handle, String verificationId, Instant now) {
        claims.unfinished(handle, verificationId).ifPresent(claim -> {
            ledger.post(handle, claim.workspaceId(), posting -> posting.releaseHashed(claim.charge()));
            claims.finish(handle, verificationId, Claims.End.ABANDONED, now);
        });
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
