package dev.gatepost.hubspot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.fuzz.Fuzzing;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HubSpotFuzzTest {
    @Test
    @DisplayName("T5: signature, timestamp and body of a webhook call")
    void survivesWhateverJazzerThinksOf() {
        var run = Fuzzing.run(DeliveryFuzz.class);

        assertThat(run.finding()).isEmpty();
        assertThat(run.executions()).as("calls").isPositive();
        assertThat(run.edges()).as("branches reached").isGreaterThan(20);
    }
}
