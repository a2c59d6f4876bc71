package dev.gatepost.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelTest {
    private static final List<Trait> ALL = List.of(Trait.values());

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            VALID   ;                      ; VALID      ; nothing speaks against it
            VALID   ; FREE                 ; FREE       ; free is the only thing to say
            VALID   ; ROLE,FREE            ; ROLE       ; role outweighs free
            VALID   ; DISPOSABLE,ROLE,FREE ; DISPOSABLE ; disposable outweighs all traits
            VALID   ; RELAY                ; VALID      ; a relay has a person behind it
            RISKY   ; FREE,ROLE            ; RISKY      ; doubt about delivery comes first
            RISKY   ; DISPOSABLE           ; DISPOSABLE ; thrown away whether or not it delivers
            UNKNOWN ; ROLE                 ; UNKNOWN    ; nobody could say
            UNKNOWN ; DISPOSABLE           ; DISPOSABLE ; the list needs no answer from a host
            INVALID ; DISPOSABLE,FREE,ROLE ; INVALID    ; it cannot be delivered at all
            """)
    void projectsByTheFixedPrecedence(Status status, String traits, Label expected, String why) {
        assertThat(Label.of(status, traits(traits))).as(why).isEqualTo(expected);
    }

    @Test
    void followsOnePrecedenceOverAllCombinations() {
        for (var status : Status.values()) {
            for (int bits = 0; bits < 1 << ALL.size(); bits++) {
                var traits = EnumSet.noneOf(Trait.class);
                for (int i = 0; i < ALL.size(); i++) {
                    if ((bits & 1 << i) != 0) {
                        traits.add(ALL.get(i));
                    }
                }
                assertThat(Label.of(status, traits)).as("%s %s", status, traits).isEqualTo(slowly(status, traits));
            }
        }
    }

    /** The precedence spelled out the other way round: every candidate, then the first in rank. */
    private static Label slowly(Status status, Set<Trait> traits) {
        var candidates = EnumSet.of(Label.valueOf(status.name()));
        for (var trait : Set.of(Trait.DISPOSABLE, Trait.ROLE, Trait.FREE)) {
            if (traits.contains(trait)) {
                candidates.add(Label.valueOf(trait.name()));
            }
        }
        for (var label : new Label[] {
            Label.INVALID, Label.DISPOSABLE, Label.UNKNOWN, Label.RISKY, Label.ROLE, Label.FREE, Label.VALID
        }) {
            if (candidates.contains(label)) {
                return label;
            }
        }
        throw new AssertionError(candidates);
    }

    private static Set<Trait> traits(String names) {
        var traits = EnumSet.noneOf(Trait.class);
        if (names != null) {
            for (var name : names.split(",", -1)) {
                traits.add(Trait.valueOf(name.strip()));
            }
        }
        return traits;
    }
}
