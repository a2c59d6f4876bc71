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
 * @param ledger how the ledger was found at the last check
 */
public record Tiles(long available, long reserved, long spent, long waiting, LedgerState ledger) {

    public Tiles {
        requireNonNull(ledger, "ledger");
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
