package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.ToldVerifier;
import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The way of a contact, on both databases, with a CRM in memory and mail hosts that answer as told. */
@ParameterizedClass
@EnumSource(Dialect.class)
class PipelineTest {
    private final PipelineWorld world;
    private final FakeCrm crm;

    PipelineTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        world.grant(100);
        world.start();
    }

    @AfterEach
    void close() {
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    @Test
    void writesBackWhatItFoundAndTakesOneCredit() {
        crm.emails.put("7", "ann@example.org");

        assertThat(world.deliver("1 CREATED 7 e1")).isEqualTo(200);

        world.awaitWritten("7");
        var finding = crm.last("7");
        assertThat(finding.label()).isEqualTo("valid");
        assertThat(finding.decision()).isEqualTo("accept");
        assertThat(finding.score()).isEqualTo(95);
        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void verifiesAndChargesOnceWhenTheSameEventArrivesThreeTimesAtOnce() throws InterruptedException {
        crm.emails.put("7", "ann@example.org");
        var threads = IntStream.range(0, 3)
                .mapToObj(_ -> Thread.ofVirtual().start(() -> world.deliver("1 CREATED 7 e1")))
                .toList();
        for (var thread : threads) {
            thread.join();
        }

        world.awaitStates("done");
        assertThat(world.verified).containsExactly("ann@example.org");
        assertThat(crm.written.get("7")).hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void chargesOnceForThePairOfCreationAndChange() {
        crm.emails.put("7", "ann@example.org");

        world.deliver("1 CREATED 7 e1", "1 CHANGED 7 e2");
        world.awaitStates("done", "done");
        world.deliver("1 CHANGED 7 e3");
        world.awaitStates("done", "done", "done");

        assertThat(world.verified).containsExactly("ann@example.org");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void takesTwoSpellingsOfOneAddressForOne() {
        crm.emails.put("7", "Ann@Example.org");
        crm.emails.put("8", "ann@example.org");

        world.deliver("1 CREATED 7 e1");
        world.awaitWritten("7");
        world.deliver("1 CREATED 8 e2");
        world.awaitWritten("8");

        world.awaitStates("done", "done");
        assertThat(world.verified).containsExactly("Ann@Example.org");
        assertThat(world.billings()).containsExactly("charged", "reused");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void chargesOnceWhenTwoContactsWithOneAddressAreVerifiedSideBySide() {
        crm.emails.put("7", "ann@example.org");
        crm.emails.put("8", "ann@example.org");

        world.deliver("1 CREATED 7 e1", "1 CREATED 8 e2");

        world.awaitStates("done", "done");
        assertThat(world.billings()).containsExactlyInAnyOrder("charged", "reused");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void asksNobodyWithoutCreditsAndGoesOnAfterAGrant() {
        world.spendAll();
        crm.emails.put("7", "ann@example.org");

        world.deliver("1 CREATED 7 e1");
        world.awaitStates("waiting_credits no_credits");
        assertThat(world.verified).isEmpty();

        world.grant(1);
        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("0 0 101");
    }

    @Test
    void chargesNothingForAContactWithoutAddressOrGoneMeanwhile() {
        crm.emails.put("7", "  ");

        world.deliver("1 CREATED 7 e1", "1 CREATED 8 e2");

        world.awaitStates("ignored no_email", "skipped target_gone");
        assertThat(world.balance()).isEqualTo("100 0 0");
    }

    @Test
    void givesTheCreditBackWhenNobodyCouldSay() {
        world.answers.put("ann@example.org", List.of(ToldVerifier.blocked()));
        crm.emails.put("7", "ann@example.org");

        world.deliver("1 CREATED 7 e1");

        world.awaitStates("done");
        assertThat(crm.last("7").label()).isEqualTo("unknown");
        assertThat(crm.last("7").reason()).isEqualTo("blocked");
        assertThat(world.billings()).containsExactly("not_charged_unknown");
        assertThat(world.balance()).isEqualTo("100 0 0");
    }

    @Test
    void writesAGreylistedAddressTwiceAndChargesItOnce() {
        world.answers.put("ann@example.org", List.of(ToldVerifier.greylisted(), ToldVerifier.accepted()));
        crm.emails.put("7", "ann@example.org");

        world.deliver("1 CREATED 7 e1");
        world.awaitStates("recheck greylisted");
        assertThat(crm.last("7").label()).isEqualTo("unknown");
        assertThat(world.balance()).isEqualTo("99 1 0");

        world.pass(Duration.ofMinutes(1));
        world.awaitStates("done");
        assertThat(crm.last("7").label()).isEqualTo("valid");
        assertThat(world.billings()).containsExactly("charged");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void givesTheCreditBackWhenTheScheduleOfChecksIsUsedUp() {
        world.answers.put("ann@example.org", List.of(ToldVerifier.greylisted()));
        crm.emails.put("7", "ann@example.org");

        world.deliver("1 CREATED 7 e1");
        world.awaitStates("recheck greylisted");
        world.pass(Duration.ofMinutes(1));
        await().until(() -> world.verified.size() == 2);
        world.awaitStates("recheck greylisted");
        world.pass(Duration.ofMinutes(5));
        world.awaitStates("done");

        assertThat(world.verified).hasSize(3);
        assertThat(world.balance()).isEqualTo("100 0 0");
    }

    @Test
    void countsNoCheckThatOurOwnLimitsLeftNoPlaceFor() {
        var busy = ToldVerifier.busy();
        world.answers.put("ann@example.org", List.of(busy, busy, busy, busy, ToldVerifier.accepted()));
        crm.emails.put("7", "ann@example.org");

        world.deliver("1 CREATED 7 e1");
        for (int i = 1; i <= 4; i++) {
            var checks = i;
            await().until(() -> world.verified.size() == checks);
            world.awaitStates("recheck busy");
            world.pass(Duration.ofMinutes(1));
        }

        world.awaitStates("done");
        assertThat(crm.last("7").label()).isEqualTo("valid");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void verifiesTheNewAddressWhenItChangedBeforeTheNextCheck() {
        world.answers.put("ann@example.org", List.of(ToldVerifier.greylisted()));
        crm.emails.put("7", "ann@example.org");
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("recheck greylisted");

        crm.emails.put("7", "bob@example.org");
        world.pass(Duration.ofMinutes(1));

        world.awaitStates("done");
        assertThat(crm.last("7").email()).isEqualTo("bob@example.org");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void triesAgainWhenTheCrmSaysLater() {
        crm.emails.put("7", "ann@example.org");
        crm.nextReads.add(new Contacts.RetryLater(Duration.ofSeconds(10), "429"));
        crm.nextWrites.add(new WriteBack.RetryLater(Duration.ofSeconds(10), "429", WriteBack.Attempt.FREE));

        world.deliver("1 CREATED 7 e1");
        world.awaitStates("received 429");
        assertThat(world.balance()).isEqualTo("100 0 0");
        world.pass(Duration.ofSeconds(12));
        world.awaitStates("decided 429");
        world.pass(Duration.ofSeconds(12));

        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void givesUpAfterTwelveFailedWritesAndKeepsTheReason() {
        crm.emails.put("7", "ann@example.org");
        IntStream.range(0, 13)
                .forEach(_ -> crm.nextWrites.add(
                        new WriteBack.RetryLater(Duration.ZERO, "HTTP 500", WriteBack.Attempt.COUNTED)));

        world.deliver("1 CREATED 7 e1");
        for (int i = 1; i <= 12; i++) {
            var calls = i;
            await().until(() -> crm.writeCalls.size() == calls);
            world.pass(Duration.ofHours(30));
        }

        world.awaitStates("dead HTTP 500");
        assertThat(crm.writeCalls).hasSize(13);
    }

    @Test
    void holdsEverythingWhenTheCrmDoesNotLetUsInAndGoesOnOnceMended() {
        crm.emails.put("7", "ann@example.org");
        crm.nextWrites.add(new WriteBack.Refused(Refusal.NEEDS_REAUTH, "401"));

        world.deliver("1 CREATED 7 e1");
        world.awaitStates("held 401");
        assertThat(world.connection().state()).isEqualTo(ConnectionState.NEEDS_REAUTH);
        world.deliver("1 CHANGED 7 e2");
        world.awaitStates("held 401", "held connection_needs_reauth");

        world.mend();
        world.awaitStates("done", "done");
        assertThat(crm.last("7").label()).isEqualTo("valid");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void goesOnAtStartWithWhatWasHeldWhenTheConnectionWasMendedMeanwhile() {
        crm.emails.put("7", "ann@example.org");
        crm.nextReads.add(new Contacts.Refused(Refusal.MISSING_SCOPE, "403"));
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("held 403");

        world.stop();
        world.reconnect();
        world.start();

        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void takesUpAfterARestartWhatWasUnderWayAndChargesItOnce() {
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        crm.emails.put("7", "ann@example.org");
        world.deliver("1 CREATED 7 e1");
        await().until(() -> world.verified.contains("ann@example.org"));
        assertThat(world.balance()).isEqualTo("99 1 0");

        world.restart();
        gate.countDown();

        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("99 0 1");
        assertThat(world.billings()).containsExactly("charged");
    }

    @Test
    void aSlowMailHostHoldsUpOnlyItsOwnContact() {
        var gate = new CountDownLatch(1);
        world.hold("slow@example.org", gate);
        crm.emails.put("1", "slow@example.org");
        crm.emails.put("2", "quick@example.org");

        world.deliver("1 CREATED 1 e1", "1 CREATED 2 e2");

        world.awaitWritten("2");
        assertThat(crm.written).doesNotContainKey("1");
        gate.countDown();
        world.awaitWritten("1");
    }

    @Test
    void writesWithinTwoSecondsWhatIsStoredJustWhenADrainEnds() {
        for (int i = 0; i < 20; i++) {
            var id = "c" + i;
            crm.emails.put(id, "c" + i + "@example.org");
            world.deliver("1 CREATED " + id + " e" + i);
            await().atMost(Duration.ofSeconds(2)).until(() -> crm.written.containsKey(id));
        }
    }

    @Test
    void findsEventsThatNobodyWasWokenFor() {
        crm.emails.put("7", "ann@example.org");

        world.storeWithoutWaking("1 CREATED 7 e1");

        await().atMost(Duration.ofSeconds(2)).until(() -> crm.written.containsKey("7"));
    }

    @Test
    void writesOneCallForManyContacts() {
        var lines = new String[100];
        for (int i = 0; i < lines.length; i++) {
            crm.emails.put("c" + i, "c" + i + "@example.org");
            lines[i] = "1 CREATED c" + i + " e" + i;
        }

        world.deliver(lines);

        await().until(() -> crm.written.size() == lines.length);
        assertThat(crm.writeCalls).hasSizeLessThan(20);
        await().untilAsserted(() -> assertThat(world.balance()).isEqualTo("0 0 100"));
    }

    @Test
    void answersAsTheContractSays() {
        assertThat(world.deliver("bad signature")).isEqualTo(401);
        assertThat(world.deliver("???")).isEqualTo(200);
        assertThat(world.deliver("999 CREATED 7 e1")).isEqualTo(200);
        assertThat(world.deliver("1 OTHER 7 e2")).isEqualTo(200);
        assertThat(world.deliverTo("no-such-app")).isEqualTo(404);

        world.awaitStates("ignored unknown_account", "ignored unwanted_type");
        assertThat(world.quarantined()).isEqualTo(1);
    }

    @Test
    void forgetsTheAddressWhenTheCrmErasesTheContact() {
        crm.emails.put("7", "ann@example.org");
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");

        crm.emails.remove("7");
        world.deliver("1 ERASED 7 e2");

        world.awaitStates("done", "done erased");
        assertThat(world.storedEmails()).containsExactly("");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void chargesForAnAddressThatIsMalformed() {
        crm.emails.put("7", "not an address");

        world.deliver("1 CREATED 7 e1");

        world.awaitStates("done");
        assertThat(crm.last("7").label()).isEqualTo("invalid");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }
}
