package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;
import static dev.gatepost.doctor.Finding.unsure;

import dev.gatepost.doctor.Calls.Called;
import dev.gatepost.smtp.Hello;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The clock, by the dates that mail hosts write into their greetings. */
final class ClockCheck {

    /** Signed webhooks are good for 300 s; a clock this far off is on its way there. */
    static final Duration OFF_MAX = Duration.ofSeconds(60);

    private static final Pattern DATE =
            Pattern.compile("[A-Z][a-z]{2}, \\d{1,2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} (?:[+-]\\d{4}|GMT)");

    private static final String CHECK = "clock";

    private final InstantSource clock;
    private final Path timeSync;

    ClockCheck(InstantSource clock, Path timeSync) {
        this.clock = clock;
        this.timeSync = timeSync;
    }

    Finding finding(List<Called> called) {
        for (var each : called) {
            if (each instanceof Called.Host(var name, Hello.Greeted(var greeting, var _, var _), var at)) {
                var theirs = date(greeting);
                if (theirs.isPresent()) {
                    return compared(name, Duration.between(theirs.get(), at));
                }
            }
        }
        return Files.exists(timeSync)
                ? fine(CHECK, "the system says it is synchronised; it reads " + now())
                : unsure(
                        CHECK,
                        "cannot be told: no mail host named the time; it reads " + now(),
                        "compare it with a watch, and let chrony or systemd-timesyncd keep it right");
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static Finding compared(String host, Duration ahead) {
        var seconds = ahead.abs().toSeconds();
        return ahead.abs().compareTo(OFF_MAX) <= 0
                ? fine(CHECK, "within " + seconds + " s of what " + host + " says")
                : mend(
                        CHECK,
                        seconds + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " what " + host + " says;"
                                + " signed webhooks are refused from 300 s on",
                        "let chrony or systemd-timesyncd set it");
    }

    private static Optional<Instant> date(String greeting) {
        var found = DATE.matcher(greeting);
        if (!found.find()) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(found.group(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }
}
