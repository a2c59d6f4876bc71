package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.rules.Condition;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.Rule;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Workspaces;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Contacts are judged by the workflow of their connection, in its current version. */
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
}
