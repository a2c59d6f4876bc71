package dev.gatepost.smtp;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;

/** Fuzz target: octets a host may send, and lines a person may paste, from the wire to their meaning. */
public final class ReplyFuzz {
    private static final Set<ReplyMeaning> BLAMING = Set.of(ReplyMeaning.MAILBOX_NOT_FOUND, ReplyMeaning.DISABLED);

    private ReplyFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        judge(ReplyParser.parse(new String(data, StandardCharsets.UTF_8)));
        try {
            var reader = new ReplyReader(connectionThatSends(data));
            for (int i = 0; i < 8; i++) {
                var received = reader.next(Deadline.in(Duration.ofSeconds(5)));
                judge(received.reply());
            }
        } catch (IOException e) {
            // The end of the octets, or no reply: both are said this way.
        }
    }

    private static void judge(Reply reply) {
        if (reply.text().length() > ReplyParser.TEXT_CHARS_MAX) {
            throw new AssertionError("kept " + reply.text().length() + " characters");
        }
        for (var stage : Stage.values()) {
            var meaning = ReplyClassifier.meaning(stage, reply);
            boolean mayBlame = stage == Stage.RCPT && (reply.code() / 100 == 5 || reply.code() == 0);
            if (!mayBlame && BLAMING.contains(meaning)) {
                throw new AssertionError(meaning + " at " + stage + " by " + reply);
            }
        }
        var _ = ReplyClassifier.saysMailboxExists(reply);
    }

    private static Socket connectionThatSends(byte[] octets) {
        return new Socket() {
            @Override
            public InputStream getInputStream() {
                return new ByteArrayInputStream(octets);
            }

            @Override
            public void setSoTimeout(int millis) {
                // Nothing waits here.
            }
        };
    }
}
