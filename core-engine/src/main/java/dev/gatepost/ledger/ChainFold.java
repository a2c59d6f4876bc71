package dev.gatepost.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Adds up one workspace's entries in their order and says which is the first that cannot be. Pure. */
final class ChainFold {
    private final String workspaceId;
    private final Function<String, Optional<Entry>> closings;
    private final Map<String, Long> open = new HashMap<>();
    private final Map<Long, Entry> expiring = new HashMap<>();
    private final Set<String> reversed = new HashSet<>();
    private Balance balance = Balance.EMPTY;
    private long seq;
    private String hash = Entry.CHAIN_START;

    /** @param closings finds the entry that closed a charge, by charge key */
    ChainFold(String workspaceId, Function<String, Optional<Entry>> closings) {
        this.workspaceId = workspaceId;
        this.closings = closings;
    }

    String workspaceId() {
        return workspaceId;
    }

    long seq() {
        return seq;
    }

    Balance balance() {
        return balance;
    }

    /** Takes the next entry; says what is wrong with it. */
    Optional<LedgerCheck.Broken> add(Entry entry) {
        if (entry.seq() != seq + 1) {
            return wrong(seq + 1, "The entry is missing.");
        }
        seq = entry.seq();
        if (!entry.hash().equals(entry.computedHash())) {
            return wrong(seq, "The entry was changed: its hash does not fit.");
        }
        if (!entry.previousHash().equals(hash)) {
            return wrong(seq, "The entry does not follow the one before it.");
        }
        if (entry.amount() <= 0
                || entry.debit() != entry.kind().debit()
                || entry.credit() != entry.kind().credit()) {
            return wrong(
                    seq,
                    "The amount is not positive, or the accounts are not those of a "
                            + entry.kind().word() + ".");
        }
        hash = entry.hash();
        balance = balance.after(entry.kind(), entry.amount());
        if (balance.isNegative()) {
            return wrong(seq, "The entry takes more than there was.");
        }
        return charge(entry);
    }

    /** Each reservation ends once, with exactly its amount. */
    private Optional<LedgerCheck.Broken> charge(Entry entry) {
        return switch (entry.kind()) {
            case GRANT -> {
                if (!entry.ref().isEmpty()) {
                    expiring.put(entry.seq(), entry);
                }
                yield Optional.empty();
            }
            case EXPIRE -> expiry(entry);
            case RESERVE ->
                open.putIfAbsent(entry.chargeKey(), entry.amount()) == null
                        ? Optional.empty()
                        : wrong(seq, "The charge was reserved before.");
            case SETTLE, RELEASE -> {
                var reserved = open.remove(entry.chargeKey());
                yield reserved != null && reserved == entry.amount()
                        ? Optional.empty()
                        : wrong(seq, "The entry does not end an open reservation of its amount.");
            }
            case REVERSE -> reversal(entry);
        };
    }

    /** What expires was granted with that end, is not more, and expires once. */
    private Optional<LedgerCheck.Broken> expiry(Entry entry) {
        var grant = entry.ref().matches("\\d{1,18}") ? expiring.remove(Long.valueOf(entry.ref())) : null;
        return grant != null
                        && entry.amount() <= grant.amount()
                        && !Instant.parse(grant.ref()).isAfter(entry.createdAt())
                ? Optional.empty()
                : wrong(seq, "The entry does not end a grant that had expired.");
    }

    /** What is given back was taken, is not more, and is given back once. */
    private Optional<LedgerCheck.Broken> reversal(Entry entry) {
        var settled = closings.apply(entry.chargeKey())
                .filter(closing -> closing.kind() == Kind.SETTLE
                        && closing.workspaceId().equals(workspaceId)
                        && closing.seq() < entry.seq()
                        && closing.amount() >= entry.amount());
        return settled.isPresent() && reversed.add(entry.chargeKey())
                ? Optional.empty()
                : wrong(seq, "The entry gives back what was not taken, or was given back before.");
    }

    /** Compares with what the workspace's balance row says. */
    Optional<LedgerCheck.Broken> compare(Transfers.End end) {
        if (seq < end.seq()) {
            return wrong(seq + 1, "The entry is missing.");
        }
        if (!hash.equals(end.hash())) {
            return wrong(seq, "The last entry is not the one the balance was computed with.");
        }
        if (!balance.equals(end.balance())) {
            return wrong(0, "The stored balance " + end.balance() + " is not the sum of the entries " + balance + ".");
        }
        var reserved = open.values().stream().mapToLong(Long::longValue).sum();
        if (reserved != balance.reserved()) {
            return wrong(0, "Open reservations add up to " + reserved + ", not to " + balance.reserved() + ".");
        }
        return Optional.empty();
    }

    private Optional<LedgerCheck.Broken> wrong(long at, String why) {
        return Optional.of(new LedgerCheck.Broken(workspaceId, at, why));
    }
}
