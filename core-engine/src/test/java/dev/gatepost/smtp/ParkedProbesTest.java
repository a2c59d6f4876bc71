package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A probe that waits for a slow host costs a socket and some memory, no thread of the platform. */
@Timeout(120)
class ParkedProbesTest {
    private static final int PROBES = 2_000;

    /** Sockets of both ends, and what the test JVM has open itself. */
    private static final int DESCRIPTORS = 2 * PROBES + 500;

    @Test
    void twoThousandWaitWithoutAThreadEach() throws Exception {
        if (ParkedProbes.descriptorsMax() < DESCRIPTORS) {
            System.out.println(
                    "skipped: needs " + DESCRIPTORS + " open files, ulimit -n is " + ParkedProbes.descriptorsMax());
            return;
        }
        try (var host = ScriptedMailHost.start(MailScript.knowing().silent())) {
            var parked = ParkedProbes.park(PROBES, host.address(), host.port(), host);

            assertThat(parked.waitingAtOnce()).isEqualTo(PROBES);
            assertThat(parked.threadsAdded())
                    .as("platform threads: carriers and the JVM's own")
                    .isLessThan(64);
            assertThat(parked.pinned())
                    .as("virtual threads that held their carrier: a few may, while classes are loaded")
                    .isLessThan(PROBES / 100);
        }
    }
}
