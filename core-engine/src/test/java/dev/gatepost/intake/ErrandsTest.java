package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.Errand;
import dev.gatepost.connector.Errand.Answered;
import dev.gatepost.connector.Reply;
import dev.gatepost.connector.Reply.Outcome;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.ToldVerifier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of a CRM's workflow that ask, wait a little and are called back. */
@ParameterizedClass
@EnumSource(Dialect.class)
class ErrandsTest {
    private static final Duration PATIENT = Duration.ofSeconds(15);
    private static final Duration IMPATIENT = Duration.ZERO;

    private final PipelineWorld world;
    private final FakeCrm crm;

    ErrandsTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        crm.emails.put("7", "ann@example.org");
        world.grant(100);
        world.start();
    }

    @AfterEach
    void close() {
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private Answered ask(String callback, String workflow, Duration patience) {
        return world.reception()
                .verify(new Errand(world.connection().id(), "7", "ann@example.org", workflow, callback, patience));
    }

    private static Outcome.Found found(Answered answered) {
        assertThat(answered).isInstanceOf(Answered.Now.class);
        var outcome = ((Answered.Now) answered).outcome();
        assertThat(outcome).isInstanceOf(Outcome.Found.class);
        return (Outcome.Found) outcome;
    }

    @Test
    void answersAtOnceWhenTheVerdictIsThereInTime() {
        var finding = found(ask("c1", "", PATIENT)).finding();

        assertThat(finding.label()).isEqualTo("valid");
        assertThat(finding.decision()).isEqualTo("accept");
        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void answersARepeatedErrandFromTheFirstAndTakesOneCredit() {
        var first = found(ask("c1", "", PATIENT));
        world.awaitStates("done");

        assertThat(found(ask("c1", "", PATIENT))).isEqualTo(first);
        assertThat(world.verified).hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void asksAStepToComeBackWhileNothingIsTakenIn() {
        var reception = world.reception();
        world.stop();

        var answered =
                reception.verify(new Errand(world.connection().id(), "7", "ann@example.org", "", "c1", IMPATIENT));

        assertThat(answered).isInstanceOf(Answered.Busy.class);
        assertThat(world.query("select id from event")).isEmpty();
    }

    @Test
    void callsBackWhenItTookLonger() {
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);

        assertThat(ask("c1", "", IMPATIENT)).isEqualTo(new Answered.Later());
        gate.countDown();

        await().atMost(PATIENT).until(() -> crm.replies.size() == 1);
        assertThat(crm.replies.getFirst().callback()).isEqualTo("c1");
        assertThat(crm.replies.getFirst().outcome()).isInstanceOf(Outcome.Found.class);
        world.awaitStates("done");
    }

    @Test
    void callsBackAfterARestart() {
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        assertThat(ask("c1", "", IMPATIENT)).isEqualTo(new Answered.Later());
        await().atMost(PATIENT).until(() -> !world.verified.isEmpty());

        world.stop();
        gate.countDown();
        world.start();

        await().atMost(PATIENT).until(() -> crm.replies.size() == 1);
        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void callsBackAgainWhenTheCallbackFailed() {
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        crm.nextReplies.add(new WriteBack.RetryLater(Duration.ZERO, "busy", WriteBack.Attempt.FREE));

        assertThat(ask("c1", "", IMPATIENT)).isEqualTo(new Answered.Later());
        gate.countDown();

        await().atMost(PATIENT).until(() -> crm.replies.size() == 1);
        world.awaitStates("done");
    }

    @Test
    void joinsTheContactsOwnEventAndTakesOneCredit() {
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        world.deliver("1 CREATED 7 e1");
        await().atMost(PATIENT).until(() -> !world.verified.isEmpty());
        assertThat(ask("c1", "", IMPATIENT)).isEqualTo(new Answered.Later());
        gate.countDown();

        await().atMost(PATIENT).until(() -> crm.replies.size() == 1);
        world.awaitStates("done", "done");
        assertThat(world.verified).hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void judgesByTheWorkflowThatTheStepNames() {
        assertThat(found(ask("c1", "", PATIENT)).finding().decision()).isEqualTo("accept");
        assertThat(found(ask("c2", "strict", PATIENT)).finding().decision()).isEqualTo("reject");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void saysThatThereAreNoCredits() {
        world.spendAll();

        assertThat(ask("c1", "", PATIENT)).isEqualTo(new Answered.Now(new Outcome.Failed("no_credits")));
        world.awaitStates("ignored no_credits");
        assertThat(world.verified).isEmpty();
    }

    @Test
    void waitsForAFinalAnswerBeforeItCallsBack() {
        world.answers.put("ann@example.org", List.of(ToldVerifier.greylisted(), ToldVerifier.accepted()));

        assertThat(ask("c1", "", Duration.ofSeconds(1))).isEqualTo(new Answered.Later());
        world.awaitStates("recheck greylisted");
        assertThat(crm.replies).isEmpty();
        world.pass(Duration.ofMinutes(2));

        await().atMost(PATIENT).until(() -> crm.replies.size() == 1);
        assertThat(crm.replies.getFirst())
                .extracting(Reply::outcome)
                .isInstanceOfSatisfying(
                        Outcome.Found.class,
                        outcome -> assertThat(outcome.finding().status()).isEqualTo("valid"));
    }

    @Test
    void refusesWhatHasNoAddressOrNoConnection() {
        var reception = world.reception();
        assertThat(reception.verify(new Errand(world.connection().id(), "7", " ", "", "c1", PATIENT)))
                .isEqualTo(new Answered.Now(new Outcome.Failed("no_email")));
        assertThat(reception.verify(new Errand("nobody", "7", "a@example.org", "", "c1", PATIENT)))
                .isEqualTo(new Answered.Now(new Outcome.Failed("connection_disconnected")));
    }

    @Test
    void givesATicketBackOnceAndOnlyToItsVisitor() {
        var word = world.reception("admin").ticket("portal", Duration.ofMinutes(5));
        assertThat(world.reception("other").redeem(word)).isEmpty();

        var second = world.reception("admin").ticket("portal", Duration.ofMinutes(5));
        assertThat(world.reception("admin").redeem(second)).contains("portal");
        assertThat(world.reception("admin").redeem(second)).isEmpty();

        var late = world.reception("admin").ticket("portal", Duration.ofMinutes(5));
        world.pass(Duration.ofMinutes(6));
        assertThat(world.reception("admin").redeem(late)).isEmpty();
    }
}
