package dev.gatepost.ledger;

/**
 * One workspace's credits.
 *
 * @param available free to be used, not negative
 * @param reserved set aside for verifications that run, not negative
 * @param spent used up, not negative
 */
public record Balance(long available, long reserved, long spent) {
    /** A workspace that never had a credit. */
    public static final Balance EMPTY = new Balance(0, 0, 0);

    /** What was granted and did not expire. */
    public long issued() {
        return available + reserved + spent;
    }

    /** After a transfer; overflow throws. */
    Balance after(Kind kind, long amount) {
        return plus(kind.debit(), -amount).plus(kind.credit(), amount);
    }

    boolean isNegative() {
        return available < 0 || reserved < 0 || spent < 0;
    }

    private Balance plus(LedgerAccount account, long amount) {
        return switch (account) {
            case ISSUED -> this;
            case AVAILABLE -> new Balance(Math.addExact(available, amount), reserved, spent);
            case RESERVED -> new Balance(available, Math.addExact(reserved, amount), spent);
            case SPENT -> new Balance(available, reserved, Math.addExact(spent, amount));
        };
    }
}
