package dev.gatepost.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.batch.Batches.Received;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.Label;
import dev.gatepost.verify.ToldVerifier;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists from their arrival to their end, on both databases. */
@ParameterizedClass
@EnumSource(Dialect.class)
class BatchesTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final BatchWorld world;

    BatchesTest(Dialect dialect) {
        world = new BatchWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static String list(int addresses) {
        return "email\n"
                + IntStream.range(0, addresses)
                        .mapToObj(i -> "jane" + i + "@acme" + i % 5 + ".io")
                        .collect(Collectors.joining("\n"));
    }

    @Test
    void verifiesEachAddressOnceAndChargesItOnce() {
        world.grant(10);
        world.start();

        var handed = world.hand("""
                Name;E-Mail
                Jane;Jane@Acme.io
                Bob;bob@acme.io
                Jane again;jane@ACME.io
                Nobody;
                Typo;not an address
                """);
        assertThat(handed.rows()).isEqualTo(new Batch.Rows(5, 3, 1, 1, 1));
        assertThat(handed.creditsEstimate()).isEqualTo(3);
        var done = world.awaitEnd(handed);

        assertThat(world.asked().values()).containsOnly(1).hasSize(3);
        assertThat(world.balance()).isEqualTo("7 0 3");
        assertThat(done.tally().credits()).isEqualTo(3);
        assertThat(done.tally().labels()).containsEntry(Label.VALID, 2L).containsEntry(Label.INVALID, 1L);
        assertThat(done.progress()).isEqualTo(100);
        assertThat(done.finishedAt()).isNotNull();
        assertThat(world.results(done))
                .containsExactly(
                        "Jane,Jane@Acme.io > valid accepted charged",
                        "Bob,bob@acme.io > valid accepted charged",
                        "Jane again,jane@ACME.io > valid accepted reused",
                        "Nobody, >   ",
                        "Typo,not an address > invalid invalid_syntax charged");
    }

    @Test
    @DisplayName("C6: what was verified within the freshness window is not asked again, and costs nothing")
    void reusesWhatIsKnown() {
        world.grant(10);
        world.start();
        world.awaitEnd(world.hand("email\njane@acme.io\n"));

        var again = world.awaitEnd(world.hand("email\njane@acme.io\nbob@acme.io\n"));

        assertThat(world.asked()).containsEntry("jane@acme.io", 1);
        assertThat(world.balance()).isEqualTo("8 0 2");
        assertThat(again.tally().reused()).isEqualTo(1);
        assertThat(again.tally().credits()).isEqualTo(1);
    }

    @Test
    void takesNothingForAnAddressOfWhichNobodyCouldSay() {
        world.grant(10);
        world.answers.put("jane@acme.io", List.of(ToldVerifier.blocked()));
        world.start();

        var done = world.awaitEnd(world.hand("email\njane@acme.io\n"));

        assertThat(done.tally().labels()).containsEntry(Label.UNKNOWN, 1L);
        assertThat(world.balance()).isEqualTo("10 0 0");
        assertThat(world.results(done)).containsExactly("jane@acme.io > unknown blocked not_charged_unknown");
    }

    @Test
    @DisplayName("C4: without credits nothing is asked; a grant lets the list go on")
    void waitsForCredits() {
        world.grant(1);
        world.start();

        var handed = world.hand("email\njane@acme.io\nbob@acme.io\ncarol@acme.io\n");
        world.awaitState(handed, BatchState.WAITING_CREDITS);
        await().atMost(SOON).untilAsserted(() -> assertThat(world.balance()).isEqualTo("0 0 1"));
        assertThat(world.verified).hasSize(1);

        world.grant(5);
        world.awaitEnd(handed);

        assertThat(world.balance()).isEqualTo("3 0 3");
        assertThat(world.asked().values()).containsOnly(1).hasSize(3);
    }

    @Test
    void goesOnWithWhatHasItsCreditsWhileOthersWaitForTheirs() {
        world.grant(1);
        world.answers.put("jane@acme.io", List.of(ToldVerifier.greylisted(), ToldVerifier.accepted()));
        world.start();
        var handed = world.hand("email\njane@acme.io\n");
        await().atMost(SOON)
                .until(() -> !world.column("select email from batch_row where checks = 1")
                        .isEmpty());
        world.store
                .database()
                .write(handle ->
                        BatchTable.moveTo(handle, handed.id(), BatchState.RUNNING, BatchState.WAITING_CREDITS));

        world.pass(Duration.ofMinutes(2));

        world.awaitEnd(handed);
        assertThat(world.balance()).isEqualTo("0 0 1");
    }

    @Test
    void asksAgainOnScheduleWhereTheHostSaysLater() {
        world.grant(10);
        world.answers.put("jane@acme.io", List.of(ToldVerifier.greylisted(), ToldVerifier.accepted()));
        world.answers.put("bob@acme.io", List.of(ToldVerifier.greylisted()));
        world.start();

        var handed = world.hand("email\njane@acme.io\nbob@acme.io\n");
        await().atMost(SOON)
                .until(() -> world.column("select email from batch_row where checks = 1")
                                .size()
                        == 2);
        assertThat(world.now(handed).state()).isEqualTo(BatchState.RUNNING);
        assertThat(world.now(handed).progress()).isZero();
        assertThat(world.balance()).isEqualTo("8 2 0");
        assertThat(world.results(world.now(handed))).first().isEqualTo("jane@acme.io > unknown greylisted reserved");

        world.pass(Duration.ofMinutes(2));
        await().atMost(SOON).until(() -> world.now(handed).tally().done() == 1);
        await().atMost(SOON)
                .until(() -> world.column("select email from batch_row where checks = 2 and state = 'due'")
                                .size()
                        == 1);
        world.pass(Duration.ofMinutes(6));
        var done = world.awaitEnd(handed);

        assertThat(world.results(done))
                .containsExactly(
                        "jane@acme.io > valid accepted charged",
                        "bob@acme.io > unknown greylisted not_charged_unknown");
        assertThat(world.balance()).isEqualTo("9 0 1");
    }

    @Test
    @DisplayName("P3: a restart in the middle loses no row and charges none twice")
    void goesOnAfterARestart() {
        world.grant(1_000);
        world.start();
        var gate = new CountDownLatch(1);
        IntStream.range(300, 400).forEach(i -> world.hold("jane" + i + "@acme" + i % 5 + ".io", gate));
        var handed = world.hand(list(600));
        await().atMost(SOON).until(() -> world.now(handed).tally().done() > 100);

        world.restart();
        gate.countDown();
        var done = world.awaitEnd(handed);

        assertThat(done.tally().done()).isEqualTo(600);
        assertThat(done.tally().credits()).isEqualTo(600);
        assertThat(world.balance()).isEqualTo("400 0 600");
        assertThat(world.column("select verification_id from usage_log where billing = 'charged'"))
                .hasSize(600);
    }

    @Test
    @DisplayName("C5: the end of the process at any commit leaves no row twice charged and none lost")
    void survivesTheEndAtEveryCommit() {
        world.grant(1_000);
        world.start();
        var handed = world.hand(list(40));
        for (int step = 0; step < 12; step++) {
            world.untilCrash.set(step);
            world.restart();
            await().atMost(SOON)
                    .until(() -> world.untilCrash.get() < 0 || world.now(handed).state() == BatchState.FINISHED);
        }
        var done = world.awaitEnd(handed);

        assertThat(done.tally().credits()).isEqualTo(40);
        assertThat(world.balance()).isEqualTo("960 0 40");
        assertThat(world.column("select id from verification")).hasSize(40);
    }

    @Test
    @DisplayName("J2: a node that was taken for dead and comes back with its answers changes nothing")
    void ignoresTheAnswersOfANodeThatWasTakenForDead() {
        world.grant(10);
        world.start();
        var gate = new CountDownLatch(1);
        world.hold("jane@acme.io", gate);
        var handed = world.hand("email\njane@acme.io\n");
        await().atMost(SOON).until(() -> world.verified.size() == 1);
        var shard = BatchRows.shard("acme.io");
        // What a second node finds once the first one's heartbeats have stopped.
        world.store
                .database()
                .write(handle ->
                        handle.execute("update batch_row set state = 'done', due_at = null where shard = " + shard));

        gate.countDown();
        await().atMost(SOON).until(() -> world.balance().equals("9 1 0"));

        assertThat(world.column("select id from verification")).isEmpty();
        assertThat(world.now(handed).tally().credits()).isZero();
    }

    @Test
    void tellsOnceThatAListIsDone() {
        world.grant(100);
        world.subscribe();
        world.start();

        var done = world.awaitEnd(world.hand(list(60)));

        assertThat(world.column("select body from hook_delivery where event = 'batch.finished'"))
                .containsExactly(BatchJson.of(done).toString());
        world.restart();
        world.awaitEnd(world.hand("email\n \n,\n"));
        assertThat(world.column("select subject from hook_delivery")).hasSize(2);
    }

    @Test
    void answersTestKeysFromTheTable() {
        world.start();

        var done = world.awaitEnd(world.hand(
                ListFormat.CSV,
                "email\naccepted@gatepost.test\nmailbox_not_found@gatepost.test\njane@acme.io\n",
                KeyKind.TEST));

        assertThat(world.verified).isEmpty();
        assertThat(world.balance()).isEqualTo("0 0 0");
        assertThat(done.creditsEstimate()).isZero();
        assertThat(world.results(done))
                .containsExactly(
                        "accepted@gatepost.test > valid accepted test",
                        "mailbox_not_found@gatepost.test > invalid mailbox_not_found test",
                        "jane@acme.io > unknown offline test");
        assertThat(world.batches().find(Workspaces.MAIN, KeyKind.LIVE, done.id()))
                .isEmpty();
    }

    @Test
    void removesAListWithItsRowsAndGivesBackWhatWasSetAside() {
        world.grant(100);
        world.start();
        var gate = new CountDownLatch(1);
        world.hold("jane1@acme1.io", gate);
        world.answers.put("jane2@acme2.io", List.of(ToldVerifier.greylisted()));
        var handed = world.hand(list(5));
        await().atMost(SOON).until(() -> world.now(handed).tally().done() == 3);

        assertThat(world.batches().remove(BatchWorld.SOMEBODY, KeyKind.TEST, handed.id()))
                .isFalse();
        assertThat(world.batches().remove(BatchWorld.SOMEBODY, KeyKind.LIVE, handed.id()))
                .isTrue();
        assertThat(world.batches().find(Workspaces.MAIN, KeyKind.LIVE, handed.id()))
                .isEmpty();
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(world.column("select id from batch")).isEmpty());
        gate.countDown();

        assertThat(world.column("select batch_id from batch_row")).isEmpty();
        assertThat(world.balance()).isEqualTo("97 0 3");
        assertThat(world.column("select action from audit order by id")).contains("batch_received", "batch_removed");
    }

    @Test
    @DisplayName("L4: an erased address is gone from lists, wherever it stands in them")
    void erasesAddresses() {
        world.grant(100);
        world.start();
        var gate = new CountDownLatch(1);
        world.hold("jane@acme.io", gate);
        var handed = world.hand("email,referrer\njane@acme.io,x\nbob@acme.io,JANE@acme.io\nJane@acme.io,y\n");
        await().atMost(SOON).until(() -> world.now(handed).tally().done() == 1);

        world.erase("jane@acme.io");
        gate.countDown();
        var done = world.awaitEnd(handed);

        assertThat(world.results(done)).containsExactly(", > valid accepted charged");
        assertThat(world.column("select email || own || normalized from batch_row"))
                .noneMatch(text -> text.toLowerCase(java.util.Locale.ROOT).contains("jane"));
        assertThat(done.tally().erased()).isEqualTo(1);
        await().atMost(SOON).untilAsserted(() -> assertThat(world.balance()).isEqualTo("99 0 1"));
    }

    @Test
    @DisplayName("L3: a list is gone after 30 days")
    void removesOldLists() {
        world.grant(100);
        world.start();
        world.awaitEnd(world.hand(list(5)));

        world.pass(Duration.ofDays(31));

        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(world.column("select id from batch")).isEmpty());
        assertThat(world.column("select batch_id from batch_row")).isEmpty();
    }

    @Test
    @DisplayName("K1, K2: the same list under the same key is taken once")
    void takesTheSameRequestOnce() {
        world.grant(100);
        world.start();
        var asked = new Asked(Workspaces.MAIN, "POST /v1/batches", "k", "hash");

        var first = world.receive(ListFormat.CSV, list(3), KeyKind.LIVE, Optional.of(asked));
        var second = world.receive(ListFormat.CSV, list(3), KeyKind.LIVE, Optional.of(asked));
        var other = world.receive(
                ListFormat.CSV,
                list(4),
                KeyKind.LIVE,
                Optional.of(new Asked(Workspaces.MAIN, "POST /v1/batches", "k", "other")));

        assertThat(first).isInstanceOf(Received.Taken.class);
        assertThat(second).isEqualTo(new Received.Replayed(202, ((Received.Taken) first).body()));
        assertThat(other).isInstanceOf(Received.Different.class);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(world.column("select id from batch")).hasSize(1));
    }
}
