package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ReplyClassifierTest {
    private static final List<ReplyMeaning> INVALIDATING =
            List.of(ReplyMeaning.MAILBOX_NOT_FOUND, ReplyMeaning.DISABLED);

    static Stream<Arguments> rows() {
        return Stream.of(ReplyRows.own(), ReplyRows.collected(), ReplyRows.heldOut())
                .flatMap(List::stream)
                .map(row -> Arguments.of(row.stage(), row.reply(), row.expected(), row.why()));
    }

    @ParameterizedTest(name = "{1} at {0} is {2}: {3}")
    @MethodSource("rows")
    void understandsTheReply(Stage stage, Reply reply, ReplyMeaning expected, String why) {
        assertThat(ReplyClassifier.meaning(stage, reply)).as(why).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource(ReplyMeaning.class)
    void hasRowsForEveryMeaning(ReplyMeaning meaning) {
        assertThat(ReplyRows.own().stream().filter(row -> row.expected() == meaning))
                .hasSizeGreaterThanOrEqualTo(7);
    }

    @ParameterizedTest
    @EnumSource(
            value = Stage.class,
            names = {"GREETING", "EHLO", "STARTTLS", "MAIL"})
    @DisplayName("P7: before RCPT nothing is said about the recipient, whatever the words")
    void neverBlamesTheRecipientBeforeRcpt(Stage stage) {
        for (var row : ReplyRows.own()) {
            if (row.expected() != ReplyMeaning.ACCEPT) {
                assertThat(ReplyClassifier.meaning(stage, row.reply()))
                        .as("%s at %s", row.reply(), stage)
                        .isNotIn(INVALIDATING)
                        .isNotEqualTo(ReplyMeaning.MAILBOX_FULL);
            }
        }
    }

    @Test
    @DisplayName("P7: a temporary refusal never makes an address invalid, whatever the words")
    void neverCallsATemporaryRefusalFinal() {
        for (var row : ReplyRows.own()) {
            if (row.reply().code() >= 500) {
                var soft = row.reply().enhancedCode().replaceFirst("^5", "4");
                for (int code : List.of(421, 450, 451, 452)) {
                    var reply = new Reply(code, soft, row.reply().text());
                    assertThat(ReplyClassifier.meaning(Stage.RCPT, reply))
                            .as("%s", reply)
                            .isNotIn(INVALIDATING);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GREETING, 554, '', blocked_reputation",
        "GREETING, 421, '', temporary",
        "GREETING, 421, too many connections from your IP, rate_limited",
        "EHLO, 550, '', policy",
        "EHLO, 501, '', syntax",
        "MAIL, 550, Greylisted, greylisted",
        "MAIL, 530, Must issue a STARTTLS command first, tls_required",
        "MAIL, 550, User unknown, policy",
        "MAIL, 552, Quota exceeded, policy"
    })
    void looksAtTheStageFirst(Stage stage, int code, String text, String expected) {
        assertThat(ReplyClassifier.meaning(stage, new Reply(code, "", text)).word())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "450, 4.2.1, receiving mail at a rate that prevents additional messages ?p=ReceivingRate, true",
        "550, 5.7.133, SenderNotAuthenticatedForGroup, true",
        "550, 5.7.136, closed, true",
        "554, 5.2.122, The recipient has exceeded their limit, true",
        "550, 5.7.1, Relaying denied, false",
        "550, 5.1.1, User unknown, false",
        "450, 4.7.1, too many connections, false"
    })
    void noticesRefusalsThatGiveTheMailboxAway(int code, String enhanced, String text, boolean expected) {
        assertThat(ReplyClassifier.saysMailboxExists(new Reply(code, enhanced, text)))
                .isEqualTo(expected);
    }

    @Test
    void isNotMisledByWordsInsideAddresses() {
        assertThat(ReplyClassifier.meaning(
                        Stage.RCPT,
                        new Reply(550, "", "<spam.blocked.user-unknown@firm.com> rejected for policy reasons")))
                .isEqualTo(ReplyMeaning.POLICY);
        assertThat(ReplyClassifier.meaning(
                        Stage.RCPT, new Reply(550, "5.1.1", "<blacklist@spamhaus.example.com> User unknown")))
                .isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
    }

    @Test
    void takesWhatIsNoReplyForNoAnswer() {
        assertThat(ReplyClassifier.meaning(Stage.RCPT, new Reply(0, "", "what?")))
                .isEqualTo(ReplyMeaning.TEMPORARY);
        assertThat(ReplyClassifier.meaning(Stage.RCPT, new Reply(0, "", "User unknown")))
                .isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
        assertThat(ReplyClassifier.meaning(Stage.MAIL, new Reply(0, "", "User unknown")))
                .isEqualTo(ReplyMeaning.TEMPORARY);
        assertThat(ReplyClassifier.meaning(Stage.RCPT, new Reply(354, "", "go ahead")))
                .isEqualTo(ReplyMeaning.SYNTAX);
        assertThat(ReplyClassifier.meaning(Stage.RCPT, new Reply(0, "5.1.1", "User unknown")))
                .isEqualTo(ReplyMeaning.MAILBOX_NOT_FOUND);
    }

    @ParameterizedTest
    @CsvSource({"user unknown", "'exceeded '", "@", "a@", "1.2.3.", "host ", "{", "no such "})
    @DisplayName("X9: a megabyte of hostile text costs no more than its first two thousand characters")
    void readsLongTextsInBoundedTime(String piece) {
        var reply = new Reply(550, "", piece.repeat(1_000_000 / piece.length()));
        long begin = System.nanoTime();
        var meaning = ReplyClassifier.meaning(Stage.RCPT, reply);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
        assertThat(meaning).isNotEqualTo(ReplyMeaning.ACCEPT);
    }
}
