package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import dev.gatepost.smtp.ProbeResult.Outcome;
import java.time.Duration;
import java.time.Instant;

/**
 * How somebody has treated us lately.
 *
 * @param whom whom this is about: {@code group:} and an organisation, or {@code address:} and an IP address
 * @param blocks blocks in a row
 * @param backOff how long the latest back-off was; zero: there was none
 * @param pause the latest pause, perhaps over; one that ends as it begins was none
 * @param answer what is answered while the pause lasts
 */
public record Treatment(String whom, int blocks, Duration backOff, Pause pause, Outcome answer) {
    public Treatment {
        requireNonNull(whom, "whom");
        requireNonNull(backOff, "backOff");
        requireNonNull(pause, "pause");
        requireNonNull(answer, "answer");
    }

    /** Whether nothing is to be asked. */
    public boolean isPausedAt(Instant now) {
        return now.isBefore(pause.until());
    }
}
