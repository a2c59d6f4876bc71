package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSpotKillsTest {
    private static final int CONTACTS = 500;
    private static final int KILLS = 4;

    @TempDir
    Path folder;

    @Test
    @DisplayName("P1, P3, P4, T3: killed four times among 500 contacts, it writes each and charges each once")
    void losesNothingAndChargesNothingTwiceWhenKilled() throws Exception {
        var ended = HubSpotKills.run(folder, CONTACTS, KILLS, Duration.ofMinutes(4));

        assertThat(ended.unwritten()).isZero();
        assertThat(ended.spent()).isEqualTo(CONTACTS);
        assertThat(ended.left()).isEqualTo(CONTACTS);
        assertThat(ended.ledger()).startsWith("sound");
        assertThat(ended.refused())
                .as("calls HubSpot refused as beyond its limit")
                .isZero();
        assertThat(ended.peak()).isLessThanOrEqualTo(110);
    }
}
