package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.intake.Rejudged.View;
import dev.gatepost.intake.Rejudging.Mode;
import dev.gatepost.intake.VerdictRows.Row;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.ToldVerifier;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Workspaces;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Stored evidence judged again, in a pipeline whose CRM hears of it. */
@ParameterizedClass
@EnumSource(Dialect.class)
class RejudgingTest {
    private final PipelineWorld world;
    private final FakeCrm crm;

    RejudgingTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void listsWhatTodaysEngineThinksOtherwiseAndChangesNothing() {
        world.insert(judgedWrongly("1", "7", "ann@example.org", 100));
        var before = world.decisions();

        var rejudged = world.rejudge(Mode.LIST);

        assertThat(rejudged.looked()).isEqualTo(1);
        assertThat(rejudged.changed()).isEqualTo(1);
        assertThat(rejudged.decisionsChanged()).isEqualTo(1);
        assertThat(rejudged.applied()).isZero();
        assertThat(rejudged.changes()).singleElement().satisfies(change -> {
            assertThat(change.email()).isEqualTo("ann@example.org");
            assertThat(change.before())
                    .isEqualTo(new View("invalid", "invalid", "mailbox_not_found", 3, "", "reject", "reject invalid"));
            assertThat(change.after())
                    .isEqualTo(new View("valid", "valid", "accepted", 95, "", "accept", Workflow.BY_DEFAULT));
        });
        assertThat(world.decisions()).isEqualTo(before);
        assertThat(world.rejudge(Mode.LIST)).isEqualTo(rejudged);
    }

    @Test
    void appliesAndTellsTheCrmWithoutAProbeOrACredit() {
        crm.emails.put("7", "ann@example.org");
        world.insert(judgedWrongly("1", "7", "ann@example.org", 100));
        world.start();

        var rejudged = world.rejudge(Mode.APPLY);

        assertThat(rejudged.applied()).isEqualTo(1);
        assertThat(rejudged.toWriteBack()).isEqualTo(1);
        world.awaitWritten("7");
        assertThat(crm.last("7").label()).isEqualTo("valid");
        assertThat(crm.last("7").decision()).isEqualTo("accept");
        assertThat(world.engines()).containsExactly("9.9.9");
        assertThat(world.verified).isEmpty();
        assertThat(world.balance()).isEqualTo("0 0 0");
        assertThat(world.rejudge(Mode.APPLY).changed()).isZero();
    }

    @Test
    void tellsNobodyAboutAContactThatHasANewerVerification() {
        world.insert(judgedWrongly("1", "7", "ann@example.org", 100), judgedRightly("2", "7", "ann@example.org", 200));

        var rejudged = world.rejudge(Mode.APPLY);

        assertThat(rejudged.applied()).isEqualTo(1);
        assertThat(rejudged.toWriteBack()).isZero();
    }

    /** A write-back that waits while its contact is verified anew must not come last (reliability P4). */
    @Test
    void anOlderVerdictNeverOverwritesANewerOne() {
        crm.emails.put("7", "ann@example.org");
        world.insert(judgedWrongly("1", "7", "ann@example.org", 100));
        assertThat(world.rejudge(Mode.APPLY).toWriteBack()).isEqualTo(1);
        world.insert(judgedRightly("2", "7", "ann@example.org", 200));

        world.start();

        world.awaitStates("skipped superseded");
        assertThat(crm.written).isEmpty();
    }

    @Test
    void decidesByTheVersionThatDecidedThen() {
        world.workflows.save(
                new By(Workspaces.MAIN, "anna", "cli"),
                "standard",
                Workflow.draft("Standard", List.of(), Outcome.REJECT, "Closed."));
        world.insert(judgedWrongly("1", "7", "ann@example.org", 100));

        assertThat(world.rejudge(Mode.LIST).changes().getFirst().after().decision())
                .isEqualTo("accept");
    }

    @Test
    void passesOverWhatIsErasedDamagedOrTheSame() {
        world.insert(
                judgedWrongly("1", "7", "ann@example.org", 100),
                judgedRightly("2", "8", "bob@example.org", 200),
                judgedWrongly("3", "9", "eve@example.org", 300));
        world.execute("update verification set evidence = '[{\"seen\":\"a ghost\"}]' where id = '3'");
        world.execute("update verification set email = '', evidence = '[]' where id = '1'");

        var rejudged = world.rejudge(Mode.APPLY);

        assertThat(rejudged.looked()).isEqualTo(2);
        assertThat(rejudged.unreadable()).isEqualTo(1);
        assertThat(rejudged.changed()).isZero();
    }

    @Test
    void looksAtTheLatestOnlyAcrossPages() {
        var rows = IntStream.range(0, 450)
                .mapToObj(i -> judgedWrongly("%04d".formatted(i), "o" + i, "a" + i + "@example.org", i / 2))
                .toArray(Row[]::new);
        world.insert(rows);

        var rejudged = world.rejudge(430, Mode.APPLY);

        assertThat(rejudged.looked()).isEqualTo(430);
        assertThat(rejudged.applied()).isEqualTo(430);
        assertThat(rejudged.changes()).hasSize(Rejudging.CHANGES_SHOWN_MAX);
        assertThat(rejudged.changes().getFirst().verificationId()).isEqualTo("0449");
        assertThat(world.rejudge(Mode.LIST).changed()).isEqualTo(20);
    }

    @Test
    void refusesToLookAtMoreThanAMillion() {
        assertThatThrownBy(() -> world.rejudge(1_000_001, Mode.LIST)).hasMessage("verdicts must be 1-1000000");
    }

    /** As an older engine may have seen it: accepted by the host, called invalid. */
    private Row judgedWrongly(String id, String objectId, String email, long at) {
        return row(id, objectId, email, Reason.MAILBOX_NOT_FOUND, 3, "reject", "reject invalid", at);
    }

    private Row judgedRightly(String id, String objectId, String email, long at) {
        return row(id, objectId, email, Reason.ACCEPTED, 95, "accept", Workflow.BY_DEFAULT, at);
    }

    private Row row(
            String id, String objectId, String email, Reason reason, int score, String decision, String rule, long at) {
        List<Evidence> evidence = List.of(ToldVerifier.accepted());
        return new Row(
                id,
                world.connection().id(),
                objectId,
                email,
                VerdictRows.verdict(reason, score),
                "",
                "standard",
                1,
                decision,
                rule,
                evidence,
                at);
    }
}
