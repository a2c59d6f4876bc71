package dev.gatepost.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a stranger may send: nothing of it throws, hangs, or comes out as an address that could harm the wire. */
class HostileTextTest {
    private static final int MEGABYTE = 1 << 20;

    /** Parts that random text is made of: the characters the grammars turn on, and those that go wrong elsewhere. */
    private static final String[] PIECES = {
        "a",
        "Z",
        "9",
        ".",
        "..",
        "@",
        "-",
        "_",
        "+",
        "\"",
        "\\",
        "[",
        "]",
        "IPv6:",
        "::",
        "<",
        ">",
        "(",
        ")",
        ",",
        " ",
        "\t",
        "\r\n",
        "\0",
        "xn--",
        "xn--mnchen-3ya",
        "com",
        "example",
        "192.0.2.1",
        "\u00fc",
        "u\u0308",
        "\u00df",
        "\u3002",
        "\uff20",
        "\uff0e",
        "\u200b",
        "\u200d",
        "\u202e",
        "\ud83d\ude00",
        "\ud83d",
        "\ude00",
        "\ue000",
        "\u0378",
        "\u0301",
        "\u05d0",
        "\u0627",
        "\u4f8b",
        "\u037e",
        "\u1fef",
        "\u00ad",
        "\uffff",
        "\u0660",
        "\u00b7"
    };

    @ParameterizedTest
    @EnumSource(AddressDialect.class)
    @DisplayName("answers a megabyte of anything at once, without looking into it")
    void answersAMegabyteAtOnce(AddressDialect dialect) {
        for (var filler : new String[] {"a", "@", ".", "\"", " ", "\u0301", "\ud800", "\u00fc", "a.", "[", "xn--"}) {
            var text = filler.repeat(MEGABYTE / filler.length());
            var started = cpuTime();
            var outcome = AddressParser.parse(text, dialect);
            var fix = AddressFix.propose(text);
            var took = cpuTime().minus(started);
            assertThat(outcome).isEqualTo(new Malformed(Defect.TOO_LONG));
            assertThat(fix).isEmpty();
            // Far above the real time (it is the first call, classes are loaded), far below reading it all.
            assertThat(took).isLessThan(Duration.ofMillis(50));
        }
    }

    @ParameterizedTest
    @EnumSource(AddressDialect.class)
    void readsEveryBmpUnitOnEitherSideOfTheAt(AddressDialect dialect) {
        for (var c = 0; c <= 0xFFFF; c++) {
            check((char) c + "@example.com", dialect);
            check("joe@" + (char) c + ".com", dialect);
            check("joe@ex" + (char) c + "mple.com", dialect);
        }
    }

    @Test
    void readsEverySupplementaryCharacterAsALocalPart() {
        for (var c = 0x10000; c <= Character.MAX_CODE_POINT; c++) {
            check(Character.toString(c) + "@example.com", AddressDialect.SMTPUTF8);
        }
    }

    @ParameterizedTest
    @EnumSource(AddressDialect.class)
    @DisplayName("T5: random text of grammar pieces never throws and never yields an unsafe address")
    void survivesRandomText(AddressDialect dialect) {
        var seed = 20261123L;
        var random = new Random(seed);
        for (var round = 0; round < 40_000; round++) {
            var text = new StringBuilder();
            IntStream.range(0, random.nextInt(14)).forEach(_ -> text.append(PIECES[random.nextInt(PIECES.length)]));
            check(text.toString(), dialect);
            AddressFix.propose(text.toString()).ifPresent(HostileTextTest::assertSafe);
        }
    }

    /** Of this thread alone, so that a busy machine does not count. */
    private static Duration cpuTime() {
        return Duration.ofNanos(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
    }

    static void check(String text, AddressDialect dialect) {
        if (AddressParser.parse(text, dialect) instanceof Wellformed(var address)) {
            assertSafe(address);
            if (dialect != AddressDialect.HTML5) {
                assertBounded(address);
                // Plain comparisons: an assertion object for each of a million texts would take most of the time.
                if (!AddressParser.parse(address.envelope(), dialect).equals(new Wellformed(address))) {
                    throw new AssertionError("another address when read again: " + EscapedText.encode(text));
                }
            }
        }
    }

    /** M1: what goes into an SMTP command is one line, and one token unless quoted. */
    static void assertSafe(EmailAddress address) {
        var envelope = address.envelope();
        for (var i = 0; i < envelope.length(); i++) {
            var c = envelope.charAt(i);
            if (Character.isISOControl(c)
                    || ((c == ' ' || c == '>') && !address.localPart().startsWith("\""))) {
                throw new AssertionError("unsafe: " + EscapedText.encode(envelope));
            }
        }
        var domain = address.domain().ascii();
        if (!domain.chars().allMatch(c -> c > ' ' && c < 0x7F) || domain.chars().anyMatch(c -> c >= 'A' && c <= 'Z')) {
            throw new AssertionError("no key: " + EscapedText.encode(domain));
        }
    }

    private static void assertBounded(EmailAddress address) {
        if (address.envelope().getBytes(StandardCharsets.UTF_8).length > AddressParser.ADDRESS_OCTETS_MAX) {
            throw new AssertionError("too long: " + EscapedText.encode(address.envelope()));
        }
    }
}
