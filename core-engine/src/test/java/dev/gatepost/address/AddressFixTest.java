package dev.gatepost.address;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

class AddressFixTest {
    @ParameterizedTest(name = "{0} becomes {1}: {2}")
    @CsvFileSource(resources = "fixes.csv", delimiter = ';', quoteCharacter = '§')
    void proposesWhatTheTableSays(String written, String expected, String why) {
        var fix = AddressFix.propose(EscapedText.decode(written));
        assertThat(fix.map(EmailAddress::envelope).orElse("-")).as(why).isEqualTo(expected);
    }

    @Test
    void proposesNothingForNothing() {
        assertThat(AddressFix.propose(null)).isEmpty();
        assertThat(AddressFix.propose("")).isEmpty();
    }
}
