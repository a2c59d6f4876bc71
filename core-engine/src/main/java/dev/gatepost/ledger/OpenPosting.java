package dev.gatepost.ledger;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Collects one workspace's new entries, judging each by what is stored and by those before it. */
final class OpenPosting implements Ledger.Posting {
    /** One credit for one verified address. */
    private static final long CREDITS_PER_CHARGE = 1;

    /** Most credits a workspace may hold, used ones included: a thousand of the largest grants. */
    private static final long HELD_MAX = 1_000 * Grant.AMOUNT_MAX;

    private final Handle handle;
    private final String workspaceId;
    private final ChargeKeys keys;
    private final Transfers.End start;
    private final Instant now;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Optional<Transfers.Known>> known = new HashMap<>();
    private Transfers.End end;

    /** {@code now} is never before the last entry, so that an entry's place tells its time. */
    OpenPosting(Handle handle, String workspaceId, ChargeKeys keys, Transfers.End start, Instant now) {
        this.handle = handle;
        this.workspaceId = workspaceId;
        this.keys = keys;
        this.start = start;
        this.end = start;
        var millis = now.truncatedTo(ChronoUnit.MILLIS);
        this.now = millis.isBefore(start.at()) ? start.at() : millis;
    }

    @Override
    public void expect(Collection<String> chargeKeys) {
        var hashes = chargeKeys.stream()
                .map(key -> keys.charge(workspaceId, key))
                .filter(hash -> !known.containsKey(hash))
                .toList();
        look(hashes);
    }

    @Override
    public boolean grant(Grant grant) {
        var expiresAt = grant.expiresAt() == null ? null : grant.expiresAt().truncatedTo(ChronoUnit.MILLIS);
        var hash = keys.grant(workspaceId, grant.key());
        if (known(hash).isPresent()) {
            return false;
        }
        if (expiresAt != null && !expiresAt.isAfter(now)) {
            throw new IllegalArgumentException("expires_at: must be in the future, not " + expiresAt);
        }
        if (end.balance().issued() > HELD_MAX - grant.amount()) {
            throw new IllegalArgumentException("amount: the workspace would hold more than " + HELD_MAX + " credits");
        }
        var lots = attributedLots();
        append(Kind.GRANT, hash, grant.amount(), expiresAt == null ? "" : expiresAt.toString(), grant.note());
        keepLots(lots, grant.amount(), expiresAt);
        return true;
    }

    /** Credits that expire make a lot of their own; before the first of them nobody needs to tell credits apart. */
    private void keepLots(List<Lot> lots, long amount, @Nullable Instant expiresAt) {
        if (lots.isEmpty() && expiresAt == null) {
            return;
        }
        var lasting = lots.isEmpty() ? new Lot(Lot.LASTING, null, end.balance().available() - amount) : lots.getLast();
        if (expiresAt == null) {
            lasting = new Lot(Lot.LASTING, null, lasting.rest() + amount);
        } else {
            Lots.put(handle, workspaceId, new Lot(end.seq(), expiresAt, amount));
        }
        lots.forEach(lot -> Lots.put(handle, workspaceId, lot));
        Lots.put(handle, workspaceId, lasting);
    }

    private List<Lot> attributedLots() {
        return Lot.attributed(Lots.of(handle, workspaceId), end.balance().available());
    }

    @Override
    public long expire() {
        var lots = Lots.of(handle, workspaceId);
        if (lots.stream().noneMatch(lot -> lot.isDue(now))) {
            return 0;
        }
        long expired = 0;
        for (var lot : Lot.attributed(lots, end.balance().available())) {
            if (!lot.isDue(now)) {
                Lots.put(handle, workspaceId, lot);
                continue;
            }
            Lots.remove(handle, workspaceId, lot.seq());
            if (lot.rest() > 0) {
                append(Kind.EXPIRE, keys.expiry(workspaceId, lot.seq()), lot.rest(), String.valueOf(lot.seq()), "");
                expired += lot.rest();
            }
        }
        return expired;
    }

    @Override
    public Reversal reverse(long seq, String note) {
        Grant.requireNote(note);
        var entry = Transfers.entry(handle, workspaceId, seq).filter(found -> found.kind() == Kind.SETTLE);
        if (entry.isEmpty()) {
            return new Reversal.NotASettlement();
        }
        var settled = entry.get();
        if (known(settled.chargeKey())
                .filter(known -> known.last() == Kind.SETTLE)
                .isEmpty()) {
            return new Reversal.AlreadyReversed();
        }
        append(Kind.REVERSE, settled.chargeKey(), settled.amount(), settled.ref(), note);
        return new Reversal.Reversed(settled.amount());
    }

    @Override
    public Reservation reserve(String chargeKey, String ref) {
        var hash = keys.charge(workspaceId, chargeKey);
        var before = known(hash);
        if (before.isPresent()) {
            return isOpen(before.get()) ? Reservation.ALREADY_RESERVED : Reservation.ALREADY_CLOSED;
        }
        if (end.balance().available() < CREDITS_PER_CHARGE) {
            return Reservation.INSUFFICIENT;
        }
        append(Kind.RESERVE, hash, CREDITS_PER_CHARGE, ref, "");
        return Reservation.RESERVED;
    }

    @Override
    public Charge settle(String chargeKey) {
        var hash = keys.charge(workspaceId, chargeKey);
        var before = known(hash);
        if (before.isEmpty()) {
            return new Charge.NotReserved();
        }
        return switch (before.get().last()) {
            case RESERVE -> {
                append(Kind.SETTLE, hash, before.get().amount(), before.get().ref(), "");
                yield new Charge.Charged(before.get().amount());
            }
            case SETTLE, REVERSE -> new Charge.AlreadyCharged();
            case RELEASE, GRANT, EXPIRE -> new Charge.NotReserved();
        };
    }

    @Override
    public boolean release(String chargeKey) {
        return releaseHashed(hashed(chargeKey));
    }

    @Override
    public String hashed(String chargeKey) {
        return keys.charge(workspaceId, chargeKey);
    }

    @Override
    public boolean releaseHashed(String hash) {
        var open = known(hash).filter(OpenPosting::isOpen);
        open.ifPresent(reserved -> append(Kind.RELEASE, hash, reserved.amount(), reserved.ref(), ""));
        return open.isPresent();
    }

    /** Writes what was collected: one batch of entries, one update of the balance. Returns whether credits became low. */
    Optional<CreditsLow> write() {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        var before = start.standing();
        var after = new Standing(end.balance(), before.lowBelow(), lowSince());
        Transfers.append(handle, entries);
        Transfers.moveEnd(handle, workspaceId, start, new Transfers.End(after, end.seq(), end.hash(), now));
        return before.lowSinceOrNull() == null && after.lowSinceOrNull() != null
                ? Optional.of(
                        new CreditsLow(workspaceId, end.seq(), after.balance().available(), after.lowBelow(), now))
                : Optional.empty();
    }

    /**
     * Once low, only what an operator gives makes it high again: reservations that come and go around the threshold raise
     * one alarm, not one each.
     */
    private @Nullable Instant lowSince() {
        var isLow = end.balance().available() < start.standing().lowBelow();
        var given = entries.stream().anyMatch(entry -> entry.kind() == Kind.GRANT || entry.kind() == Kind.REVERSE);
        var taken = entries.stream().anyMatch(entry -> entry.kind() == Kind.RESERVE || entry.kind() == Kind.EXPIRE);
        var since = given && !isLow ? null : start.standing().lowSinceOrNull();
        return since == null && isLow && taken ? now : since;
    }

    private static boolean isOpen(Transfers.Known known) {
        return known.last() == Kind.RESERVE;
    }

    private Optional<Transfers.Known> known(String hash) {
        if (!known.containsKey(hash)) {
            look(List.of(hash));
        }
        return known.getOrDefault(hash, Optional.empty());
    }

    private void look(List<String> hashes) {
        var stored = Transfers.known(handle, hashes);
        hashes.forEach(hash -> known.put(hash, Optional.ofNullable(stored.get(hash))));
    }

    private void append(Kind kind, String hash, long amount, String ref, String note) {
        var entry = new Entry(
                        workspaceId,
                        end.seq() + 1,
                        kind,
                        kind.debit(),
                        kind.credit(),
                        amount,
                        hash,
                        ref,
                        note,
                        now,
                        end.hash(),
                        "")
                .sealed();
        entries.add(entry);
        known.put(hash, Optional.of(new Transfers.Known(kind, amount, ref)));
        var standing = new Standing(end.balance().after(kind, amount), 0, null);
        end = new Transfers.End(standing, entry.seq(), entry.hash(), now);
    }
}
