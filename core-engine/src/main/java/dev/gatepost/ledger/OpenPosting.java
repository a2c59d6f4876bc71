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

/** Collects one workspace's new entries, judging each by what is stored and by those before it. */
final class OpenPosting implements Ledger.Posting {
    /** One credit for one verified address. */
    private static final long CREDITS_PER_CHARGE = 1;

    private final Handle handle;
    private final String workspaceId;
    private final ChargeKeys keys;
    private final Transfers.End start;
    private final Instant now;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Optional<Transfers.Known>> known = new HashMap<>();
    private Transfers.End end;

    OpenPosting(Handle handle, String workspaceId, ChargeKeys keys, Transfers.End start, Instant now) {
        this.handle = handle;
        this.workspaceId = workspaceId;
        this.keys = keys;
        this.start = start;
        this.end = start;
        this.now = now.truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void expect(Collection<String> chargeKeys) {
        var hashes = chargeKeys.stream()
                .map(key -> keys.charge(workspaceId, key))
                .distinct()
                .filter(hash -> !known.containsKey(hash))
                .toList();
        for (int from = 0; from < hashes.size(); from += Transfers.KEYS_PER_STATEMENT_MAX) {
            look(hashes.subList(from, Math.min(hashes.size(), from + Transfers.KEYS_PER_STATEMENT_MAX)));
        }
    }

    @Override
    public void grant(String grantKey, long amount, String note) {
        if (amount <= 0) {
            throw new IllegalArgumentException("credits to grant must be positive: " + amount);
        }
        var hash = keys.grant(workspaceId, grantKey);
        if (known(hash).isEmpty()) {
            append(Kind.GRANT, hash, amount, "", note);
        }
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
        var hash = keys.charge(workspaceId, chargeKey);
        var open = known(hash).filter(OpenPosting::isOpen);
        open.ifPresent(reserved -> append(Kind.RELEASE, hash, reserved.amount(), reserved.ref(), ""));
        return open.isPresent();
    }

    /** Writes what was collected: one batch of entries, one update of the balance. */
    void write() {
        if (!entries.isEmpty()) {
            Transfers.append(handle, entries);
            Transfers.moveEnd(handle, workspaceId, start, end);
        }
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
        end = new Transfers.End(end.balance().after(kind, amount), entry.seq(), entry.hash());
    }
}
