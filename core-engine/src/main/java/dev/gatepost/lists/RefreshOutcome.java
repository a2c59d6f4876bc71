package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * What came of one refresh of a list.
 *
 * @param at when it was tried
 * @param detail one sentence for the operator
 */
public record RefreshOutcome(ShippedList list, Instant at, Result result, String detail) {
    /** How it ended. */
    public enum Result {
        /** The new edition is in use. */
        TAKEN,
        /** The source answered with something that is no better edition; the old one stays. */
        REFUSED,
        /** The source could not be had; the old edition stays. */
        FAILED;

        /** The word for it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public RefreshOutcome {
        requireNonNull(list, "list");
        requireNonNull(at, "at");
        requireNonNull(result, "result");
        detail = detail.replaceAll("\\s+", " ");
    }

    String line() {
        return list.word() + " " + at + " " + result.word() + " " + detail;
    }

    /** Reads what {@link #line} wrote; empty when it is not that. */
    static Optional<RefreshOutcome> parse(String line) {
        var parts = line.split(" ", 4);
        var list = ShippedList.of(parts[0]);
        if (parts.length < 4 || list.isEmpty()) {
            return Optional.empty();
        }
        try {
            var result = Result.valueOf(parts[2].toUpperCase(Locale.ROOT));
            return Optional.of(new RefreshOutcome(list.get(), Instant.parse(parts[1]), result, parts[3]));
        } catch (DateTimeException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
