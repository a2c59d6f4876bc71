package dev.gatepost.lists;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypingSlipTest {
    @ParameterizedTest(name = "{0} for {1} costs {2}: {3}")
    @CsvSource({
        "gmail, gmail, 0, the same",
        "gmial, gmail, 1, two letters swapped",
        "gmaill, gmail, 1, a letter doubled",
        "outlok, outlook, 1, a doubled letter written once",
        "gnail, gmail, 1, a neighbouring key",
        "gmal, gmail, 2, a letter left out",
        "gmaxil, gmail, 2, a letter put in",
        "gmael, gmail, 2, another letter",
        "hormial, hotmail, 2, a neighbouring key and two letters swapped",
        "'', abc, 6, three letters",
        "abc, '', 6, three letters"
    })
    void weighsSlipsOfTheHandHalf(String typed, String meant, int expected, String why) {
        assertThat(TypingSlip.cost(typed, meant)).as(why).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"g,h", "g,f", "g,t", "g,y", "g,v", "g,b", "q,a", "q,1", "q,2", "o,0", "o,9", "m,n", "m,j", "m,k"})
    void knowsTheKeysThatTouch(char a, char b) {
        assertThat(TypingSlip.areNeighbours(a, b)).isTrue();
        assertThat(TypingSlip.areNeighbours(b, a)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"g,u", "q,s", "a,p", "m,p", "g,g", "-,a", "a,-"})
    void knowsTheKeysThatDoNot(char a, char b) {
        assertThat(TypingSlip.areNeighbours(a, b)).isFalse();
    }

    @Test
    void costsTheSameThereAndBack() {
        var random = new Random(7);
        for (var round = 0; round < 10_000; round++) {
            var a = word(random);
            var b = word(random);
            assertThat(TypingSlip.cost(a, b)).as("%s %s", a, b).isEqualTo(TypingSlip.cost(b, a));
        }
    }

    private static String word(Random random) {
        return random.ints(random.nextInt(8), 'a', 'f')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
