package dev.gatepost.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The simplest ledger one can think of: a few numbers, a map, a list. The real one is held against it. */
final class LedgerModel implements Ledger.Posting {
    private static final class Lot {
        private final Instant expiresAt;
        private long rest;

        Lot(Instant expiresAt, long rest) {
            this.expiresAt = expiresAt;
            this.rest = rest;
        }
    }

    private final Set<String> grants = new HashSet<>();
    private final Map<String, Kind> charges = new HashMap<>();
    private final Map<Long, String> settlements = new HashMap<>();
    private final List<Lot> lots = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private long lasting;
    private long available;
    private long reserved;
    private long spent;
    private long entries;

    void timeIs(Instant instant) {
        now = instant;
    }

    Balance balance() {
        return new Balance(available, reserved, spent);
    }

    long entries() {
        return entries;
    }

    /** Entries that a reversal may name. */
    List<Long> settlements() {
        return settlements.keySet().stream().sorted().toList();
    }

    @Override
    public void expect(Collection<String> chargeKeys) {}

    @Override
    public boolean grant(Grant grant) {
        if (!grants.add(grant.key())) {
            return false;
        }
        useUp();
        available += grant.amount();
        entries++;
        if (grant.expiresAt() == null) {
            lasting += grant.amount();
        } else {
            lots.add(new Lot(grant.expiresAt(), grant.amount()));
            lots.sort((a, b) -> a.expiresAt.compareTo(b.expiresAt));
        }
        return true;
    }

    @Override
    public long expire() {
        if (lots.stream().allMatch(lot -> lot.expiresAt.isAfter(now))) {
            return 0;
        }
        useUp();
        long expired = 0;
        for (var lot : List.copyOf(lots)) {
            if (!lot.expiresAt.isAfter(now)) {
                lots.remove(lot);
                expired += lot.rest;
                entries += lot.rest > 0 ? 1 : 0;
            }
        }
        available -= expired;
        return expired;
    }

    /** What was used since comes out of what expires first, credit by credit; what came back lasts. */
    private void useUp() {
        long there = lasting + lots.stream().mapToLong(lot -> lot.rest).sum();
        for (; there > available; there--) {
            var lot = lots.stream().filter(each -> each.rest > 0).findFirst();
            if (lot.isPresent()) {
                lot.get().rest--;
            } else {
                lasting--;
            }
        }
        lasting += available - there;
    }

    @Override
    public Reservation reserve(String chargeKey, String ref) {
        var last = charges.get(chargeKey);
        if (last != null) {
            return last == Kind.RESERVE ? Reservation.ALREADY_RESERVED : Reservation.ALREADY_CLOSED;
        }
        if (available == 0) {
            return Reservation.INSUFFICIENT;
        }
        available--;
        reserved++;
        entries++;
        charges.put(chargeKey, Kind.RESERVE);
        return Reservation.RESERVED;
    }

    @Override
    public Charge settle(String chargeKey) {
        var last = charges.get(chargeKey);
        if (last == Kind.SETTLE || last == Kind.REVERSE) {
            return new Charge.AlreadyCharged();
        }
        if (last != Kind.RESERVE) {
            return new Charge.NotReserved();
        }
        reserved--;
        spent++;
        entries++;
        settlements.put(entries, chargeKey);
        charges.put(chargeKey, Kind.SETTLE);
        return new Charge.Charged(1);
    }

    @Override
    public String hashed(String chargeKey) {
        return chargeKey;
    }

    @Override
    public boolean releaseHashed(String hash) {
        return release(hash);
    }

    @Override
    public boolean release(String chargeKey) {
        if (charges.get(chargeKey) != Kind.RESERVE) {
            return false;
        }
        reserved--;
        available++;
        entries++;
        charges.put(chargeKey, Kind.RELEASE);
        return true;
    }

    @Override
    public Reversal reverse(long seq, String note) {
        var chargeKey = settlements.get(seq);
        if (chargeKey == null) {
            return new Reversal.NotASettlement();
        }
        if (charges.get(chargeKey) == Kind.REVERSE) {
            return new Reversal.AlreadyReversed();
        }
        spent--;
        available++;
        entries++;
        charges.put(chargeKey, Kind.REVERSE);
        return new Reversal.Reversed(1);
    }
}
