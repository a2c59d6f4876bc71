package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class UrlRulesTest {
    private final UrlRules strict = new UrlRules(EgressRules.strict(), Purpose.HOOK, Set.of());

    @ParameterizedTest(name = "E4: {0}: {2}")
    @CsvFileSource(resources = "urls.csv", delimiter = ';', numLinesToSkip = 1)
    void takesOnlyNamedHostsOverHttps(String url, String expected, String why) {
        assertThat(said(strict, url)).as(why).isEqualTo(expected);
    }

    @Test
    void takes2048CharactersAndNoMore() {
        var start = "https://hooks.customer.com/";
        var longest = start + "a".repeat(2_048 - start.length());

        assertThat(said(strict, longest)).isEqualTo(longest);
        assertThat(said(strict, longest + "a")).isEqualTo("url_too_long");
    }

    @Test
    void refusesAUrlThatGrowsTooLongWhenEscaped() {
        assertThat(said(strict, "https://hooks.customer.com/" + "ü".repeat(1_000)))
                .isEqualTo("url_too_long");
    }

    @ParameterizedTest(name = "a character {0} is not mended")
    @CsvSource({"9", "10", "13", "0", "127"})
    void refusesControlCharacters(int character) {
        assertThat(said(strict, "https://hooks.customer.com/a" + (char) character + "b"))
                .isEqualTo("url_malformed");
    }

    @ParameterizedTest(name = "{0} in a lab: {1}")
    @CsvSource({
        "http://127.0.0.1:9000/in, http://127.0.0.1:9000/in",
        "http://localhost:9000/in, http://localhost:9000/in",
        "http://127.0.0.1:9001/in, url_address",
        "http://hooks.customer.com/, url_not_https",
        "http://10.0.0.1:9000/, url_address",
        "https://hooks.customer.com/, https://hooks.customer.com/",
    })
    void takesWhatTheOperatorOpened(String url, String expected) {
        assertThat(said(new UrlRules(EgressRules.parse("hook=127.0.0.0/8:9000"), Purpose.HOOK, Set.of()), url))
                .isEqualTo(expected);
    }

    @ParameterizedTest(name = "E3: {0}: {1}")
    @CsvSource({
        "https://zapier.com/, https://zapier.com/",
        "https://hooks.Zapier.com/in, https://hooks.zapier.com/in",
        "https://evilzapier.com/, url_host",
        "https://zapier.com.evil.com/, url_host",
        "https://zapier.com./, url_host",
        "http://127.0.0.1:9000/in, http://127.0.0.1:9000/in",
    })
    void takesOnlyHostsBelowTheSuffixesGiven(String url, String expected) {
        var lab = EgressRules.parse("hook=127.0.0.0/8:9000");

        assertThat(said(new UrlRules(lab, Purpose.HOOK, Set.of("zapier.com")), url))
                .isEqualTo(expected);
    }

    @Test
    void neverThrowsForRandomText() {
        var seed = 20_260_801L;
        var random = new Random(seed);
        var alphabet = "https://:@[]#?.%\\ \t0x7f١aé\uD800①";
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder(random.nextBoolean() ? "https://" : "");
            for (int length = random.nextInt(30); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertThat(strict.check(text.toString()))
                    .as("seed %d: %s", seed, text)
                    .isNotNull();
        }
    }

    private static String said(UrlRules rules, String url) {
        return switch (rules.check(url)) {
            case UrlRules.Acceptable(var acceptable) -> acceptable.toString();
            case UrlRules.Objectionable(var code, var _) -> code;
        };
    }
}
