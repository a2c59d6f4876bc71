package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * The figures above the table.
 *
 * @param available credits that can be spent
 * @param reserved credits set aside for verifications under way
 * @param spent credits taken so far
 * @param waiting events stored and not yet at their end
 * @param lowBelow what available credits have fallen below, as the alarm says; 0 while it is not raised
 * @param ledger how the ledger was found at the last check
 */
public record Tiles(long available, long reserved, long spent, long waiting, long lowBelow, LedgerState ledger) {

    public Tiles {
        requireNonNull(ledger, "ledger");
    }

    /** Without an alarm. */
    public Tiles(long available, long reserved, long spent, long waiting, LedgerState ledger) {
        this(available, reserved, spent, waiting, 0, ledger);
    }

    /** What is to be said about the credits. */
    public sealed interface CreditsAlarm {

        record Enough() implements CreditsAlarm {}

        /** Fewer are left than the workspace wants to have. */
        record Low(long below) implements CreditsAlarm {}

        /** Nothing can be verified. */
        record NoneLeft() implements CreditsAlarm {}
    }

    /** The same as long as nothing new is to be said, however many credits come and go. */
    public CreditsAlarm alarm() {
        if (available == 0) {
            return new CreditsAlarm.NoneLeft();
        }
        return lowBelow > 0 ? new CreditsAlarm.Low(lowBelow) : new CreditsAlarm.Enough();
    }

    /** What the last check of the ledger found. */
    public sealed interface LedgerState {

        record NotChecked() implements LedgerState {}

        /**
         * Everything adds up.
         *
         * @param entries how many transfers were checked
         */
        record Sound(long entries, Instant at) implements LedgerState {}

        /**
         * Something does not.
         *
         * @param why one sentence about the first wrong entry
         */
        record Broken(String why, Instant at) implements LedgerState {}
    }
}
