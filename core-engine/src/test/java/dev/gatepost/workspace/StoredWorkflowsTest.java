package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.StoredWorkflows.StoredWorkflow;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class StoredWorkflowsTest {
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
    void keepsEveryVersion() {
        var first = workflows.create("main", "Leads", "{\"rules\":[]}", "anna");
        var second = workflows.save("main", first.id(), "B2B leads", "{\"rules\":[1]}", "ben");

        assertThat(first.version()).isEqualTo(1);
        assertThat(second)
                .isEqualTo(new StoredWorkflow(
                        "main", first.id(), 2, "B2B leads", "{\"rules\":[1]}", world.clock.instant(), "ben"));
        assertThat(workflows.versions("main", first.id())).containsExactly(second, first);
        assertThat(workflows.current("main", first.id())).contains(second);
        assertThat(workflows.version("main", first.id(), 1)).contains(first);
        assertThat(workflows.version("main", first.id(), 3)).isEmpty();
    }

    @Test
    void listsTheLatestVersionOfEach() {
        var leads = workflows.create("main", "Leads", "{}", "anna");
        var leadsAgain = workflows.save("main", leads.id(), "Leads", "{\"a\":1}", "anna");
        var users = workflows.save("main", "default", "Users", "{}", "anna");

        assertThat(workflows.all("main")).containsExactlyInAnyOrder(leadsAgain, users);
    }

    @Test
    void keepsWorkspacesApart() {
        new Workspaces(world.store.database(), world.clock).create("other", "Other");
        var mine = workflows.save("main", "default", "Mine", "{}", "anna");
        var theirs = workflows.save("other", "default", "Theirs", "{}", "ben");

        assertThat(workflows.all("main")).containsExactly(mine);
        assertThat(workflows.current("other", "default")).contains(theirs);
        assertThat(theirs.version()).isEqualTo(1);
    }

    @Test
    void givesEachOfManySavesAVersionOfItsOwn() {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 30; i++) {
                threads.execute(() -> workflows.save("main", "default", "Users", "{}", "anna"));
            }
        }

        assertThat(workflows.versions("main", "default")).hasSize(30);
        assertThat(workflows.current("main", "default").orElseThrow().version()).isEqualTo(30);
    }

    @Test
    void refusesAnUnknownWorkspace() {
        assertThatThrownBy(() -> workflows.create("none", "Leads", "{}", "anna"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no workspace none");
    }
}
