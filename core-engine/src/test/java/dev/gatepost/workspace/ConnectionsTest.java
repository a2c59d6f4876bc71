package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.Dialect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class ConnectionsTest {
    private static final FakePlugin PLUGIN = new FakePlugin("fake");

    private final WorkspaceStore world;
    private Connections connections;

    ConnectionsTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        connections = open();
    }

    @BeforeEach
    void createOtherWorkspace() {
        new Workspaces(world.store.database(), world.clock).create("other", "Other");
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void findsAConnectionByItsIdHookAndAccount() {
        var saved = save("main", "4711", "app-1", "t0ken");

        assertThat(connections.byId(saved.id())).contains(saved);
        assertThat(connections.byHook("fake", "app-1")).containsExactly(saved);
        assertThat(connections.byAccount("fake", "4711")).containsExactly(saved);
        assertThat(connections.all()).containsExactly(saved);
        assertThat(saved.account().settings()).isEqualTo(Map.of("app", "app-1", "token", "t0ken"));
        assertThat(saved.account().hookKey()).isEqualTo("app-1");
        assertThat(saved.isActive()).isTrue();
        assertThat(saved.createdAt()).isEqualTo(world.clock.instant());
    }

    @Test
    void findsNothingUnderWhatIsNotThere() {
        save("main", "4711", "app-1", "t0ken");

        assertThat(connections.byId("none")).isEmpty();
        assertThat(connections.byHook("fake", "4711")).isEmpty();
        assertThat(connections.byHook("other-crm", "app-1")).isEmpty();
        assertThat(connections.byAccount("fake", "app-1")).isEmpty();
    }

    @Test
    void findsAllAccountsThatShareAHook() {
        var first = save("main", "1", "app-1", "a");
        var second = save("other", "2", "app-1", "b");
        save("main", "3", "app-2", "c");

        assertThat(connections.byHook("fake", "app-1")).containsExactly(first, second);
    }

    @Test
    void keepsIdAndBeginningWhenAnAccountIsConnectedAgain() {
        var before = save("main", "4711", "app-1", "old");
        connections.setState(before.id(), ConnectionState.NEEDS_REAUTH, "401");
        world.pass(Duration.ofMinutes(1));

        var after = save("main", "4711", "app-2", "new");

        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.createdAt()).isEqualTo(before.createdAt());
        assertThat(after.account().setting("token")).isEqualTo("new");
        assertThat(after.state()).isEqualTo(ConnectionState.ACTIVE);
        assertThat(connections.byHook("fake", "app-1")).isEmpty();
        assertThat(connections.all()).hasSize(1);
    }

    @Test
    void letsTwoWorkspacesConnectTheSameAccount() {
        save("main", "4711", "app-1", "a");
        save("other", "4711", "app-1", "b");

        assertThat(connections.byAccount("fake", "4711"))
                .extracting(Connection::workspaceId)
                .containsExactlyInAnyOrder("main", "other");
    }

    @Test
    void remembersSinceWhenAndWhyAConnectionIsInItsState() {
        var saved = save("main", "4711", "app-1", "a");
        world.pass(Duration.ofMinutes(1));
        var since = world.clock.instant();

        assertThat(connections.setState(saved.id(), ConnectionState.MISSING_SCOPE, "403 crm.objects.write"))
                .isTrue();
        world.pass(Duration.ofMinutes(1));
        assertThat(connections.setState(saved.id(), ConnectionState.MISSING_SCOPE, "again"))
                .isFalse();
        assertThat(connections.setState("none", ConnectionState.PAUSED, "")).isFalse();

        var held = connections.byId(saved.id()).orElseThrow();
        assertThat(held.isActive()).isFalse();
        assertThat(held.stateSince()).isEqualTo(since);
        assertThat(held.stateReason()).isEqualTo("403 crm.objects.write");
    }

    @Test
    void survivesARestart() {
        var saved = save("main", "4711", "app-1", "t0ken");

        world.store.reopen();
        connections = open();

        assertThat(connections.byId(saved.id())).contains(saved);
    }

    @Test
    @DisplayName("P9: a secret, and whatever the plug-in does not declare, is unreadable in the database")
    void keepsSecretsUnreadable() throws Exception {
        connections.save(
                PLUGIN,
                new ConnectionDraft(
                        "main",
                        "4711",
                        "Sales",
                        Map.of("app", "app-1", "token", "c4nary-declared", "extra", "c4nary-extra")));

        String row = world.store
                .database()
                .read(handle -> handle.createQuery("select settings || secrets from connection")
                        .mapTo(String.class)
                        .one());
        assertThat(row).contains("app-1").doesNotContain("c4nary");
        if (world.store.dialect() == Dialect.SQLITE) {
            try (var files = Files.list(world.store.folder())) {
                for (var file : files.toList()) {
                    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                            .doesNotContain("c4nary");
                }
            }
        }
    }

    @Test
    void printsNoSettings() {
        assertThat(save("main", "4711", "app-1", "c4nary")).asString().doesNotContain("c4nary");
    }

    @Test
    @DisplayName("X2: a secret moved to another row, or changed, stops its connection and no other")
    void stopsAConnectionWhoseSecretWasTamperedWith() {
        var victim = save("main", "1", "app-1", "a");
        var donor = save("main", "2", "app-1", "b");
        world.store
                .database()
                .write(handle -> handle.createUpdate("""
                        update connection set secrets = (select secrets from connection where id = :donor)
                        where id = :victim""")
                        .bind("donor", donor.id())
                        .bind("victim", victim.id())
                        .execute());
        connections = open();

        var found = connections.byId(victim.id()).orElseThrow();

        assertThat(found.state()).isEqualTo(ConnectionState.NEEDS_REAUTH);
        assertThat(found.stateReason()).contains("changed behind the program's back");
        assertThat(found.account().setting("token")).isEmpty();
        assertThat(connections.byId(donor.id())).contains(donor);
    }

    @Test
    void seesWhatAnotherNodeChangedWithinASecond() {
        var others = open();
        assertThat(others.all()).isEmpty();

        var saved = save("main", "4711", "app-1", "a");
        assertThat(others.all()).as("not looked again yet").isEmpty();
        world.pass(Connections.AGE_MAX);

        assertThat(others.byId(saved.id())).contains(saved);
        others.setState(saved.id(), ConnectionState.PAUSED, "by hand");
        world.pass(Connections.AGE_MAX);
        assertThat(connections.byId(saved.id()).orElseThrow().state()).isEqualTo(ConnectionState.PAUSED);
    }

    @Test
    void readsNothingWhileItsCopyIsYoung() {
        var saved = save("main", "4711", "app-1", "a");
        assertThat(connections.byId(saved.id())).isPresent();

        world.store.database().close();

        assertThat(connections.byHook("fake", "app-1")).as("from memory").containsExactly(saved);
        world.pass(Connections.AGE_MAX);
        assertThatThrownBy(() -> connections.all()).as("too old to be trusted").isInstanceOf(RuntimeException.class);
        world.store.reopen();
    }

    @Test
    void looksAgainWhenTheClockWasSetBack() {
        save("main", "4711", "app-1", "a");
        world.pass(Duration.ofHours(-1));
        world.store.database().write(handle -> {
            ConnectionRows.announceChange(handle);
            return handle.execute("update connection set name = 'changed'");
        });

        assertThat(connections.all()).extracting(Connection::name).isEqualTo(List.of("changed"));
    }

    private String sealed(String id) {
        return world.store
                .database()
                .read(handle -> handle.createQuery("select secrets from connection where id = :id")
                        .bind("id", id)
                        .mapTo(String.class)
                        .one());
    }

    @Test
    void erasesTheSecretsOfDisconnectedConnectionsAlone() {
        var ended = save("main", "4711", "app-1", "t0ken");
        var living = save("main", "4712", "app-1", "other");
        connections.setState(living.id(), ConnectionState.NEEDS_REAUTH, "401");
        connections.setState(ended.id(), ConnectionState.DISCONNECTED, "");

        assertThat(connections.forgetSecrets()).isEqualTo(1);
        assertThat(connections.forgetSecrets()).as("nothing is left to erase").isZero();

        assertThat(sealed(ended.id())).isEmpty();
        assertThat(sealed(living.id())).isNotEmpty();
        var found = connections.byId(ended.id()).orElseThrow();
        assertThat(found.state()).isEqualTo(ConnectionState.DISCONNECTED);
        assertThat(found.account().settings()).isEqualTo(Map.of("app", "app-1"));
        assertThat(connections.byId(living.id()).orElseThrow().account().setting("token"))
                .isEqualTo("other");

        var rotated = new KeyRotation(world.store.database(), world.secrets, new AuditLog(world.ids, world.clock))
                .rotate(AuditLog.By.COMMAND.in("main"));
        assertThat(rotated.unreadable()).isZero();
        assertThat(save("main", "4711", "app-1", "new").account().setting("token"))
                .isEqualTo("new");
        assertThat(connections.byId(ended.id()).orElseThrow().isActive()).isTrue();
    }

    @Test
    void letsOnlyConnectingAgainEndADisconnection() {
        var ended = save("main", "4711", "app-1", "t0ken");
        connections.setState(ended.id(), ConnectionState.DISCONNECTED, "");

        assertThat(connections.setState(ended.id(), ConnectionState.NEEDS_REAUTH, "a call that was under way"))
                .isFalse();
        assertThat(connections.keep(PLUGIN, ended.id(), Map.of("token", "renewed while it ended")))
                .isFalse();

        var found = connections.byId(ended.id()).orElseThrow();
        assertThat(found.state()).isEqualTo(ConnectionState.DISCONNECTED);
        assertThat(found.account().setting("token")).isEqualTo("t0ken");
    }

    @Test
    void keepsASettingGivenAnewWithoutChangingTheState() {
        var saved = save("main", "4711", "app-1", "old");
        connections.setState(saved.id(), ConnectionState.PAUSED, "by hand");

        assertThat(connections.keep(PLUGIN, saved.id(), Map.of("token", "new"))).isTrue();
        assertThat(connections.keep(PLUGIN, "none", Map.of("token", "new"))).isFalse();

        var found = connections.byId(saved.id()).orElseThrow();
        assertThat(found.state()).isEqualTo(ConnectionState.PAUSED);
        assertThat(found.account().settings()).isEqualTo(Map.of("app", "app-1", "token", "new"));
    }

    @Test
    void forgetsASettingOnlyWhereItStillHasTheValueThatIsNoGood() {
        var saved = save("main", "4711", "app-1", "renewed");

        assertThat(connections.forget(PLUGIN, saved.id(), "token", "old")).isFalse();
        assertThat(connections.byId(saved.id()).orElseThrow().account().setting("token"))
                .isEqualTo("renewed");
        assertThat(connections.forget(PLUGIN, saved.id(), "token", "renewed")).isTrue();

        assertThat(connections.byId(saved.id()).orElseThrow().account().settings())
                .isEqualTo(Map.of("app", "app-1", "token", ""));
    }

    private Connection save(String workspace, String account, String app, String token) {
        return connections.save(
                PLUGIN, new ConnectionDraft(workspace, account, "Sales", Map.of("app", app, "token", token)));
    }

    private Connections open() {
        return new Connections(world.store.database(), world.secrets, world.ids, world.clock);
    }
}
