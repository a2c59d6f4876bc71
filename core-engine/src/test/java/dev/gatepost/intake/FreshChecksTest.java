package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.intake.FreshChecks.Outcome;
import dev.gatepost.intake.FreshChecks.Outcome.UnderWay;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.ToldVerifier;
import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A person has a contact verified once more though the answer is still good (reliability C3). */
@ParameterizedClass
@EnumSource(Dialect.class)
class FreshChecksTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    private final PipelineWorld world;
    private final FakeCrm crm;

    FreshChecksTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        crm.emails.put("7", "ann@example.org");
        world.grant(10);
        world.start();
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");
    }

    @AfterEach
    void close() {
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private String verification() {
        return world.query("select id from verification order by id").getFirst();
    }

    private void awaitBalance(String balance) {
        await().atMost(LONG).untilAsserted(() -> assertThat(world.balance()).isEqualTo(balance));
    }

    @Test
    @DisplayName("C3: it is a generation of its own: asked again, charged once more, stored and written back")
    void asksChargesAndTellsOnceMore() {
        world.answers.put("ann@example.org", List.of(ToldVerifier.accepted(), ToldVerifier.greylisted()));

        assertThat(world.checkAfresh(verification())).isInstanceOf(UnderWay.class);

        await().atMost(LONG)
                .until(() -> crm.written.getOrDefault("7", List.of()).size() == 2);
        assertThat(world.verified).hasSize(2);
        assertThat(world.query("select generation || ' ' || state from claim order by generation"))
                .containsExactly("1 answered", "2 open");
        assertThat(world.balance()).isEqualTo("8 1 1");
    }

    @Test
    @DisplayName("C3: whoever comes after it within the window joins or reuses it, as with any other")
    void isSharedByTriggersLikeAnyOther() {
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        var first = world.checkAfresh(verification());
        await().atMost(LONG).until(() -> world.verified.size() == 2);

        assertThat(world.checkAfresh(verification())).isEqualTo(first);
        gate.countDown();
        world.awaitStates("done", "done");

        crm.emails.put("8", "ann@example.org");
        world.deliver("1 CREATED 8 e2");
        world.awaitStates("done", "done", "done");
        assertThat(world.billings()).containsExactly("charged", "charged", "reused");
        assertThat(world.balance()).isEqualTo("8 0 2");
    }

    @Test
    @DisplayName("C3: many at once are one generation and one charge")
    void raisesOnceWhenManyAskAtOnce() throws Exception {
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        var id = verification();
        var outcomes = new ArrayList<Outcome>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var asked = new ArrayList<Future<Outcome>>();
            for (int i = 0; i < 16; i++) {
                asked.add(threads.submit(() -> world.checkAfresh(id)));
            }
            for (var each : asked) {
                outcomes.add(each.get());
            }
        }
        gate.countDown();

        world.awaitStates("done", "done");
        assertThat(outcomes).hasSize(16).containsOnly(outcomes.getFirst());
        assertThat(world.query("select count(*) from claim")).containsExactly("2");
        assertThat(world.verified).hasSize(2);
        assertThat(world.balance()).isEqualTo("8 0 2");
    }

    @Test
    @DisplayName("C4: without a credit nothing is begun")
    void beginsNothingWithoutACredit() {
        world.execute("update balance set available = 0");
        assertThat(world.checkAfresh(verification())).isEqualTo(new Outcome.NoCredits());
        world.execute("update balance set available = 9");

        assertThat(world.query("select state from claim")).containsExactly("answered");
        assertThat(world.query("select count(*) from event")).containsExactly("1");
    }

    @Test
    @DisplayName("C3: the credit comes back when the contact has gone, or has another address by then")
    void givesTheCreditBackWhenThereIsNobodyToAskAbout() {
        crm.emails.remove("7");
        world.checkAfresh(verification());
        world.awaitStates("done", "skipped target_gone");
        assertThat(world.balance()).isEqualTo("9 0 1");

        crm.emails.put("7", "ann.new@example.org");
        world.checkAfresh(verification());
        world.awaitStates("done", "skipped target_gone", "done");
        awaitBalance("8 0 2");
        assertThat(world.verified).containsExactly("ann@example.org", "ann.new@example.org");
        assertThat(world.query("select state from claim where state = 'open'")).isEmpty();
    }

    @Test
    @DisplayName("C2: the credit comes back when the address is erased before it was asked about")
    void givesTheCreditBackWhenItIsErased() {
        world.stop();
        world.checkAfresh(verification());
        world.erase("ann@example.org");
        world.start();

        world.awaitStates("done", "skipped erased");
        awaitBalance("9 0 1");
        assertThat(world.verified).hasSize(1);
    }

    @Test
    @DisplayName("P1: one that a pause holds up goes on after it, and one that the process dropped after a restart")
    void goesOnAfterAPauseAndARestart() {
        world.stop();
        world.checkAfresh(verification());
        world.pause();
        world.start();
        world.awaitStates("done", "held connection_paused");

        world.mend();

        world.awaitStates("done", "done");
        assertThat(world.verified).hasSize(2);
        assertThat(world.balance()).isEqualTo("8 0 2");
    }

    @Test
    @DisplayName("a paused connection begins none: nobody could be told")
    void beginsNoneWhilePaused() {
        world.pause();

        assertThat(world.checkAfresh(verification())).isEqualTo(new Outcome.NotActive());
        assertThat(world.connection().state()).isEqualTo(ConnectionState.PAUSED);
        assertThat(world.balance()).isEqualTo("9 0 1");
    }

    @Test
    @DisplayName("C2: a credit set aside for a contact that went while the process was down comes back")
    void givesBackWhatWasSetAsideBeforeTheProcessDied() {
        var gate = new CountDownLatch(1);
        crm.emails.put("8", "bob@example.org");
        world.hold("bob@example.org", gate);
        world.deliver("1 CREATED 8 e2");
        await().atMost(LONG).until(() -> world.verified.contains("bob@example.org"));
        world.stop();
        gate.countDown();
        crm.emails.remove("8");

        world.start();

        world.awaitStates("done", "skipped target_gone");
        awaitBalance("9 0 1");
    }
}
