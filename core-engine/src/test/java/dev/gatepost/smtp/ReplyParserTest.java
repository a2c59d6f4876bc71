package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ReplyParserTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "550 5.1.1 User unknown | 550 | 5.1.1 | User unknown",
                "550-5.1.1 User unknown | 550 | 5.1.1 | User unknown",
                "550 | 550 | `` | ``",
                "550 5.1.1 | 550 | 5.1.1 | ``",
                "250 OK | 250 | `` | OK",
                "452 4.2.2 Mailbox full | 452 | 4.2.2 | Mailbox full",
                "smtp; 550 5.1.1 <x@firm.com>... User unknown | 550 | 5.1.1 | <x@firm.com>... User unknown",
                "SMTP; 550-5.1.1 gone | 550 | 5.1.1 | gone",
                "host mx.firm.com[192.0.2.1] said: 550-5.1.1 no such user (in reply to RCPT TO command) | 550 | 5.1.1 | no such user (in reply to RCPT TO command)",
                "host mx.firm.com said: 552 5.2.2 over quota | 552 | 5.2.2 | over quota",
                "<x@firm.com>: 421 4.7.0 try later | 421 | 4.7.0 | try later",
                "550 (#5.1.1) no mailbox | 550 | 5.1.1 | no mailbox",
                "SMTP error 550: No such user | 550 | `` | No such user",
                "550: 5.1.1 No such user | 550 | 5.1.1 | No such user",
                "host mx.firm.com[2001:db8:250:1::5] said: 550 5.1.1 gone | 550 | 5.1.1 | gone",
                "host mx.firm.com[2001:db8::250] said: 450 4.2.0 greylisted | 450 | 4.2.0 | greylisted",
                "Greylisted, wait 300 seconds | 0 | `` | Greylisted, wait 300 seconds",
                "Greylisted, wait 250 sec | 0 | `` | Greylisted, wait 250 sec",
                "User unknown | 0 | `` | User unknown",
                "5.1.1 User unknown | 0 | 5.1.1 | User unknown",
                "550 192.0.2.1 is listed | 550 | `` | 192.0.2.1 is listed",
                "`  554   5.7.1   spaced  ` | 554 | 5.7.1 | spaced"
            })
    void readsWhatAPersonMayPaste(String pasted, int code, String enhanced, String text) {
        assertThat(ReplyParser.parse(pasted)).isEqualTo(new Reply(code, enhanced, text));
    }

    @Test
    void joinsLinesAndTakesTheRepeatedEnhancedCodeOff() {
        var pasted = "550-5.1.1 The account does\r\n550-5.1.1 not exist.\n550 5.1.1 gsmtp\r\n";
        assertThat(ReplyParser.parse(pasted)).isEqualTo(new Reply(550, "5.1.1", "The account does not exist. gsmtp"));
    }

    @Test
    void joinsAReplyThatSomebodyHasPutIntoOneLine() {
        assertThat(ReplyParser.parse("550-5.1.1 The account does 550-5.1.1 not exist. 550 5.1.1 gsmtp"))
                .isEqualTo(new Reply(550, "5.1.1", "The account does not exist. gsmtp"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n", "\0", "\ud800", "550-", "550\t", "5", "55", "999 x", "-550 x"})
    void takesAnyTextWithoutAnException(String pasted) {
        var reply = ReplyParser.parse(pasted);
        assertThat(reply.code()).isIn(0, 550);
        assertThat(reply.text().chars().anyMatch(Character::isISOControl)).isFalse();
    }

    @Test
    void keepsBothEndsOfALongText() {
        var reply = ReplyParser.parse("550 begin " + "x".repeat(1_000) + " end");
        assertThat(reply.text())
                .hasSizeLessThanOrEqualTo(ReplyParser.TEXT_CHARS_MAX)
                .startsWith("begin")
                .endsWith("end");
    }
}
