package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Selection;
import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.Backfill.State;
import dev.gatepost.intake.Backfills.Starting;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Contacts that are verified again by themselves when their last check has grown old. */
@ParameterizedClass
@EnumSource(Dialect.class)
class ReverificationsTest {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LONG_AGO = Duration.ofDays(91);

    private final PipelineWorld world;
    private final FakeCrm crm;

    ReverificationsTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        world.grant(100);
    }

    @AfterEach
    void close() {
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private void soon(ThrowingRunnable claim) {
        await().atMost(SOON).untilAsserted(claim);
    }

    /** Contacts that the CRM says were checked long ago. */
    private void oldContacts(int count) {
        for (int i = 1; i <= count; i++) {
            crm.emails.put(String.valueOf(i), "p" + i + "@example.org");
            crm.checkedAt.put(String.valueOf(i), Instant.now().minus(LONG_AGO));
        }
    }

    private void awaitVerified(int count) {
        soon(() -> {
            assertThat(world.verified).hasSize(count);
            assertThat(world.balance()).isEqualTo((100 - count) + " 0 " + count);
        });
    }

    private Backfill last() {
        return requireNonNull(world.reverification().last(), "no look yet");
    }

    private void awaitBegun() {
        soon(() -> assertThat(world.reverification().last()).isNotNull());
    }

    private void awaitEnded() {
        soon(() -> assertThat(world.reverification().state()).isEqualTo(Reverification.State.WAITING));
    }

    @Test
    void doNothingUnlessSwitchedOn() {
        oldContacts(2);
        world.start();
        world.deliver("1 CREATED 1 e1");
        world.awaitWritten("1");

        assertThat(world.reverification().state()).isEqualTo(Reverification.State.OFF);
        assertThat(world.reverification().nextAt()).isNull();
        assertThat(world.query("select id from backfill")).isEmpty();
        assertThat(world.verified).hasSize(1);
    }

    @Test
    @DisplayName("C3: a contact is verified and charged again when its check is older than N days, and not before")
    void verifiesAgainWhatIsOld() {
        crm.emails.put("1", "p1@example.org");
        crm.emails.put("2", "p2@example.org");
        world.start();
        world.deliver("1 CREATED 1 e1");
        awaitVerified(1);
        world.choose(Map.of("reverify_after_days", "90"));
        awaitEnded();
        assertThat(world.verified).containsExactly("p1@example.org");

        world.pass(Duration.ofDays(60));
        world.deliver("1 CREATED 2 e2");
        awaitVerified(2);
        world.pass(Duration.ofDays(31));

        awaitVerified(3);
        awaitEnded();
        assertThat(world.verified).containsExactly("p1@example.org", "p2@example.org", "p1@example.org");
        assertThat(crm.written.get("1")).hasSize(2);
        assertThat(world.query("select cast(max(generation) as text) from claim group by claim_key order by 1"))
                .containsExactly("1", "2");
        var last = last();
        assertThat(last.queued()).isEqualTo(1);
        assertThat(last.createdBy()).isEqualTo("schedule");
        assertThat(world.reverification().nextAt()).isAfter(last.createdAt().plus(Duration.ofHours(23)));
    }

    @Test
    void queuesNoMoreThanADaysShareAndGoesOnTheNextDay() {
        oldContacts(10);
        crm.pageMax = 3;
        world.choose(Map.of("reverify_after_days", "90", "reverify_per_day", "4"));
        world.start();

        awaitVerified(4);
        soon(() -> assertThat(last().reason()).isEqualTo("day_full"));
        assertThat(world.reverification().today()).isEqualTo(4);
        assertThat(world.reverification().nextAt()).isAfter(last().createdAt().plus(Duration.ofHours(23)));

        world.pass(Duration.ofHours(23));
        world.deliver("1 CREATED 99 e1");
        world.awaitStates("done", "done", "done", "done", "skipped target_gone");
        assertThat(world.verified).hasSize(4);

        world.pass(Duration.ofHours(2));
        awaitVerified(8);
        world.pass(Duration.ofHours(25));
        awaitVerified(10);
        awaitEnded();
        assertThat(world.verified).doesNotHaveDuplicates();
        assertThat(crm.written).hasSize(10);
        assertThat(last().listed()).isEqualTo(10);
        assertThat(last().queued()).isEqualTo(10);
        assertThat(last().known()).as("pages read on two days count once").isZero();
    }

    @Test
    void goesOnAfterTheProcessWasCutOffInTheMiddle() {
        oldContacts(25);
        crm.pageMax = 5;
        world.choose(Map.of("reverify_after_days", "90", "reverify_per_day", "13"));
        var gate = new CountDownLatch(1);
        world.hold("p7@example.org", gate);
        world.start();
        soon(() -> assertThat(world.verified).contains("p7@example.org"));

        gate.countDown();
        world.restart();
        world.restart();

        soon(() -> assertThat(world.balance()).isEqualTo("87 0 13"));
        world.pass(Duration.ofHours(25));
        soon(() -> assertThat(world.balance()).isEqualTo("75 0 25"));
        awaitEnded();
        assertThat(crm.written).hasSize(25);
        assertThat(world.query("select id from backfill where state <> 'done'")).isEmpty();
    }

    @Test
    void stopsVisiblyForLackOfCreditsAndGoesOnWithNewOnes() {
        oldContacts(6);
        world.spendAll();
        world.choose(Map.of("reverify_after_days", "90"));
        world.start();

        awaitBegun();
        soon(() -> assertThat(last().reason()).isEqualTo("waiting_credits"));
        assertThat(world.reverification().state()).isEqualTo(Reverification.State.RUNNING);
        assertThat(world.query("select id from event")).isEmpty();

        world.grant(10);
        world.pass(Duration.ofMinutes(1));
        soon(() -> assertThat(world.balance()).isEqualTo("4 0 106"));
    }

    @Test
    void standsInNobodysWayWhoStartsABackfill() {
        oldContacts(3);
        world.choose(Map.of("reverify_after_days", "90", "reverify_per_day", "1"));
        world.start();
        awaitVerified(1);

        var started = world.backfills().start(world.connection().id(), new Scope.All(), "tester");

        assertThat(started).isInstanceOf(Starting.Started.class);
        awaitVerified(3);
        assertThat(world.verified).doesNotHaveDuplicates();
    }

    @Test
    void endsWhenSwitchedOff() {
        oldContacts(3);
        world.choose(Map.of("reverify_after_days", "90", "reverify_per_day", "1"));
        world.start();
        awaitVerified(1);

        world.choose(Map.of());

        soon(() -> assertThat(world.reverification().state()).isEqualTo(Reverification.State.OFF));
        assertThat(last().state()).isEqualTo(State.CANCELLED);
        world.pass(Duration.ofDays(3));
        world.deliver("1 CREATED 99 e1");
        world.awaitStates("done", "skipped target_gone");
        assertThat(world.verified).hasSize(1);
    }

    @Test
    void queueNobodyOnAPageThatComesAfterTheyWereSwitchedOff() {
        oldContacts(3);
        crm.pageMax = 2;
        crm.duringListings = selection -> {
            if (selection instanceof Selection.All) {
                world.choose(Map.of());
            }
        };
        world.choose(Map.of("reverify_after_days", "90"));
        world.start();

        awaitBegun();
        soon(() -> assertThat(last().state()).isEqualTo(State.CANCELLED));
        assertThat(last().queued()).isZero();
        assertThat(crm.listings.stream().filter(Selection.All.class::isInstance))
                .hasSize(1);
        assertThat(world.query("select id from event")).isEmpty();
        assertThat(world.verified).isEmpty();
    }

    @Test
    void saysWhyItCouldNotGoOnAndTriesAgainADayLater() {
        oldContacts(1);
        crm.nextListings.add(new Listing.Last(List.of(), ""));
        crm.nextListings.add(new Listing.Impossible("no right to list"));
        world.start();
        soon(() -> assertThat(crm.listings).hasSize(1));
        world.choose(Map.of("reverify_after_days", "90"));

        awaitBegun();
        soon(() -> assertThat(last().state()).isEqualTo(State.FAILED));
        assertThat(last().reason()).isEqualTo("no right to list");

        world.pass(Duration.ofHours(25));
        awaitVerified(1);
    }
}
