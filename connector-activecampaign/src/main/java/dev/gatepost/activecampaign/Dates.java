package dev.gatepost.activecampaign;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** ActiveCampaign's dates, of which there are four kinds: with offset, without, the day alone, and several for none. */
final class Dates {
    private Dates() {}

    /** The instant meant; empty for {@code null}, {@code 0000-00-00…}, empty text and nonsense. No offset means UTC. */
    static Optional<Instant> read(String text) {
        var date = text.strip().replace(' ', 'T');
        if (date.isEmpty() || date.startsWith("0000-00-00")) {
            return Optional.empty();
        }
        try {
            if (date.length() <= 10) {
                return Optional.of(
                        LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant());
            }
            return Optional.of(
                    date.matches(".*T.*(Z|[+-][0-9]{2}:?[0-9]{2})")
                            ? OffsetDateTime.parse(withColon(date)).toInstant()
                            : LocalDateTime.parse(date).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** {@code -0500} as {@code -05:00}. */
    private static String withColon(String date) {
        int offset = date.length() - 5;
        return date.matches(".*[+-][0-9]{4}") ? date.substring(0, offset + 3) + ":" + date.substring(offset + 3) : date;
    }
}
