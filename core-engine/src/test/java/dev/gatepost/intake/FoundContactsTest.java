package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Selection;
import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.Backfill.State;
import dev.gatepost.intake.Backfills.Starting;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.ToldVerifier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Contacts that no webhook told of, contacts that were there before us, and contacts that want to be forgotten. */
@ParameterizedClass
@EnumSource(Dialect.class)
class FoundContactsTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PipelineWorld world;
    private final FakeCrm crm;

    FoundContactsTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        world.grant(100);
    }

    @AfterEach
    void close() {
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private void contacts(int count) {
        for (int i = 1; i <= count; i++) {
            crm.emails.put(String.valueOf(i), "p" + i + "@example.org");
        }
    }

    private void awaitWritten(int count) {
        await().atMost(SOON).until(() -> crm.written.size() == count);
    }

    private String started(Scope scope) {
        var starting = world.backfills().start(world.connection().id(), scope, "tester");
        assertThat(starting).isInstanceOf(Starting.Started.class);
        return ((Starting.Started) starting).backfill().id();
    }

    private Backfill backfill(String id) {
        return world.backfills().find(id).orElseThrow();
    }

    private void awaitState(String id, State state) {
        await().atMost(SOON).until(() -> backfill(id).state() == state);
    }

    @Test
    @DisplayName("I8: contacts that came while we were down are found at start, over several pages")
    void findsAtStartWhatCameMeanwhile() {
        contacts(7);
        crm.tellsChanges = true;
        crm.pageMax = 3;

        world.start();

        awaitWritten(7);
        await().atMost(SOON).until(() -> world.balance().equals("93 0 7"));
    }

    @Test
    @DisplayName("I8: what a webhook and a look both tell of is one verification and one credit")
    void joinsWebhookAndLook() {
        contacts(1);
        crm.tellsChanges = true;
        var gate = new CountDownLatch(1);
        world.hold("p1@example.org", gate);
        world.start();
        await().atMost(SOON).until(() -> !world.verified.isEmpty());

        world.deliver("1 CREATED 1 e1");
        gate.countDown();

        world.awaitStates("done", "done");
        assertThat(world.verified).containsExactly("p1@example.org");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    @DisplayName("I8: our own write, which changes the contact, makes no second event")
    void makesNoLoop() {
        contacts(1);
        crm.tellsChanges = true;
        world.start();
        awaitWritten(1);
        world.awaitStates("done");

        world.restart();
        await().atMost(SOON).until(() -> crm.listings.size() >= 2);
        world.deliver("1 CHANGED 1 e9");

        world.awaitStates("done", "done");
        assertThat(crm.written.get("1")).hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    @DisplayName("I8: a look goes on a page at a time while a backfill lists the same account, and skips nothing")
    void standsBackBehindABackfill() {
        contacts(7);
        crm.tellsChanges = true;
        crm.pageMax = 2;
        var gate = new CountDownLatch(1);
        crm.duringListings = selection -> {
            if (selection instanceof Selection.All) {
                passed(gate);
            }
        };
        started(new Scope.All());
        world.start();
        for (int page = 1; page <= 3; page++) {
            var last = String.valueOf(2 * page);
            await().atMost(SOON)
                    .until(() -> world.query(
                                    """
                            select run_cursor from reconciliation where next_at > %d
                            """.formatted(world.now().plusSeconds(15).toEpochMilli()))
                            .equals(List.of(last)));
            assertThat(looks()).isEqualTo(page);
            world.pass(Duration.ofSeconds(30));
        }
        crm.duringListings = _ -> {};
        gate.countDown();

        awaitWritten(7);
        await().atMost(SOON).until(() -> looks() == 4);
        await().atMost(SOON).until(() -> world.balance().equals("93 0 7"));
    }

    private long looks() {
        return crm.listings.stream()
                .filter(Selection.ChangedSince.class::isInstance)
                .count();
    }

    private static void passed(CountDownLatch gate) {
        try {
            assertThat(gate.await(SOON.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @DisplayName("I8: a CRM that cannot answer is asked again, and nothing is skipped")
    void asksAgain() {
        contacts(2);
        crm.tellsChanges = true;
        crm.nextListings.add(new Listing.RetryLater(Duration.ZERO, "busy"));
        world.start();
        await().atMost(SOON).until(() -> !crm.listings.isEmpty());

        world.pass(Duration.ofMinutes(1));

        awaitWritten(2);
    }

    @Test
    void verifiesAllContactsThereAreAndSaysHowFarItIs() {
        contacts(25);
        crm.emails.put("30", "");
        crm.pageMax = 10;
        world.start();

        var id = started(new Scope.All());
        awaitState(id, State.DONE);

        var backfill = backfill(id);
        assertThat(backfill.expected()).isEqualTo(26);
        assertThat(backfill.listed()).isEqualTo(26);
        assertThat(backfill.queued()).isEqualTo(25);
        assertThat(backfill.withoutEmail()).isEqualTo(1);
        assertThat(crm.written).hasSize(25);
        assertThat(world.balance()).isEqualTo("75 0 25");
    }

    @Test
    void goesOnAfterTheProcessWasCutOffInTheMiddle() {
        contacts(25);
        crm.pageMax = 5;
        world.start();
        var id = started(new Scope.All());
        await().atMost(SOON).until(() -> backfill(id).listed() > 0);

        world.restart();
        world.restart();

        awaitState(id, State.DONE);
        assertThat(backfill(id).listed()).isEqualTo(25);
        assertThat(crm.written).hasSize(25);
        assertThat(world.balance()).isEqualTo("75 0 25");
    }

    @Test
    void pausesResumesAndCancels() {
        contacts(20);
        crm.pageMax = 10;
        var id = started(new Scope.All());

        assertThat(world.backfills().pause(id)).isTrue();
        assertThat(world.backfills().pause(id)).isFalse();
        world.start();
        assertThat(world.backfills().start(world.connection().id(), new Scope.All(), "tester"))
                .isInstanceOf(Starting.Busy.class);
        assertThat(backfill(id).listed()).isZero();

        assertThat(world.backfills().resume(id)).isTrue();
        awaitState(id, State.DONE);
        assertThat(crm.written).hasSize(20);
        assertThat(world.backfills().cancel(id)).isFalse();

        crm.emails.put("77", "new@example.org");
        world.spendAll();
        var second = started(new Scope.All());
        await().atMost(SOON).until(() -> backfill(second).waitingCredits() == 1);
        assertThat(world.backfills().cancel(second)).isTrue();
        assertThat(backfill(second).state()).isEqualTo(State.CANCELLED);
        assertThat(backfill(second).open()).isZero();
    }

    @Test
    void takesOnlyThoseNeverVerifiedOrOnlyThoseVerifiedLongAgo() {
        contacts(3);
        crm.checkedAt.put("3", Instant.now().minus(Duration.ofDays(400)));
        world.start();
        world.deliver("1 CREATED 1 e1");
        awaitWritten(1);

        var unchecked = started(new Scope.Unchecked());
        awaitState(unchecked, State.DONE);
        assertThat(crm.written).containsOnlyKeys("1", "2");

        var older = started(new Scope.Older(90));
        awaitState(older, State.DONE);
        assertThat(crm.written).containsOnlyKeys("1", "2", "3");
        assertThat(crm.written.get("1")).hasSize(1);
    }

    @Test
    void takesTheMembersOfAList() {
        contacts(5);
        crm.members.put("vip", List.of("2", "4"));
        world.start();

        awaitState(started(new Scope.ListMembers("vip")), State.DONE);

        assertThat(crm.written).containsOnlyKeys("2", "4");
    }

    @Test
    void estimatesWithoutSpendingACredit() {
        contacts(4);
        crm.emails.put("5", "p1@example.org");
        crm.emails.put("6", "");
        world.start();
        world.deliver("1 CREATED 4 e1");
        awaitWritten(1);

        var estimate = world.backfills()
                .estimate(world.connection().id(), new Scope.All())
                .orElseThrow();

        assertThat(estimate).isEqualTo(new Backfill.Estimate(6, 6, 1, 1, 1, 3, 1));
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void letsAContactThatJustCamePassAWholeBackfill() {
        contacts(40);
        var gate = new CountDownLatch(1);
        crm.emails.values().forEach(email -> world.hold(email, gate));
        world.start();
        started(new Scope.All());
        await().atMost(SOON).until(() -> world.verified.size() == 40);
        crm.emails.put("99", "now@example.org");

        world.deliver("1 CREATED 99 e1");

        world.awaitWritten("99");
        assertThat(crm.written).containsOnlyKeys("99");
        gate.countDown();
        awaitWritten(41);
    }

    @Test
    @DisplayName("L4: a contact the CRM erased is gone from everywhere, whatever the order of events")
    void erasesAContact() {
        contacts(1);
        world.start();
        world.deliver("1 CREATED 1 p1@example.org-e1");
        awaitWritten(1);

        world.deliver("1 ERASED 1 e2");
        await().atMost(SOON).until(() -> world.storedEmails().equals(List.of("")));
        world.deliver("1 CHANGED 1 e3", "1 DELETED 1 e4");

        world.awaitStates("done", "done erased", "skipped erased", "done deleted");
        assertThat(world.query("select cast(length(body) as text) from delivery order by id limit 1"))
                .containsExactly("0");
        assertThat(world.query("select action from audit where action = 'erased'"))
                .hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    @DisplayName("L4: a contact the CRM erased is gone while the connection is paused, too")
    void erasesAContactOfAPausedConnection() {
        contacts(1);
        world.start();
        world.deliver("1 CREATED 1 p1@example.org-e1");
        awaitWritten(1);
        world.pause();

        world.deliver("1 CHANGED 1 e2", "1 ERASED 1 e3");

        world.awaitStates("done", "skipped erased", "done erased");
        assertThat(world.storedEmails()).containsExactly("");
    }

    @Test
    @DisplayName("L4: erasing an address ends what is under way and gives its credit back")
    void erasesAnAddress() {
        contacts(2);
        crm.emails.put("2", "P1@example.org");
        world.answers.put("p1@example.org", List.of(ToldVerifier.greylisted()));
        world.start();
        world.deliver("1 CREATED 1 e1");
        world.awaitStates("recheck greylisted");

        assertThat(world.erase("p1@EXAMPLE.org")).isEqualTo(1);

        world.awaitStates("skipped erased");
        assertThat(world.storedEmails()).containsExactly("");
        assertThat(world.balance()).isEqualTo("100 0 0");
        assertThat(world.octetsOnDisk()).doesNotContain("p1@example.org");
        world.deliver("1 CREATED 2 e2");
        world.awaitStates("skipped erased", "skipped erased");
        assertThat(world.verified).containsExactly("p1@example.org");
    }

    @Test
    @DisplayName("L4: what is being verified when its address is erased is not stored, and costs nothing")
    void storesNothingOfWhatIsErasedMeanwhile() {
        contacts(1);
        var gate = new CountDownLatch(1);
        world.hold("p1@example.org", gate);
        world.start();
        world.deliver("1 CREATED 1 e1");
        await().atMost(SOON).until(() -> !world.verified.isEmpty());

        world.erase("P1@example.org");
        gate.countDown();

        world.awaitStates("skipped erased");
        assertThat(world.storedEmails()).isEmpty();
        assertThat(world.balance()).isEqualTo("100 0 0");
        assertThat(world.octetsOnDisk().contains("p1@example.org")).isFalse();
    }

    @Test
    @DisplayName("L4: a contact whose erasure arrives while it is verified is not stored either")
    void storesNothingOfAContactErasedMeanwhile() {
        contacts(1);
        var gate = new CountDownLatch(1);
        world.hold("p1@example.org", gate);
        world.start();
        world.deliver("1 CREATED 1 e1");
        await().atMost(SOON).until(() -> !world.verified.isEmpty());

        world.deliver("1 ERASED 1 e2");
        await().atMost(SOON)
                .until(() -> world.query("select state from event where kind = 'erased'")
                        .equals(List.of("done")));
        gate.countDown();

        world.awaitStates("skipped erased", "done erased");
        await().atMost(SOON).untilAsserted(() -> assertThat(world.balance()).isEqualTo("100 0 0"));
        assertThat(world.storedEmails()).isEmpty();
    }
}
