package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.smtp.ProbeResult.Answered;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Somebody waits for one answer while a list is worked through at the same hosts")
final class AwaitedProbesTest {
    private static final HostLimits UNHURRIED = new HostLimits(2, 2, 1_000_000, 1_000_000, 200);

    private static Waiting joined(WaitingProbes waiting, String name, SmtpTimeouts timeouts, int sessions) {
        var probe = new Probe(ProbeBench.address(name), timeouts, Deadline.in(timeouts.total()), new Transcript());
        return waiting.join(probe, () -> sessions);
    }

    private static boolean isCalled(Waiting one) throws InterruptedException {
        return one.await(Duration.ZERO);
    }

    @Test
    void whoIsAwaitedIsCalledThoughOneOfTheListLeads() throws Exception {
        var waiting = new WaitingProbes();
        var listed = joined(waiting, "listed", SmtpTimeouts.BULK, 1);
        var asked = joined(waiting, "asked", SmtpTimeouts.REAL_TIME, 1);
        var askedToo = joined(waiting, "asked.too", SmtpTimeouts.REAL_TIME, 1);

        assertThat(isCalled(listed)).isTrue();
        assertThat(isCalled(asked)).isTrue();
        assertThat(isCalled(askedToo)).as("it goes along with the other").isFalse();
    }

    @Test
    void noGroupHasBothAwaitedAndListed() {
        var waiting = new WaitingProbes();
        var listLeader = joined(waiting, "list.leader", SmtpTimeouts.SOON, 1);
        var listed = joined(waiting, "listed", SmtpTimeouts.BULK, 1);
        var leader = joined(waiting, "leader", SmtpTimeouts.REAL_TIME, 1);
        var asked = joined(waiting, "asked", SmtpTimeouts.REAL_TIME.within(Duration.ofSeconds(3)), 1);

        assertThat(waiting.take(listLeader.probe(), 9)).containsExactly(listed);
        assertThat(waiting.take(leader.probe(), 9)).containsExactly(asked);
    }

    @Test
    void aPlaceOfAListIsNotHandedOnPastSomebodyAwaited() throws Exception {
        var groups = new HostGroups(
                UNHURRIED, new OwnMemory(new Random(7)), new MutableClock(Instant.parse("2026-01-02T03:04:05Z")));
        var target = new Target(
                "mx.one.com",
                10,
                InetAddress.ofLiteral("192.0.2.1"),
                ProviderTable.shipped().of("mx.one.com"));
        var enough = Deadline.in(Duration.ofSeconds(30));
        var first = groups.awaitPlace(target, enough, Haste.PATIENT).orElseThrow();
        var second = groups.awaitPlace(target, enough, Haste.PATIENT).orElseThrow();
        assertThat(groups.mayHandOn(first)).isTrue();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var awaited = threads.submit(() -> groups.awaitPlace(target, enough, Haste.AWAITED));
            await().until(() -> !groups.mayHandOn(first));

            first.close();

            assertThat(awaited.get()).map(HostGroups.Place::haste).contains(Haste.AWAITED);
            assertThat(groups.mayHandOn(second))
                    .as("nobody awaited waits any more")
                    .isTrue();
            awaited.get().ifPresent(HostGroups.Place::close);
        }
        second.close();
        assertThat(groups.spareInAll()).isEqualTo(200);
    }

    @Test
    void anAnswerComesBeforeTheListIsThrough() throws Exception {
        var script = MailScript.acceptingAll().slow(Duration.ofMillis(250));
        try (var bench = new ProbeBench(script, UNHURRIED);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answered = new AtomicInteger();
            var list = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < 600; i++) {
                var name = "listed" + i;
                list.add(() -> {
                    assertThat(bench.ask(name, SmtpTimeouts.BULK)).isInstanceOf(Answered.class);
                    return answered.incrementAndGet();
                });
            }
            var under = list.stream().map(threads::submit).toList();
            await().until(() -> answered.get() > 0);

            assertThat(bench.ask("asked", SmtpTimeouts.REAL_TIME)).isInstanceOf(Answered.class);

            assertThat(answered).hasValueLessThan(list.size());
            for (var one : under) {
                assertThat(one.get()).isPositive();
            }
            assertThat(bench.host.sessionsAtOnceMax())
                    .as("M3: no more than allowed, and one that takes leave")
                    .isLessThanOrEqualTo(3);
        }
    }
}
