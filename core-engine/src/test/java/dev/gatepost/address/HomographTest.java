package dev.gatepost.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomographTest {
    private final Homograph homograph = new Homograph(List.of("gmail.com", "paypal.com", "apple.com", "google.com"));

    @ParameterizedTest(name = "{0} is {1}, imitates {2}: {3}")
    @CsvSource(
            nullValues = "-",
            value = {
                "gmail.com, false, -, the real one",
                "example.com, false, -, plain",
                "p\u0430ypal.com, true, paypal.com, Cyrillic a among Latin letters",
                "\u0440\u0430ypal.org, true, -, two scripts in one label whatever it imitates",
                "\u0430\u0440\u0440\u04cf\u0435.com, true, apple.com, all Cyrillic, but looks like a known name",
                "\u043c\u043e\u0441\u043a\u0432\u0430.com, false, -, all Cyrillic and like nothing known",
                "g\u043e\u043egle.com, true, google.com, Cyrillic o",
                "g00gle.com, false, -, a zero is not an o in lower case",
                "gmai1.com, true, gmail.com, one for l",
                "grnail.com, true, gmail.com, r and n for m",
                "xn--gmal-nza.com, true, gmail.com, given as an A-label (dotless i)",
                "b\u00fccher.de, false, -, Latin with an accent",
                "\u65e5\u672c\u8a9e\u3042\u30a2a.jp, false, -, Japanese mixes three scripts and Latin by habit",
                "\ud55c\uad6d\u8a9e.kr, false, -, Korean mixes Hangul and Han by habit",
                "\u03b1\u0431\u0432.com, true, -, Greek and Cyrillic"
            })
    void tellsImitationsFromNames(String name, boolean expected, String imitated, String why) {
        if (!(AddressParser.parse("joe@" + name, AddressDialect.SMTP) instanceof Syntax.Wellformed(var address))) {
            throw new AssertionError("malformed: " + name);
        }
        assertThat(homograph.isHomograph(address.domain())).as(why).isEqualTo(expected);
        assertThat(homograph.imitated(address.domain()).orElse(null)).as(why).isEqualTo(imitated);
    }
}
