package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** X4: which passwords people may choose. */
class PasswordRulesTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
                    seven quiet otters      ; words in a row
                    sieben stille Otter ö   ; other letters
                    x9#kQ2!vLp7z            ; twelve signs
                    correcthorsebattery     ; three words
                    """)
    void takesWhatIsLongAndRare(String password, String why) {
        assertThat(PasswordRules.objection(password, "ann@acme.io")).as(why).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '"', textBlock = """
                    kQ2!vLp7z#x        ; 12 characters ; eleven
                    😀😀😀😀😀😀          ; 12 characters ; six characters, twelve units
                    motherfucker       ; Many people   ; listed, and long enough
                    MotherFucker       ; Many people   ; listed in another case
                    password1234       ; Many people   ; listed and digits
                    Password2026!      ; Many people   ; listed, digits and a sign
                    dragonmonkey       ; Many people   ; two listed
                    123456789012       ; Many people   ; digits alone
                    xyzxyzxyzxyz       ; Many people   ; a piece over and over
                    aaaaaaaaaaaa       ; Many people   ; one letter
                    annemarie-quiet-otters ; address   ; holds one's own name
                    """)
    void refusesWhatIsShortOrGuessedFirst(String password, String says, String why) {
        assertThat(PasswordRules.objection(password, "annemarie@acme.io"))
                .as(why)
                .hasValueSatisfying(sentence -> assertThat(sentence).contains(says));
    }

    @Test
    @DisplayName("X4: 12 to 128 characters")
    void keepsTheBounds() {
        var most = "q7!x".repeat(31) + "zk#w";
        assertThat(PasswordRules.objection(most, "ann@acme.io")).isEmpty();
        assertThat(PasswordRules.objection(most + "y", "ann@acme.io")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ﬁne quiet otters", "fine quiet otters"})
    void takesTwoSpellingsOfTheSameForOne(String typed) {
        assertThat(PasswordRules.normalized(typed)).isEqualTo("fine quiet otters");
    }
}
