package dev.gatepost.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a {@link Postfix} writes down about its clients. Its logging daemon may lag behind. */
final class PostfixLog {
    private static final Duration LAG_MAX = Duration.ofSeconds(20);

    private static final Duration POLL = Duration.ofMillis(20);

    private static final Pattern CONNECTED = Pattern.compile("smtpd\\[\\d+]: connect from ");

    private static final Pattern DISCONNECTED = Pattern.compile("smtpd\\[\\d+]: disconnect from \\S+ (.*)");

    private static final Pattern REFUSED = Pattern.compile("reject: RCPT from .* to=<([^>]*)>");

    /** About clients that it would rather not have. */
    private static final Pattern COMPLAINT =
            Pattern.compile("too many errors|limit exceeded|improper command pipelining|PREGREET|NON-SMTP COMMAND");

    private static final Pattern MESSAGE = Pattern.compile("\\b(data|bdat)=");

    /** RCPT commands: accepted, and all when some were refused. */
    private static final Pattern RECIPIENTS = Pattern.compile("\\brcpt=(\\d+)(?:/(\\d+))?");

    private final Path file;

    /**
     * One session.
     *
     * @param summary its commands, successful and all: {@code ehlo=1 mail=1 rcpt=1/2 quit=1 commands=4/5}
     */
    record Session(String summary) {
        boolean beganAMessage() {
            return MESSAGE.matcher(summary).find();
        }

        /** Recipients that were refused. */
        int refusals() {
            var recipients = RECIPIENTS.matcher(summary);
            return recipients.find() && recipients.group(2) != null
                    ? Integer.parseInt(recipients.group(2)) - Integer.parseInt(recipients.group(1))
                    : 0;
        }
    }

    PostfixLog(Path file) {
        this.file = file;
    }

    /** All sessions so far. Waits until each has ended. */
    List<Session> sessions() {
        await().atMost(LAG_MAX)
                .pollInterval(POLL)
                .until(() -> matches(CONNECTED).count() == matches(DISCONNECTED).count());
        return matches(DISCONNECTED).map(line -> new Session(line.group(1))).toList();
    }

    /** The different recipients it refused, at any time. */
    List<String> refusedRecipients() {
        return matches(REFUSED).map(line -> line.group(1)).distinct().toList();
    }

    List<String> complaints() {
        return lines().stream().filter(COMPLAINT.asPredicate()).toList();
    }

    private Stream<Matcher> matches(Pattern pattern) {
        return lines().stream().map(pattern::matcher).filter(Matcher::find);
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
