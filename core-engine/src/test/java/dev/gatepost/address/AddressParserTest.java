package dev.gatepost.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class AddressParserTest {
    @ParameterizedTest(name = "{1}: {0} is {2}, for {3}")
    @CsvFileSource(resources = "addresses.csv", delimiter = ';', quoteCharacter = '§')
    void readsAsTheTableSays(String written, AddressDialect dialect, String expected, String why) {
        var outcome = switch (AddressParser.parse(EscapedText.decode(written), dialect)) {
            case Wellformed(var address) when expected.equals("ok") -> "ok";
            case Wellformed(var address) -> "ok=" + address.envelope();
            case Malformed(var defect) -> defect.name();
        };
        assertThat(outcome).as(why).isEqualTo(EscapedText.decode(expected));
    }

    @ParameterizedTest
    @EnumSource(AddressDialect.class)
    void takesNothingForAnEmptyAddress(AddressDialect dialect) {
        assertThat(AddressParser.parse(null, dialect)).isEqualTo(new Malformed(Defect.EMPTY));
        assertThat(AddressParser.parse("", dialect)).isEqualTo(new Malformed(Defect.EMPTY));
    }

    @Test
    void everyDefectIsOnePlainSentenceOfItsOwn() {
        assertThat(Defect.values())
                .extracting(Defect::sentence)
                .doesNotHaveDuplicates()
                .allSatisfy(sentence -> assertThat(sentence).matches("[a-z].*[^.]"));
    }

    @Test
    void everyDefectIsReachedByTheTable() throws Exception {
        try (var table = AddressParserTest.class.getResourceAsStream("addresses.csv")) {
            var text = new String(table.readAllBytes(), StandardCharsets.UTF_8);
            var unreached = Arrays.stream(Defect.values())
                    .filter(defect -> defect != Defect.EMPTY)
                    .filter(defect -> !text.contains("; " + defect.name() + " ;"))
                    .toList();
            assertThat(unreached).isEmpty();
        }
    }
}
