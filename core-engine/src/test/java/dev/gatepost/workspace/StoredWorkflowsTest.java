package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.rules.Condition;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.ReadyMade;
import dev.gatepost.rules.Rule;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.verify.Trait;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.StoredWorkflows.Archiving;
import dev.gatepost.workspace.StoredWorkflows.Saving;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class StoredWorkflowsTest {
    private static final By ANNA = new By("main", "anna", "192.0.2.1");
    private static final By BEN = new By("main", "ben", "cli");
    private static final int NEWEST = Integer.MAX_VALUE;
    private static final String[] READY_MADE = {"standard", "newsletter-sign-up", "paying-users", "b2b-leads"};

    private final WorkspaceStore world;
    private final StoredWorkflows workflows;

    StoredWorkflowsTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        workflows = new StoredWorkflows(world.store.database(), world.ids, world.clock);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void keepsEveryVersionWithWhoAndWhen() {
        var first = saved(workflows.create(ANNA, draft("Leads")));
        world.pass(Duration.ofMinutes(5));
        var second = saved(workflows.save(BEN, first.id(), draft("B2B leads")));

        assertThat(first.version()).isEqualTo(1);
        assertThat(second)
                .isEqualTo(new StoredWorkflow(
                        "main", draft("B2B leads").as(first.id(), 2), world.clock.instant(), "ben", 0));
        assertThat(workflows.versions("main", first.id(), NEWEST, 100)).containsExactly(second, first);
        assertThat(workflows.versions("main", first.id(), 2, 100)).containsExactly(first);
        assertThat(workflows.current("main", first.id())).contains(second);
        assertThat(workflows.version("main", first.id(), 1)).contains(first);
        assertThat(workflows.version("main", first.id(), 3)).isEmpty();
    }

    @Test
    void refusesToChangeOrLoseAVersion() {
        for (var statement : List.of("update workflow set name = 'x'", "delete from workflow")) {
            assertThatThrownBy(() -> world.store.database().write(handle -> handle.execute(statement)))
                    .hasMessageContaining("versions of workflows are never");
        }
    }

    @Test
    void rollsBackByANewVersionEqualToTheOldOne() {
        var first = saved(workflows.create(ANNA, draft("One")));
        saved(workflows.save(ANNA, first.id(), draft("Two")));

        var third = saved(workflows.rollBack(BEN, first.id(), 1));

        assertThat(third.workflow()).isEqualTo(first.workflow().as(first.id(), 3));
        assertThat(third.restoredFrom()).isEqualTo(1);
        assertThat(workflows.current("main", first.id())).contains(third);
        assertThat(workflows.versions("main", first.id(), NEWEST, 100)).hasSize(3);
        assertThat(workflows.rollBack(BEN, first.id(), 9)).isEqualTo(new Saving.Unknown());
    }

    @Test
    void everyWorkspaceBeginsWithTheReadyMadeOnes() {
        new Workspaces(world.store.database(), world.clock).create("other", "Other");

        assertThat(workflows.all("main")).extracting(StoredWorkflow::id).containsExactlyInAnyOrder(READY_MADE);
        assertThat(workflows.all("other")).extracting(StoredWorkflow::id).containsExactlyInAnyOrder(READY_MADE);
        for (var workflow : ReadyMade.all()) {
            assertThat(workflows.current("other", workflow.id()).orElseThrow().workflow())
                    .isEqualTo(workflow.as(workflow.id(), 1));
        }
    }

    @Test
    void givesAWorkspaceOfAnEarlierVersionTheReadyMadeOnesAtTheNextStart() {
        world.store.database().write(handle -> handle.execute("insert into workspace values ('old', 'Old', 0)"));
        assertThat(workflows.all("old")).isEmpty();

        new Workspaces(world.store.database(), world.clock).ensureMain();

        assertThat(workflows.all("old")).extracting(StoredWorkflow::id).containsExactlyInAnyOrder(READY_MADE);
    }

    @Test
    void keepsChangesOfReadyMadeOnesAcrossStarts() {
        var changed = saved(workflows.save(ANNA, "b2b-leads", draft("Ours")));
        assertThat(workflows.archive(ANNA, "paying-users")).isEqualTo(new Archiving.Archived());

        new Workspaces(world.store.database(), world.clock).ensureMain();

        assertThat(workflows.current("main", "b2b-leads")).contains(changed);
        assertThat(workflows.current("main", "paying-users")).isEmpty();
    }

    @Test
    void deletesWithoutLosingVersionsAndBringsBackByRollingBack() {
        var first = saved(workflows.create(ANNA, draft("Leads")));

        assertThat(workflows.archive(BEN, first.id())).isEqualTo(new Archiving.Archived());

        assertThat(workflows.current("main", first.id())).isEmpty();
        assertThat(workflows.all("main")).extracting(StoredWorkflow::id).doesNotContain(first.id());
        assertThat(workflows.versions("main", first.id(), NEWEST, 100)).containsExactly(first);
        assertThat(workflows.save(ANNA, first.id(), draft("Again"))).isEqualTo(new Saving.Unknown());
        assertThat(workflows.archive(BEN, first.id())).isEqualTo(new Archiving.Unknown());
        assertThat(saved(workflows.rollBack(BEN, first.id(), 1)).version()).isEqualTo(2);
        assertThat(workflows.current("main", first.id())).isPresent();
    }

    @Test
    void refusesToDeleteWhatAConnectionIsJudgedBy() {
        var connections = connections();
        var connection =
                connections.save(new FakePlugin("fake"), new ConnectionDraft("main", "7", "Our portal", Map.of()));
        assertThat(connections.setWorkflow(ANNA, connection.id(), "paying-users"))
                .isTrue();

        assertThat(workflows.archive(ANNA, "paying-users")).isEqualTo(new Archiving.InUse(List.of("Our portal")));
        assertThat(workflows.archive(ANNA, "standard"))
                .isEqualTo(new Archiving.InUse(List.of("requests that name no workflow")));
        assertThat(connections.setWorkflow(ANNA, connection.id(), "standard")).isTrue();
        assertThat(workflows.archive(ANNA, "paying-users")).isEqualTo(new Archiving.Archived());
        assertThat(connections.setWorkflow(ANNA, connection.id(), "paying-users"))
                .isFalse();
    }

    @Test
    void judgesAConnectionByItsWorkflowAndAnyOtherByTheStandardOne() {
        var connections = connections();
        var plugin = new FakePlugin("fake");
        var mine = connections.save(plugin, new ConnectionDraft("main", "7", "Mine", Map.of()));
        assertThat(mine.workflowId()).isEqualTo("standard");
        assertThat(workflows.of(mine)).isEqualTo(Workflow.STANDARD.as("standard", 1));

        connections.setWorkflow(ANNA, mine.id(), "b2b-leads");
        var saved = saved(workflows.save(ANNA, "b2b-leads", draft("Ours")));

        assertThat(workflows.of(connections.byId(mine.id()).orElseThrow())).isEqualTo(saved.workflow());
        assertThat(connections
                        .save(plugin, new ConnectionDraft("main", "7", "Renamed", Map.of()))
                        .workflowId())
                .isEqualTo("b2b-leads");
        assertThat(connections.setWorkflow(ANNA, "none", "standard")).isFalse();
        assertThat(connections.setWorkflow(ANNA, mine.id(), "none")).isFalse();
    }

    @Test
    void readsTheDatabaseForAChangeOfAnotherNodeAndOtherwiseNotAtAll() {
        var other = new StoredWorkflows(world.store.database(), world.ids, world.clock);
        assertThat(workflows.current("main", "b2b-leads").orElseThrow().version())
                .isEqualTo(1);

        saved(other.save(ANNA, "b2b-leads", draft("Ours")));

        assertThat(other.current("main", "b2b-leads").orElseThrow().version()).isEqualTo(2);
        assertThat(workflows.current("main", "b2b-leads").orElseThrow().version())
                .as("from memory")
                .isEqualTo(1);
        world.pass(WorkflowCache.AGE_MAX);
        assertThat(workflows.current("main", "b2b-leads").orElseThrow().version())
                .isEqualTo(2);
    }

    @Test
    void writesIntoTheAuditLogWhoChoseAWorkflowForAConnection() {
        var connections = connections();
        var mine = connections.save(new FakePlugin("fake"), new ConnectionDraft("main", "7", "Mine", Map.of()));

        connections.setWorkflow(BEN, mine.id(), "b2b-leads");
        connections.setWorkflow(BEN, mine.id(), "none");

        var log = new AuditLog(world.ids, world.clock);
        assertThat(world.store.database().read(handle -> log.latest(handle, "main", "", "rules_changed", 10)).stream())
                .singleElement()
                .satisfies(row -> assertThat(row.deed().detail()).isEqualTo("judged by b2b-leads"));
    }

    @Test
    void writesChangesIntoTheAuditLog() {
        var id = saved(workflows.create(ANNA, draft("Leads"))).id();
        saved(workflows.save(BEN, id, draft("Leads")));
        saved(workflows.rollBack(ANNA, id, 1));
        workflows.archive(BEN, id);

        var log = new AuditLog(world.ids, world.clock);
        assertThat(world.store.database().read(handle -> log.rows(handle, "", 10)).stream()
                        .map(AuditLog.AuditRow::deed)
                        .map(deed -> deed.actor() + " " + deed.origin() + " " + deed.action() + " " + deed.detail()))
                .containsExactly(
                        "anna 192.0.2.1 rules_changed saved version 1",
                        "ben cli rules_changed saved version 2",
                        "anna 192.0.2.1 rules_changed rolled back to version 1 by version 3",
                        "ben cli rules_changed deleted");
    }

    @Test
    void keepsWorkspacesApart() {
        new Workspaces(world.store.database(), world.clock).create("other", "Other");
        var mine = saved(workflows.create(ANNA, draft("Mine")));

        assertThat(workflows.current("other", mine.id())).isEmpty();
        assertThat(workflows.versions("other", mine.id(), NEWEST, 100)).isEmpty();
        assertThat(workflows.save(BEN.in("other"), mine.id(), draft("Theirs"))).isEqualTo(new Saving.Unknown());
        assertThat(workflows.rollBack(BEN.in("other"), mine.id(), 1)).isEqualTo(new Saving.Unknown());
        assertThat(workflows.archive(BEN.in("other"), mine.id())).isEqualTo(new Archiving.Unknown());
        assertThat(workflows.current("main", mine.id())).contains(mine);
    }

    @Test
    void givesEachOfManySavesAVersionOfItsOwn() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 30; i++) {
                threads.execute(() -> workflows.save(ANNA, "standard", draft("Users")));
            }
        }

        assertThat(workflows.versions("main", "standard", NEWEST, 100)).hasSize(31);
        assertThat(workflows.current("main", "standard").orElseThrow().version())
                .isEqualTo(31);
    }

    @Test
    void holdsABoundedNumberOfWorkflows() {
        var room = StoredWorkflows.WORKFLOWS_MAX - READY_MADE.length;
        IntStream.range(0, room).forEach(i -> saved(workflows.create(ANNA, draft("W" + i))));

        assertThat(workflows.create(ANNA, draft("One more"))).isEqualTo(new Saving.TooMany());
    }

    @Test
    void refusesAnUnknownWorkspace() {
        assertThatThrownBy(() -> workflows.create(ANNA.in("none"), draft("Leads")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no workspace none");
    }

    private Connections connections() {
        return new Connections(world.store.database(), world.secrets, world.ids, world.clock);
    }

    private static StoredWorkflow saved(Saving saving) {
        assertThat(saving).isInstanceOf(Saving.Saved.class);
        return ((Saving.Saved) saving).workflow();
    }

    private static Workflow draft(String name) {
        return Workflow.draft(
                name,
                List.of(new Rule("no free", new Condition.HasTrait(Trait.FREE), Outcome.REJECT, "No.")),
                Outcome.ACCEPT,
                "");
    }
}
