package dev.gatepost.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.AddressFuzz;
import dev.gatepost.dns.AnswerFuzz;
import dev.gatepost.egress.UrlFuzz;
import dev.gatepost.smtp.ReplyFuzz;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuzzTest {
    @ParameterizedTest(name = "T5: {0}")
    @ValueSource(classes = {AddressFuzz.class, ReplyFuzz.class, AnswerFuzz.class, UrlFuzz.class})
    void survivesWhateverJazzerThinksOf(Class<?> target) {
        var run = Fuzzing.run(target);

        assertThat(run.finding()).isEmpty();
        assertThat(run.executions()).as("calls").isPositive();
        assertThat(run.edges())
                .as("branches reached: without any, nothing was tried")
                .isGreaterThan(20);
    }
}
