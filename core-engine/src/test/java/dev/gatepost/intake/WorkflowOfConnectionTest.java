package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.rules.Condition;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.Rule;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.ToldVerifier;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Contacts are judged by the workflow of their connection, in its current version, or by the one an event names. */
@ParameterizedClass
@EnumSource(Dialect.class)
class WorkflowOfConnectionTest {
    private final PipelineWorld world;
    private final FakeCrm crm;

    WorkflowOfConnectionTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        world.grant(100);
        world.start();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void recordsWhichVersionDecidedAndWhatItSays() {
        crm.emails.put("7", "ann@example.org");
        crm.emails.put("8", "bob@other.net");
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");

        world.judgeBy("b2b-leads");
        world.workflows.save(
                new By(Workspaces.MAIN, "anna", "cli"),
                "b2b-leads",
                Workflow.draft(
                        "B2B leads",
                        List.of(new Rule(
                                "not them", new Condition.DomainIn(Set.of("other.net")), Outcome.REJECT, "Not you.")),
                        Outcome.FLAG,
                        ""));
        world.deliver("1 CREATED 8 e2");
        world.awaitStates("done", "done");
        assertThat(world.crm.last("8").message()).isEqualTo("Not you.");

        assertThat(world.decisions())
                .containsExactly("standard 1 accept by default: ", "b2b-leads 2 reject by not them: Not you.");
        assertThat(crm.last("8").decision()).isEqualTo("reject");
    }

    @Test
    void judgesByTheWorkflowThatIsChosenWhileAContactIsVerified() {
        crm.emails.put("7", "ann@example.org");
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        world.deliver("1 CREATED 7 e1");
        await().until(() -> !world.verified.isEmpty());

        world.judgeBy("b2b-leads");
        gate.countDown();

        world.awaitStates("done");
        assertThat(world.decisions()).singleElement().asString().startsWith("b2b-leads ");
    }

    @Test
    void judgesAKnownAddressByTheWorkflowThatAStepNamesAndTakesNoSecondCredit() {
        crm.emails.put("7", "ann@example.org");
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");

        world.deliver("1 ASKED 7 e2 strict");
        world.awaitStates("done", "done");

        assertThat(crm.last("7").decision()).isEqualTo("reject");
        assertThat(world.decisions()).containsExactly("standard 1 accept by default: ", "strict 1 reject by default: ");
        assertThat(world.verified).hasSize(1);
        assertThat(world.billings()).containsExactly("charged", "reused");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void judgesByEachStepsWorkflowAsTheContactGoesBackAndForth() {
        crm.emails.put("7", "ann@example.org");
        world.deliver("1 ASKED 7 e1 standard");
        world.awaitStates("done");
        world.deliver("1 ASKED 7 e2 strict");
        world.awaitStates("done", "done");
        world.deliver("1 ASKED 7 e3 standard");
        world.awaitStates("done", "done", "done");
        assertThat(crm.last("7").decision()).isEqualTo("accept");

        world.deliver("1 ASKED 7 e4 standard");
        world.awaitStates("done", "done", "done", "done");

        assertThat(world.decisions()).hasSize(3);
        assertThat(world.verified).hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void judgesByTheStepsWorkflowWhenTheWebhookOfTheSameContactCameFirstAndIsUnderWay() {
        crm.emails.put("7", "ann@example.org");
        var gate = new CountDownLatch(1);
        world.hold("ann@example.org", gate);
        world.deliver("1 CREATED 7 e1");
        await().until(() -> !world.verified.isEmpty());
        world.deliver("1 ASKED 7 e2 strict");
        gate.countDown();

        await().until(() -> world.query("select reason from event where state not in ('done', 'skipped')")
                .isEmpty());

        assertThat(crm.last("7").decision()).isEqualTo("reject");
        assertThat(world.verified).hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    void givesAStepsWorkflowAnAddressNobodyCouldSayAnythingAboutWithoutAskingAgain() {
        crm.emails.put("7", "ann@example.org");
        world.answers.put("ann@example.org", List.of(ToldVerifier.greylisted()));
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("recheck greylisted");
        world.pass(Duration.ofMinutes(2));
        await().until(() -> world.verified.size() == 2);
        world.awaitStates("recheck greylisted");
        world.pass(Duration.ofMinutes(6));
        world.awaitStates("done");
        int asked = world.verified.size();

        world.deliver("1 ASKED 7 e2 strict");
        world.awaitStates("done", "done");

        assertThat(crm.last("7").decision()).isEqualTo("reject");
        assertThat(world.verified).hasSize(asked);
        assertThat(world.balance()).isEqualTo("100 0 0");
    }
}
