package dev.gatepost.workspace;

import static dev.gatepost.workspace.PeopleWorld.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.People.Added;
import dev.gatepost.workspace.People.Changed;
import dev.gatepost.workspace.People.Newcomer;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class PeopleTest {
    private final PeopleWorld world;

    PeopleTest(Dialect dialect) {
        world = new PeopleWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void keepsTheLastOwner() {
        var ann = world.owner();
        var id = ann.person().id();

        assertThat(world.people.changeRole(by(ann), id, Role.ADMIN)).isEqualTo(new Changed.LastOwner());
        assertThat(world.people.remove(by(ann), id)).isEqualTo(new Changed.LastOwner());

        var bob = world.join(by(ann), "bob@acme.io", Role.OWNER);
        assertThat(world.people.changeRole(by(ann), id, Role.VIEWER)).isInstanceOf(Changed.Done.class);
        assertThat(world.people.remove(by(bob), bob.person().id())).isEqualTo(new Changed.LastOwner());
        assertThat(world.actions("main")).contains("role_changed");
    }

    @Test
    void keepsOneOwnerWhenTwoLeaveAtOnce() throws Exception {
        for (int round = 0; round < 10; round++) {
            var ann = round == 0
                    ? world.owner()
                    : world.people.members("main", "", 10).stream()
                            .filter(member -> member.role() == Role.OWNER)
                            .findFirst()
                            .orElseThrow();
            var bob = world.join(by(ann), "bob" + round + "@acme.io", Role.OWNER);
            List<Callable<Changed>> leave = List.of(
                    () -> world.people.changeRole(by(ann), ann.person().id(), Role.VIEWER),
                    () -> world.people.changeRole(by(bob), bob.person().id(), Role.VIEWER));
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                threads.invokeAll(leave);
            }

            assertThat(world.people.members("main", "", 100))
                    .filteredOn(member -> member.role() == Role.OWNER)
                    .hasSize(1);
        }
    }

    @Test
    @DisplayName("X8: people of another workspace answer like people who do not exist")
    void seesNobodyOfAnotherWorkspace() {
        var ann = world.owner();
        var other = world.workspaces.found(by(ann), "Other", world.store.ids, world.audit);
        var eve = world.join(by(ann).in(other.id()), "eve@acme.io", Role.OWNER);

        assertThat(world.people.member("main", eve.person().id())).isEmpty();
        assertThat(world.people.changeRole(by(ann), eve.person().id(), Role.VIEWER))
                .isEqualTo(world.people.changeRole(by(ann), "nobody", Role.VIEWER))
                .isEqualTo(new Changed.NoSuchPerson());
        assertThat(world.people.remove(by(ann), eve.person().id())).isEqualTo(new Changed.NoSuchPerson());
        assertThat(world.people.members("main", "", 10)).containsExactly(ann);
    }

    @Test
    void keepsTheWayFromOneOwnersWorkspaceIntoAnothersShut() {
        var ann = world.owner();
        var other = world.workspaces.found(by(ann), "Other", world.store.ids, world.audit);
        var eve = world.join(by(ann).in(other.id()), "eve@acme.io", Role.OWNER);
        var bob = world.join(by(ann), "bob@acme.io", Role.ADMIN);

        assertThat(world.people.add(by(eve), new Newcomer("bob@acme.io", "Bob", Role.OWNER)))
                .as("eve owns no workspace of bob's")
                .isEqualTo(new Added.EmailTaken());
        assertThat(world.people.add(by(ann).in(other.id()), new Newcomer("bob@acme.io", "Bob", Role.VIEWER)))
                .as("ann owns both")
                .isInstanceOf(Added.Joined.class);
        assertThat(world.links.invite(by(eve), bob.person().id()))
                .as("eve could become bob in a workspace that is not hers")
                .isEmpty();
        assertThat(world.links.invite(by(ann), bob.person().id())).isPresent();
        assertThat(world.people.add(by(ann), new Newcomer("bob@acme.io", "Bob", Role.VIEWER)))
                .isEqualTo(new Added.AlreadyMember());
    }

    @Test
    void forgetsWhoBelongsNowhere() {
        var ann = world.owner();
        var bob = world.join(by(ann), "bob@acme.io", Role.VIEWER);
        var token = world.token(world.signIn("bob@acme.io", PeopleWorld.PASSWORD));

        assertThat(world.people.remove(by(ann), bob.person().id())).isInstanceOf(Changed.Done.class);

        assertThat(world.sessions.look(token)).isEmpty();
        assertThat(world.signIn("bob@acme.io", PeopleWorld.PASSWORD)).isEqualTo(new SignIn.Outcome.Wrong());
        assertThat(world.people.add(by(ann), new Newcomer("bob@acme.io", "Bob", Role.VIEWER)))
                .isInstanceOf(Added.Joined.class);
    }

    @Test
    void pagesThroughPeople() {
        var ann = world.owner();
        var bob = world.join(by(ann), "bob@acme.io", Role.VIEWER);

        var first = world.people.members("main", "", 1);
        var second = world.people.members("main", first.getFirst().person().id(), 1);

        assertThat(first).containsExactly(ann);
        assertThat(second).extracting(Member::person).containsExactly(bob.person());
    }
}
