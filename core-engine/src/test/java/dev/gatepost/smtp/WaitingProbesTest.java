package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Probes of one domain that wait for each other share groups of commands, and nothing else. */
final class WaitingProbesTest {
    private static final int PEOPLE = 24;

    /** Even numbers exist, odd ones do not. */
    private static MailScript evenOnes() {
        var known = new ArrayList<>(List.of("jane"));
        for (int i = 0; i < PEOPLE; i += 2) {
            known.add("user" + i);
        }
        return MailScript.knowing(known.toArray(String[]::new)).slow(Duration.ofMillis(20));
    }

    /** Asks for all at once, after one that settles whether the domain takes everything. */
    private static List<ReplyMeaning> meanings(ProbeBench bench) throws Exception {
        var _ = bench.ask("jane");
        var asks = new ArrayList<Callable<ProbeResult.Outcome>>();
        for (int i = 0; i < PEOPLE; i++) {
            var name = "user" + i;
            asks.add(() -> bench.ask(name));
        }
        var meanings = new ArrayList<ReplyMeaning>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(asks)) {
                meanings.add(((Answered) answer.get()).meaning());
            }
        }
        return meanings;
    }

    private static List<ReplyMeaning> expected() {
        var meanings = new ArrayList<ReplyMeaning>();
        for (int i = 0; i < PEOPLE; i++) {
            meanings.add(i % 2 == 0 ? ReplyMeaning.ACCEPT : ReplyMeaning.MAILBOX_NOT_FOUND);
        }
        return meanings;
    }

    @Test
    void giveEachItsOwnAnswerInFewerWaits() throws Exception {
        try (var bench = new ProbeBench(evenOnes())) {
            assertThat(meanings(bench)).isEqualTo(expected());
            assertThat(bench.host.recipients()).hasSize(PEOPLE + 2).doesNotHaveDuplicates();
            assertThat(Collections.frequency(bench.host.commands(), "MAIL FROM:<probe@gatepost.dev>"))
                    .isLessThan(PEOPLE);
        }
    }

    @Test
    void eachAsksForItselfWhereTheHostTakesOneRecipientAtATime() throws Exception {
        try (var bench = new ProbeBench(evenOnes().with(Quirk.ONE_RECIPIENT))) {
            assertThat(meanings(bench)).isEqualTo(expected());
        }
    }

    @Test
    void eachAsksForItselfWhereTheHostTakesNoGroups() throws Exception {
        try (var bench = new ProbeBench(evenOnes().withoutPipelining())) {
            assertThat(meanings(bench)).isEqualTo(expected());
            assertThat(Collections.frequency(bench.host.commands(), "MAIL FROM:<probe@gatepost.dev>"))
                    .isGreaterThanOrEqualTo(PEOPLE);
        }
    }

    @Test
    void takeNoAnswerFromAGroupThatWasCutShort() throws Exception {
        try (var bench = new ProbeBench(evenOnes().with(Quirk.DROPS_AFTER_SECOND_RCPT))) {
            var meanings = meanings(bench);
            for (int i = 0; i < PEOPLE; i++) {
                assertThat(meanings.get(i)).isEqualTo(expected().get(i));
            }
        }
    }

    private static Waiting joined(WaitingProbes waiting, String name, int sessions) {
        return joined(waiting, name, sessions, Duration.ofSeconds(9));
    }

    private static Waiting joined(WaitingProbes waiting, String name, int sessions, Duration time) {
        var deadline = Deadline.in(time);
        var probe = new Probe(ProbeBench.address(name), ProbeBench.PATIENT, deadline, new Transcript());
        return waiting.join(probe, () -> sessions);
    }

    private static boolean isCalled(Waiting one) throws InterruptedException {
        return one.await(Duration.ZERO);
    }

    @Test
    void areTakenInTheOrderOfComingAndOnlyOnce() throws Exception {
        var waiting = new WaitingProbes();
        var a = joined(waiting, "a", 2);
        var b = joined(waiting, "b", 2);
        var c = joined(waiting, "c", 2);
        assertThat(isCalled(a)).isTrue();
        assertThat(isCalled(b)).as("one connection serves them all").isFalse();
        assertThat(waiting.take(a.probe(), 1)).containsExactly(b);
        assertThat(waiting.take(a.probe(), 9)).containsExactly(c);
        assertThat(waiting.take(a.probe(), 9)).isEmpty();
        waiting.leaveAlone(c);
        waiting.leaveAlone(b);
        assertThat(waiting.take(a.probe(), 9)).as("each asks for itself").isEmpty();
        assertThat(waiting.leave(a, () -> 2, Optional.empty())).isEmpty();
        assertThat(isCalled(b)).isTrue();
        assertThat(isCalled(c)).isFalse();
        assertThat(waiting.leave(b, () -> 2, Optional.empty())).isEmpty();
        assertThat(isCalled(c)).isTrue();
    }

    @Test
    void whoeverMustHaveItsAnswerSoonestIsNotBehindAList() {
        var waiting = new WaitingProbes();
        var leader = joined(waiting, "leader", 1, Duration.ofMinutes(2));
        var listed = joined(waiting, "listed", 1, Duration.ofMinutes(2));
        var asked = joined(waiting, "asked", 1, Duration.ofSeconds(20));

        assertThat(waiting.take(leader.probe(), 2)).containsExactly(asked, listed);
        assertThat(waiting.leave(leader, () -> 1, Optional.empty())).isEmpty();
    }

    @Test
    void leadOverSeveralConnectionsWhereManyWait() throws Exception {
        var waiting = new WaitingProbes();
        var joined = new ArrayList<Waiting>();
        for (int i = 0; i < 4 * WaitingProbes.WAITING_FOR_ANOTHER; i++) {
            joined.add(joined(waiting, "user" + i, 2));
        }
        int called = 0;
        for (var one : joined) {
            called += isCalled(one) ? 1 : 0;
        }
        assertThat(called).isEqualTo(2);
    }

    @Test
    void leadOverAsManyConnectionsAsAllowedWhereTheHostTakesNoGroups() throws Exception {
        var waiting = new WaitingProbes();
        var a = joined(waiting, "a", 2);
        waiting.askOneByOne(ProbeBench.DOMAIN);
        assertThat(isCalled(a)).isTrue();
        assertThat(isCalled(joined(waiting, "b", 2))).isTrue();
        assertThat(isCalled(joined(waiting, "c", 2))).isFalse();
    }

    @Test
    void areCalledThoughTheOneThatLeadsTakesItsTime() throws Exception {
        var waiting = new WaitingProbes(Duration.ofMillis(50));
        var _ = joined(waiting, "a", 2);
        var b = joined(waiting, "b", 2);
        assertThat(waiting.await(b, () -> 2)).isTrue();
    }

    @Test
    void openOneConnectionForAFewAddressesOfAColdDomain() throws Exception {
        try (var bench = new ProbeBench(evenOnes());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asks = new ArrayList<Callable<ProbeResult.Outcome>>();
            for (int i = 0; i < 6; i++) {
                var name = "user" + i;
                asks.add(() -> bench.ask(name));
            }
            for (var answer : threads.invokeAll(asks)) {
                assertThat(((Answered) answer.get()).acceptAll()).isEqualTo(AcceptAll.NO);
            }
            assertThat(bench.host.sessions()).isEqualTo(1);
            assertThat(bench.host.recipients()).as("and one that nobody has").hasSize(7);
        }
    }
}
