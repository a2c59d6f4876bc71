package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.smtp.ProbeResult.Answered;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

    @Test
    void areTakenInTheOrderOfComingAndOnlyOnce() {
        var waiting = new WaitingProbes();
        var joined = new ArrayList<Waiting>();
        for (var name : List.of("a", "b", "c")) {
            var address = ProbeBench.address(name);
            joined.add(waiting.join(
                    new Probe(address, ProbeBench.PATIENT, Deadline.in(Duration.ofSeconds(9)), new Transcript())));
        }
        assertThat(joined.getFirst().leads()).isTrue();
        assertThat(waiting.take(ProbeBench.DOMAIN, 1)).containsExactly(joined.get(1));
        assertThat(joined.get(1).leads()).isFalse();
        assertThat(waiting.take(ProbeBench.DOMAIN, 9)).containsExactly(joined.get(2));
        assertThat(waiting.take(ProbeBench.DOMAIN, 9)).isEmpty();
        joined.get(1).leftAlone();
        assertThat(joined.get(1).leads()).isTrue();
    }
}
