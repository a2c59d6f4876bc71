package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.egress.AddressRange;
import dev.gatepost.store.Dialect;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class ApiKeysTest {
    private static final AuditLog.By ACTOR = AuditLog.By.COMMAND;

    private final WorkspaceStore world;
    private final ApiKeys keys;

    ApiKeysTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        keys = node();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private ApiKeys node() {
        return new ApiKeys(world.store.database(), world.ids, world.clock, new SecureRandom());
    }

    private static ApiKey.Draft draft(String name) {
        return new ApiKey.Draft(
                Workspaces.MAIN,
                KeyKind.LIVE,
                name,
                Set.of(Scope.READ, Scope.VERIFY),
                List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::/8")),
                List.of(),
                60,
                null);
    }

    @Test
    void findsAKeyByItsTextWithAllThatItWasMadeWith() {
        var made = keys.create(draft("crm sync"), ACTOR);

        assertThat(keys.find(made.text())).contains(made.key());
        assertThat(node().find(made.text())).contains(made.key());
        assertThat(made.key().isLive(world.clock.instant())).isTrue();
    }

    @Test
    @DisplayName("X3: what is stored of a key is its SHA-256, and not the key")
    void storesNoKey() {
        var made = keys.create(draft("crm sync"), ACTOR);

        var stored = world.store
                .database()
                .read(handle -> handle.createQuery("select * from api_key")
                                .mapToMap()
                                .list()
                                .toString()
                        + handle.createQuery("select * from audit").mapToMap().list());
        assertThat(stored)
                .contains(KeyText.hash(made.text()))
                .doesNotContain(made.text().substring(8, 40));
        assertThat(made.toString()).doesNotContain(made.text());
    }

    @Test
    @DisplayName("X3: a revocation works at once on its node, and within a second on every other")
    void revokesOnAllNodesWithinASecond() {
        var other = node();
        var made = keys.create(draft("crm sync"), ACTOR);
        assertThat(other.find(made.text())).isPresent();

        assertThat(keys.revoke(Workspaces.MAIN, made.key().id(), ACTOR)).isTrue();

        var now = world.clock.instant();
        assertThat(keys.find(made.text()).orElseThrow().isLive(now)).isFalse();
        world.pass(Duration.ofSeconds(1));
        assertThat(other.find(made.text()).orElseThrow().isLive(now)).isFalse();
    }

    @Test
    void findsAKeyThatAnotherNodeMadeAfterItWasLookedForHere() {
        var other = node();
        var made = keys.create(draft("first"), ACTOR);
        assertThat(other.find("gp_live_nothing")).isEmpty();

        world.pass(Duration.ofSeconds(1));

        assertThat(other.find(made.text())).isPresent();
    }

    @Test
    void revokesOnlyOnceAndOnlyInItsOwnWorkspace() {
        var made = keys.create(draft("crm sync"), ACTOR);

        assertThat(keys.revoke("other", made.key().id(), ACTOR)).isFalse();
        assertThat(keys.revoke(Workspaces.MAIN, made.key().id(), ACTOR)).isTrue();
        assertThat(keys.revoke(Workspaces.MAIN, made.key().id(), ACTOR)).isFalse();
        assertThat(keys.page(Workspaces.MAIN, "", 10)).isEmpty();
    }

    @Test
    void notesItsUseOnceAMinute() {
        var made = keys.create(draft("crm sync"), ACTOR);
        var first = world.clock.instant();
        keys.used(made.key().id());
        world.pass(Duration.ofSeconds(59));
        keys.used(made.key().id());
        awaitLastUse(first);

        world.pass(Duration.ofSeconds(1));
        keys.used(made.key().id());

        awaitLastUse(first.plusSeconds(60));
    }

    private void awaitLastUse(Instant expected) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(
                                keys.page(Workspaces.MAIN, "", 1).getFirst().lastUsedAt())
                        .isEqualTo(expected.truncatedTo(ChronoUnit.MILLIS)));
    }

    @Test
    @DisplayName("X3: every changed character of a key is noticed without a look into the store")
    void noticesTypingErrors() {
        var text = keys.create(draft("crm sync"), ACTOR).text();

        assertThat(KeyText.kindOf(text)).contains(KeyKind.LIVE);
        for (var i = 0; i < text.length(); i++) {
            var other = text.charAt(i) == 'x' ? 'y' : 'x';
            assertThat(KeyText.kindOf(text.substring(0, i) + other + text.substring(i + 1)))
                    .as("character %d", i)
                    .isEmpty();
        }
        assertThat(KeyText.kindOf(text + "x")).isEmpty();
        assertThat(KeyText.kindOf(text.substring(1))).isEmpty();
        assertThat(KeyText.kindOf("")).isEmpty();
    }

    @Test
    void makesKeysOfOneLengthThatNeverRepeat() {
        var seen = new HashSet<String>();
        for (var i = 0; i < 1000; i++) {
            var text = KeyText.make(KeyKind.TEST, new SecureRandom());
            assertThat(text).hasSize(KeyText.CHARS_MAX).startsWith("gp_test_");
            assertThat(seen.add(text)).isTrue();
        }
    }
}
