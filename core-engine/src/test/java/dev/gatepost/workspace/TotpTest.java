package dev.gatepost.workspace;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
    private static final String SECRET = Totp.base32("12345678901234567890".getBytes(US_ASCII));

    /** RFC 6238, appendix B, SHA-1; there with eight digits, of which the last six are ours. */
    @ParameterizedTest
    @CsvSource({"59, 287082", "1111111109, 081804", "1111111111, 050471", "1234567890, 005924", "2000000000, 279037"})
    void givesTheCodesOfTheStandard(long second, String code) {
        assertThat(Totp.code(SECRET, second / 30)).isEqualTo(code);
    }

    /** RFC 4648, section 10, without padding. */
    @ParameterizedTest
    @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB", "foobar, MZXW6YTBOI"})
    void writesBase32(String text, String base32) {
        assertThat(Totp.base32(text.getBytes(US_ASCII))).isEqualTo(base32);
    }

    @Test
    void takesTheNeighbouringStepsAndNoOther() {
        var now = Instant.ofEpochSecond(30 * 1_000_000);
        for (int drift = -3; drift <= 3; drift++) {
            var step = Totp.step(SECRET, Totp.code(SECRET, 1_000_000 + drift), now, 0);
            assertThat(step.isPresent()).as("%d steps away", drift).isEqualTo(Math.abs(drift) <= 1);
        }
        assertThat(Totp.step(SECRET, Totp.code(SECRET, 1_000_000), now, 1_000_000))
                .isEmpty();
        assertThat(Totp.step(SECRET, "12345", now, 0)).isEmpty();
        assertThat(Totp.secret(new SecureRandom())).matches("[A-Z2-7]{32}");
    }
}
