package dev.gatepost.workspace;

import static dev.gatepost.workspace.PeopleWorld.PASSWORD;
import static dev.gatepost.workspace.PeopleWorld.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import dev.gatepost.workspace.OneTimeLinks.Purpose;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class OneTimeLinksTest {
    private final PeopleWorld world;

    OneTimeLinksTest(Dialect dialect) {
        world = new PeopleWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("X1: no account exists until the link printed at the first start was used")
    void beginsWithoutAccounts() {
        assertThat(world.people.hasOwner()).isFalse();
        assertThat(world.people.members("main", "", 10)).isEmpty();

        var owner = world.owner();

        assertThat(world.people.hasOwner()).isTrue();
        assertThat(owner.role()).isEqualTo(Role.OWNER);
    }

    @Test
    @DisplayName("X1: a link works once, and opening it does not use it up")
    void worksOnce() {
        var link = world.linkAtTheMachine();

        assertThat(world.links.look(link)).isEqualTo(new Purpose.FirstOwner());
        assertThat(world.links.look(link)).isEqualTo(new Purpose.FirstOwner());
        assertThat(world.links.becomeOwner(link, "ann@acme.io", "Ann", PASSWORD, "127.0.0.1"))
                .isPresent();
        assertThat(world.links.look(link)).isEqualTo(new Purpose.None());
        assertThat(world.links.becomeOwner(link, "eve@acme.io", "Eve", PASSWORD, "127.0.0.1"))
                .isEmpty();
    }

    @Test
    @DisplayName("X1: a link is good for 30 minutes")
    void growsOld() {
        var link = world.linkAtTheMachine();

        world.store.pass(OneTimeLinks.GOOD_FOR.minusSeconds(1));
        assertThat(world.links.look(link)).isEqualTo(new Purpose.FirstOwner());
        world.store.pass(OneTimeLinks.GOOD_FOR);
        assertThat(world.links.look(link)).isEqualTo(new Purpose.None());
        assertThat(world.links.becomeOwner(link, "ann@acme.io", "Ann", PASSWORD, "127.0.0.1"))
                .isEmpty();
    }

    @Test
    void makesOneFirstOwnerOnly() {
        var first = world.linkAtTheMachine();
        var second = world.linkAtTheMachine();
        world.links.becomeOwner(first, "ann@acme.io", "Ann", PASSWORD, "127.0.0.1");

        assertThat(world.links.becomeOwner(second, "eve@acme.io", "Eve", PASSWORD, "127.0.0.1"))
                .isEmpty();
    }

    @Test
    @DisplayName("X1: only the hash of a link is stored")
    void storesHashes() {
        var link = world.linkAtTheMachine();

        assertThat(world.store
                        .store
                        .database()
                        .<String>read(handle -> handle.createQuery("select * from one_time_link")
                                .mapToMap()
                                .list()
                                .toString()))
                .doesNotContain(link)
                .contains(Tokens.hash(link));
    }

    @Test
    void givesAnOwnerWhoLostThePasswordAnother() {
        var ann = world.owner();
        var token = world.token(world.signIn("ann@acme.io", PASSWORD));
        var link = world.linkAtTheMachine();

        assertThat(world.links.look(link)).isEqualTo(new Purpose.NewPassword(ann.person()));
        assertThat(world.links.choosePassword(link, "nine quiet otters", "127.0.0.1"))
                .isPresent();

        assertThat(world.sessions.look(token))
                .as("sessions end with the old password")
                .isEmpty();
        assertThat(world.signIn("ann@acme.io", "nine quiet otters")).isInstanceOf(SignIn.Outcome.Welcome.class);
        assertThat(world.links.choosePassword(link, "nine loud otters", "127.0.0.1"))
                .isEmpty();
    }

    @Test
    void asksWhichOfSeveralOwnersIsMeant() {
        var ann = world.owner();
        world.join(by(ann), "bob@acme.io", Role.OWNER);

        assertThat(world.links.makeAtTheMachine("", Codes.KEPT)).isEqualTo(new ForOwner.SayWhich(2));
        assertThat(world.links.makeAtTheMachine("bob@acme.io", Codes.KEPT)).isInstanceOf(ForOwner.Made.class);
        assertThat(world.links.makeAtTheMachine("eve@acme.io", Codes.KEPT)).isEqualTo(new ForOwner.NoSuchPerson());
    }

    @Test
    void switchesCodesOffOnlyWhenTold() {
        var ann = world.owner();
        var secret = world.secondFactor.prepare(ann.person()).secret();
        var step = world.store.clock.instant().getEpochSecond() / Totp.STEP.toSeconds();
        world.secondFactor.confirm(by(ann), ann.person().id(), Totp.code(secret, step));

        world.links.choosePassword(world.linkAtTheMachine(), PASSWORD, "127.0.0.1");
        assertThat(world.signIn("ann@acme.io", PASSWORD)).isEqualTo(new SignIn.Outcome.CodeNeeded());
        var link = (ForOwner.Made) world.links.makeAtTheMachine("", Codes.SWITCHED_OFF);
        world.links.choosePassword(link.token(), PASSWORD, "127.0.0.1");
        assertThat(world.signIn("ann@acme.io", PASSWORD)).isInstanceOf(SignIn.Outcome.Welcome.class);
    }
}
