package dev.gatepost.workspace;

import static dev.gatepost.workspace.PeopleWorld.HERE;
import static dev.gatepost.workspace.PeopleWorld.by;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Dialect;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** X5: sessions. */
@ParameterizedClass
@EnumSource(Dialect.class)
class SessionsTest {
    private final PeopleWorld world;
    private final Member ann;

    SessionsTest(Dialect dialect) {
        world = new PeopleWorld(dialect);
        ann = world.owner();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("X5: 256 random bits, new at each sign-in")
    void drawsATokenForEachSignIn() {
        var first = begin();

        assertThat(Base64.getUrlDecoder().decode(first)).hasSize(32);
        assertThat(begin()).isNotEqualTo(first);
    }

    @Test
    @DisplayName("X5: ends after 30 minutes without a request, and after 12 hours whatever happens")
    void endsByItself() {
        var idle = begin();
        var busy = begin();
        for (var passed = Duration.ZERO; passed.compareTo(Sessions.AGE_MAX) < 0; passed = passed.plusMinutes(29)) {
            assertThat(world.sessions.touch(busy)).isPresent();
            world.store.pass(Duration.ofMinutes(29));
        }

        assertThat(world.sessions.look(idle)).isEmpty();
        assertThat(world.sessions.touch(busy)).isEmpty();
    }

    @Test
    void isKeptAliveByRequestsAndNotByLooking() {
        var token = begin();
        world.store.pass(Duration.ofMinutes(29));
        assertThat(world.sessions.look(token)).isPresent();
        world.store.pass(Duration.ofMinutes(1));
        assertThat(world.sessions.look(token)).isEmpty();
    }

    @Test
    void notesUseOnceAMinute() {
        var token = begin();
        var began = world.store.clock.instant();
        world.store.pass(Sessions.SEEN_EVERY.minusSeconds(1));
        world.sessions.touch(token);
        assertThat(seen()).isEqualTo(began.toEpochMilli());
        world.store.pass(Duration.ofSeconds(1));
        world.sessions.touch(token);
        assertThat(seen()).isEqualTo(world.store.clock.instant().toEpochMilli());
    }

    @Test
    void showsAndEndsOnesOwnSessionsAndNobodyElses() {
        var bob = world.join(by(ann), "bob@acme.io", Role.VIEWER);
        var token = begin();
        var id = world.sessions.open(ann.person().id()).getFirst().id();

        assertThat(world.sessions.end(by(bob), bob.person().id(), id)).isFalse();
        assertThat(world.sessions.look(token)).isPresent();
        assertThat(world.sessions.end(by(ann), ann.person().id(), id)).isTrue();
        assertThat(world.sessions.look(token)).isEmpty();
        assertThat(world.sessions.open(ann.person().id())).isEmpty();
    }

    @Test
    void keepsTheLatestOfManySessions() {
        var first = begin();
        for (int i = 0; i < Sessions.PER_PERSON_MAX; i++) {
            begin();
        }

        assertThat(world.sessions.look(first)).isEmpty();
        assertThat(world.sessions.open(ann.person().id())).hasSize(Sessions.PER_PERSON_MAX);
    }

    @Test
    @DisplayName("X5: a changed role and a removed person count at once")
    void knowsTheRoleOfThisMoment() {
        var bob = world.join(by(ann), "bob@acme.io", Role.OWNER);
        var token = world.sessions.begin(bob.person().id(), HERE).orElseThrow();

        world.people.changeRole(by(ann), bob.person().id(), Role.VIEWER);
        assertThat(world.sessions.look(token).orElseThrow().member().role()).isEqualTo(Role.VIEWER);
        world.people.remove(by(ann), bob.person().id());
        assertThat(world.sessions.look(token)).isEmpty();
    }

    @Test
    void entersOnlyWorkspacesOneBelongsTo() {
        var token = begin();
        var signedIn = world.sessions.look(token).orElseThrow();
        world.workspaces.create("foreign", "Foreign");
        var own = world.workspaces.found(by(ann), "Own", world.store.ids, world.audit);

        assertThat(world.sessions.enter(signedIn, "foreign")).isFalse();
        assertThat(world.sessions.enter(signedIn, "none")).isFalse();
        assertThat(world.sessions.enter(signedIn, own.id())).isTrue();
        assertThat(world.sessions.look(token).orElseThrow().member().workspaceId())
                .isEqualTo(own.id());
    }

    @Test
    void survivesARestart() {
        var token = begin();

        var again = new Sessions(
                world.store.store.reopen(), world.store.ids, world.audit, world.store.clock, new SecureRandom());

        assertThat(again.look(token)).isPresent();
    }

    private String begin() {
        return world.sessions.begin(ann.person().id(), HERE).orElseThrow();
    }

    private long seen() {
        return world.store
                .store
                .database()
                .read(handle -> handle.createQuery("select seen_at from session")
                        .mapTo(Long.class)
                        .one());
    }
}
