package dev.gatepost.smtp;

import java.time.Duration;

/**
 * How long a probe waits for each step.
 *
 * @param connect for the TCP connection
 * @param greeting for the 220
 * @param reply for each later reply
 * @param total for everything, over all hosts of a domain
 */
public record SmtpTimeouts(Duration connect, Duration greeting, Duration reply, Duration total) {
    /** The same steps, but no longer than this in all, which may be zero. */
    public SmtpTimeouts within(Duration patience) {
        return patience.compareTo(total) < 0 ? new SmtpTimeouts(connect, greeting, reply, patience) : this;
    }

    /** Somebody waits for the answer: 5 s, 10 s, 8 s, 20 s in all. */
    public static final SmtpTimeouts REAL_TIME = new SmtpTimeouts(
            Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(8), Duration.ofSeconds(20));

    /** Somebody looks at the outcome soon, as at a contact just created: as REAL_TIME, but 60 s in all, so that they yield. */
    public static final SmtpTimeouts SOON =
            new SmtpTimeouts(REAL_TIME.connect(), REAL_TIME.greeting(), REAL_TIME.reply(), Duration.ofMinutes(1));

    /** Nobody waits: 15 s, 60 s, 30 s, 120 s in all. */
    public static final SmtpTimeouts BULK = new SmtpTimeouts(
            Duration.ofSeconds(15), Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(120));
}
