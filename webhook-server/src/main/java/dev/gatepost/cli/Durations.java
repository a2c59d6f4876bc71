package dev.gatepost.cli;

import java.time.Duration;
import java.util.Locale;
import picocli.CommandLine.TypeConversionException;

/** Durations as people write them: {@code 90s}, {@code 5m}, {@code 1h}, {@code 250ms}. Pure. */
final class Durations {

    private Durations() {}

    static Duration parse(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.matches("\\d{1,9}ms")) {
            return Duration.ofMillis(Long.parseLong(lower.substring(0, lower.length() - 2)));
        }
        if (lower.matches("\\d{1,6}[smh]")) {
            return Duration.parse("PT" + lower);
        }
        if (lower.matches("\\d{1,5}d")) {
            return Duration.ofDays(Long.parseLong(lower.substring(0, lower.length() - 1)));
        }
        throw new TypeConversionException("'" + text + "' is not a time such as 90s, 5m, 1h or 30d");
    }
}
