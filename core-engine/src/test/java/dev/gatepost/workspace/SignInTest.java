package dev.gatepost.workspace;

import static dev.gatepost.workspace.PeopleWorld.ELSEWHERE;
import static dev.gatepost.workspace.PeopleWorld.HERE;
import static dev.gatepost.workspace.PeopleWorld.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.SignIn.Outcome;
import dev.gatepost.workspace.SignIn.Typed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class SignInTest {
    private final PeopleWorld world;

    SignInTest(Dialect dialect) {
        world = new PeopleWorld(dialect);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void letsInWhoKnowsThePassword() {
        var owner = world.owner();

        var outcome = world.signIn(" ANN@acme.io ", PASSWORD);

        var signedIn = world.sessions.touch(world.token(outcome)).orElseThrow();
        assertThat(signedIn.member()).isEqualTo(owner);
        assertThat(world.actions("main")).containsExactly("link_made", "link_used", "person_added", "signed_in");
    }

    @Test
    @DisplayName("X4: a wrong address costs as many hashes as a wrong password, and is answered alike")
    void costsTheSameForAWrongAddressAndAWrongPassword() {
        world.owner();
        world.people.add(PeopleWorld.by(world.people.members("main", "", 1).getFirst()), newcomer("new@acme.io"));

        for (var typed : new String[] {"ann@acme.io", "nobody@acme.io", "new@acme.io", "no address"}) {
            world.hasher.hashes.set(0);
            assertThat(world.signIn(typed, "another quiet otter")).isEqualTo(new Outcome.Wrong());
            assertThat(world.hasher.hashes).as(typed).hasValue(1);
        }
    }

    @Test
    @DisplayName("X4: after five failures of one account from one network each try waits longer, and never for good")
    void slowsDownAfterFiveFailures() {
        world.owner();
        for (int i = 0; i < SignInBrake.FREE; i++) {
            assertThat(world.signIn("ann@acme.io", "wrong")).isEqualTo(new Outcome.Wrong());
        }
        world.hasher.hashes.set(0);

        assertThat(world.signIn("ann@acme.io", PASSWORD)).isEqualTo(new Outcome.SlowDown(Duration.ofSeconds(1)));
        assertThat(world.hasher.hashes).as("nothing is looked at").hasValue(0);
        assertThat(world.signIn.attempt(new Typed("ann@acme.io", PASSWORD, ""), ELSEWHERE))
                .as("from elsewhere one gets in")
                .isInstanceOf(Outcome.Welcome.class);
        world.store.pass(Duration.ofSeconds(1));
        assertThat(world.signIn("ann@acme.io", "wrong")).isEqualTo(new Outcome.Wrong());
        assertThat(world.signIn("ann@acme.io", PASSWORD)).isEqualTo(new Outcome.SlowDown(Duration.ofSeconds(2)));
        world.store.pass(SignInBrake.WAIT_MAX);
        assertThat(world.signIn("ann@acme.io", PASSWORD)).isInstanceOf(Outcome.Welcome.class);
        assertThat(world.signIn("ann@acme.io", "wrong")).as("all is forgotten").isEqualTo(new Outcome.Wrong());
        assertThat(world.signIn("ann@acme.io", PASSWORD)).isInstanceOf(Outcome.Welcome.class);
    }

    @Test
    @DisplayName("X4: addresses nobody has are slowed down like those somebody has")
    void slowsDownForUnknownAccountsToo() {
        for (int i = 0; i < SignInBrake.FREE; i++) {
            world.signIn("nobody@acme.io", "wrong");
        }

        assertThat(world.signIn("nobody@acme.io", "wrong")).isInstanceOf(Outcome.SlowDown.class);
    }

    @Test
    @DisplayName("X4: a neighbour in the same network counts as the same guesser")
    void countsByNetwork() {
        world.owner();
        for (int i = 0; i < SignInBrake.FREE; i++) {
            world.signIn.attempt(
                    new Typed("ann@acme.io", "wrong", ""), new Sessions.From("2001:db8::" + i, "a browser"));
        }

        assertThat(world.signIn.attempt(
                        new Typed("ann@acme.io", PASSWORD, ""), new Sessions.From("[2001:db8::ffff]", "a browser")))
                .isInstanceOf(Outcome.SlowDown.class);
    }

    @Test
    @DisplayName("X4: guesses made at once are slowed down like guesses one after the other")
    void looksAtFiveGuessesOfManyAtOnce() throws Exception {
        world.owner();
        world.hasher.hashes.set(0);
        var guesses = new ArrayList<Callable<Outcome>>();
        for (int i = 0; i < 40; i++) {
            guesses.add(() -> world.signIn("ann@acme.io", "wrong"));
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var guess : threads.invokeAll(guesses)) {
                assertThat(guess.get()).isInstanceOfAny(Outcome.Wrong.class, Outcome.SlowDown.class);
            }
        }

        assertThat(world.hasher.hashes).hasValue(SignInBrake.FREE);
    }

    @Test
    @DisplayName("X4: a password is hashed anew when hashing became dearer")
    void hashesAnewWhenTheCostGrew() {
        world.owner();
        world.hasher.cost = 2;

        world.signIn("ann@acme.io", PASSWORD);
        world.hasher.hashes.set(0);
        world.signIn("ann@acme.io", PASSWORD);

        assertThat(world.hasher.hashes).as("once was enough").hasValue(1);
    }

    @Test
    @DisplayName("X4: a code works once")
    void asksForACodeAndTakesItOnce() {
        var owner = world.owner();
        var secret = world.secondFactor.prepare(owner.person()).secret();
        assertThat(world.secondFactor.confirm(
                        PeopleWorld.by(owner), owner.person().id(), "000000"))
                .as("not before the app has shown that it has the secret")
                .isEmpty();
        var recovery = world.secondFactor
                .confirm(PeopleWorld.by(owner), owner.person().id(), code(secret))
                .orElseThrow();

        assertThat(world.signIn("ann@acme.io", PASSWORD)).isEqualTo(new Outcome.CodeNeeded());
        assertThat(withCode(code(secret))).as("used at the set-up").isEqualTo(new Outcome.Wrong());
        world.store.pass(Totp.STEP);
        assertThat(withCode(code(secret))).isInstanceOf(Outcome.Welcome.class);
        assertThat(withCode(code(secret))).as("a second time").isEqualTo(new Outcome.Wrong());
        assertThat(withCode(recovery.getFirst())).isInstanceOf(Outcome.Welcome.class);
        assertThat(withCode(recovery.getFirst())).as("a second time").isEqualTo(new Outcome.Wrong());
        assertThat(recovery).hasSize(SecondFactor.RECOVERY_CODES).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName(
            "X2: neither the password, nor the codes' secret, nor a recovery code, nor a cookie is in the database")
    void storesNothingThatOpensSomething() {
        var owner = world.owner();
        var token = world.token(world.signIn("ann@acme.io", PASSWORD));
        var secret = world.secondFactor.prepare(owner.person()).secret();
        var recovery = world.secondFactor
                .confirm(PeopleWorld.by(owner), owner.person().id(), code(secret))
                .orElseThrow();

        var stored = new StringBuilder();
        for (var table : new String[] {"person", "session", "recovery_code", "audit", "sign_in_failure"}) {
            stored.append(world.store
                    .store
                    .database()
                    .<String>read(handle -> handle.createQuery("select * from " + table)
                            .mapToMap()
                            .list()
                            .toString()));
        }

        assertThat(stored.toString()).doesNotContain(PASSWORD, token, secret, recovery.getFirst());
    }

    @Test
    @DisplayName("X5: changing the password ends every session")
    void endsSessionsWithThePassword() {
        var owner = world.owner();
        var token = world.token(world.signIn("ann@acme.io", PASSWORD));

        world.signIn.changePassword(PeopleWorld.by(owner), owner.person().id(), "eight quiet otters");

        assertThat(world.sessions.look(token)).isEmpty();
        assertThat(world.signIn("ann@acme.io", PASSWORD)).isEqualTo(new Outcome.Wrong());
        assertThat(world.signIn("ann@acme.io", "eight quiet otters")).isInstanceOf(Outcome.Welcome.class);
    }

    @Test
    void provesThatOneIsStillOneself() {
        var owner = world.owner();

        assertThat(world.signIn.prove(owner, PASSWORD, HERE.origin())).isEqualTo(new SignIn.Proof.Right());
        for (int i = 0; i < SignInBrake.FREE; i++) {
            assertThat(world.signIn.prove(owner, "wrong", HERE.origin())).isEqualTo(new SignIn.Proof.Wrong());
        }
        assertThat(world.signIn.prove(owner, PASSWORD, HERE.origin())).isInstanceOf(SignIn.Proof.SlowDown.class);
    }

    private Outcome withCode(String code) {
        return world.signIn.attempt(new Typed("ann@acme.io", PASSWORD, code), HERE);
    }

    private String code(String secret) {
        return Totp.code(secret, world.store.clock.instant().getEpochSecond() / Totp.STEP.toSeconds());
    }

    private static People.Newcomer newcomer(String email) {
        return new People.Newcomer(email, "New", Role.VIEWER);
    }
}
