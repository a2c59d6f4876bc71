package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActiveCampaignProofTest {
    private static final int CONTACTS = 60;
    private static final int KILLS = 2;

    @TempDir
    Path folder;

    @Test
    @DisplayName(
            "P1, P3, P4, I8, G3: by webhook, import and step, killed twice, each contact is written and charged once")
    void losesNoneAndChargesNoneTwice() throws Exception {
        var ended = ActiveCampaignProof.run(folder, CONTACTS, KILLS, Duration.ofMinutes(5));

        assertThat(ended.unwritten()).isZero();
        assertThat(ended.spent()).isEqualTo(CONTACTS);
        assertThat(ended.reserved()).isZero();
        assertThat(ended.ledger()).startsWith("sound");
        assertThat(ended.peak()).as("calls in any second").isLessThanOrEqualTo(5);
        assertThat(ended.left()).as("webhooks after disconnecting").isZero();
        assertThat(ended.writes()).as("writes: no loop").isLessThan(2 * CONTACTS);
        assertThat(ended.deliveries().keySet()).as("answers to webhooks").isSubsetOf(0, 200, 503);
    }
}
