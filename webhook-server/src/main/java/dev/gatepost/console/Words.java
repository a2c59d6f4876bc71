package dev.gatepost.console;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How values are said on a page. Pure; called from the templates. */
public final class Words {

    /** No address is longer than 254 octets (RFC 5321, 4.5.3.1.3); what is, was no address and fills no page. */
    private static final int ADDRESS_POINTS_MAX = 320;

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

    /** The part of a text before its last @, where an address may be broken; all of it when there is none. */
    public static String localPart(String email) {
        var shown = shown(email);
        var at = shown.lastIndexOf('@');
        return at < 0 ? shown : shown.substring(0, at);
    }

    /** The rest of {@link #localPart}. */
    public static String fromAt(String email) {
        var shown = shown(email);
        var at = shown.lastIndexOf('@');
        return at < 0 ? "" : shown.substring(at);
    }

    private static String shown(String email) {
        var harmless = harmless(email);
        return harmless.codePointCount(0, harmless.length()) <= ADDRESS_POINTS_MAX
                ? harmless
                : harmless.substring(0, harmless.offsetByCodePoints(0, ADDRESS_POINTS_MAX)) + "…";
    }

    /** Text from elsewhere; controls and direction marks, which could make it read as another, become U+FFFD. */
    public static String harmless(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? 0xFFFD : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    public static String clock(Instant at) {
        return CLOCK.format(at);
    }

    public static String dayAndClock(Instant at) {
        return DAY_AND_CLOCK.format(at);
    }
}
