package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.smtp.ProbeResult.SenderRefused;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** In a lab each host stands for an organisation of its own. */
class PerHostLimitsTest {
    private static final SmtpIdentity IDENTITY = new SmtpIdentity("probe.example.net", "probe@example.net");
    private static final Target BLOCKS = target("blocks.lab.example.net", 1);
    private static final Target NEIGHBOUR = target("works.lab.example.net", 2);

    @Test
    void aBlockOfOneHostPausesItsNeighbourOnlyWhereOrganisationsCount() {
        assertThat(isPausedAfterBlocks(HostLimits.Grouping.ORGANISATION, NEIGHBOUR))
                .isTrue();
        assertThat(isPausedAfterBlocks(HostLimits.Grouping.HOST, NEIGHBOUR)).isFalse();
        assertThat(isPausedAfterBlocks(HostLimits.Grouping.HOST, BLOCKS)).isTrue();
    }

    @Test
    void hostsOfOneNetworkTakeNoPlacesFromEachOther() throws InterruptedException {
        var groups = new HostGroups(
                new HostLimits(1, 1, 100, 100, 10).perHost(), new OwnMemory(new Random(7)), InstantSource.system());
        var soon = Deadline.in(Duration.ofMillis(200));

        try (var _ = groups.enter(BLOCKS, soon, Haste.PATIENT).orElseThrow();
                var other = groups.enter(NEIGHBOUR, soon, Haste.PATIENT).orElseThrow()) {
            assertThat(other.spare()).isZero();
            assertThat(groups.enter(NEIGHBOUR, soon, Haste.PATIENT)).isEmpty();
        }
    }

    private static boolean isPausedAfterBlocks(HostLimits.Grouping grouping, Target target) {
        var limits = grouping == HostLimits.Grouping.HOST ? HostLimits.POLITE.perHost() : HostLimits.POLITE;
        var rules = new HostRules(limits, ProviderTable.shipped());
        var pauses = new Pauses(IDENTITY, InstantSource.system(), rules::groupOf, new OwnMemory(new Random(7)));
        var refused = new SenderRefused(
                BLOCKS.host(),
                Stage.GREETING,
                new Reply(554, "5.7.1", "Your IP is listed"),
                ReplyMeaning.BLOCKED_REPUTATION);
        for (int i = 0; i < Pauses.BLOCKS_MAX; i++) {
            pauses.learn(refused);
        }
        return pauses.standing(target).isPresent();
    }

    private static Target target(String host, int last) {
        return new Target(
                host,
                10,
                InetAddress.ofLiteral("127.9.0." + last),
                ProviderTable.shipped().of(host));
    }
}
