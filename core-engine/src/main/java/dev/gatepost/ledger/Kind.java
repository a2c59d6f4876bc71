package dev.gatepost.ledger;

import static dev.gatepost.ledger.LedgerAccount.AVAILABLE;
import static dev.gatepost.ledger.LedgerAccount.ISSUED;
import static dev.gatepost.ledger.LedgerAccount.RESERVED;
import static dev.gatepost.ledger.LedgerAccount.SPENT;

import java.util.Locale;

/** Kinds of transfers, each between two fixed accounts. */
public enum Kind {
    GRANT(ISSUED, AVAILABLE, Step.OPENS),
    RESERVE(AVAILABLE, RESERVED, Step.OPENS),
    SETTLE(RESERVED, SPENT, Step.CLOSES),
    RELEASE(RESERVED, AVAILABLE, Step.CLOSES),
    REVERSE(SPENT, AVAILABLE, Step.CORRECTS),
    EXPIRE(AVAILABLE, ISSUED, Step.OPENS);

    /**
     * Where in the life of a charge key a transfer stands. Each step happens once for a key: so what was settled cannot be
     * released, nor settled again.
     */
    enum Step {
        OPENS(0),
        CLOSES(1),
        CORRECTS(2);

        private final int number;

        Step(int number) {
            this.number = number;
        }

        /** As stored. */
        int number() {
            return number;
        }
    }

    private final LedgerAccount debit;
    private final LedgerAccount credit;
    private final Step step;

    Kind(LedgerAccount debit, LedgerAccount credit, Step step) {
        this.debit = debit;
        this.credit = credit;
        this.step = step;
    }

    /** The account the amount leaves. */
    public LedgerAccount debit() {
        return debit;
    }

    /** The account the amount goes to. */
    public LedgerAccount credit() {
        return credit;
    }

    Step step() {
        return step;
    }

    /** As stored and shown: lower case. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Kind of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
