package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.Answer.FailureCause;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerCacheTest {
    @ParameterizedTest(name = "{0} with a TTL of {1} s is kept {2} s: {3}")
    @CsvSource({
        "found, 300, 300, as said",
        "found, 0, 30, a floor for bulk lists",
        "found, 29, 30, just below the floor",
        "found, 31, 31, just above the floor",
        "found, 3600, 3600, the longest",
        "found, 3601, 3600, capped",
        "found, 2147483647, 3600, 68 years are capped",
        "noData, 60, 60, the SOA's minimum",
        "noData, 901, 900, capped at 15 minutes",
        "noData, 0, 30, a server without SOA",
        "noSuchName, 86400, 900, capped at 15 minutes",
        "noSuchName, 60, 60, the SOA's minimum",
    })
    void keepsAnswersAsLongAsTheySayWithinBounds(String kind, long ttl, long expected, String why) {
        var said = Duration.ofSeconds(ttl);
        var answer = switch (kind) {
            case "found" -> new Answer.Found(List.of(new Answer.TextData("x")), said, false);
            case "noData" -> new Answer.NoData(said);
            default -> new Answer.NoSuchName(said);
        };

        assertThat(AnswerCache.lifeOf(answer)).as(why).isEqualTo(Duration.ofSeconds(expected));
    }

    @ParameterizedTest(name = "{0} is kept {1} s")
    @CsvSource({"TIMEOUT, 30", "SERVFAIL, 30", "REFUSED, 30", "MALFORMED, 30", "UNREACHABLE, 0", "BUDGET, 0"})
    void keepsFailuresForHalfAMinuteAtMost(FailureCause cause, long expected) {
        assertThat(AnswerCache.lifeOf(new Answer.Failed(cause))).isEqualTo(Duration.ofSeconds(expected));
    }
}
