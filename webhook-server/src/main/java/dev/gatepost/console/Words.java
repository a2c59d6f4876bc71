package dev.gatepost.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How values are said on a page. Pure; called from the templates. */
public final class Words {

    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter DAY_AND_CLOCK = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private Words() {}

    /** The tone of a label or decision: ok, warn, bad, info or dim. The word itself always stands beside it. */
    public static String tone(String word) {
        return switch (word) {
            case "valid", "accept", "charged", "written" -> "ok";
            case "risky", "disposable", "flag" -> "warn";
            case "invalid", "reject", "failed" -> "bad";
            case "free", "role" -> "info";
            default -> "dim";
        };
    }

    /** Thousands with commas. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A code as words: {@code not_charged_unknown} is "not charged unknown". */
    public static String words(String code) {
        return code.replace('_', ' ');
    }

    /** What a verification cost, for the column named credit. */
    public static String credit(ContactRow row) {
        return switch (row.billing()) {
            case "charged" -> count(row.credits());
            case "not_charged_unknown" -> "0, unknown is free";
            case "reused" -> "0, checked before";
            default -> row.billing().isEmpty() ? count(row.credits()) : words(row.billing());
        };
    }

    public static String clock(Instant at) {
        return CLOCK.format(at);
    }

    public static String dayAndClock(Instant at) {
        return DAY_AND_CLOCK.format(at);
    }
}
