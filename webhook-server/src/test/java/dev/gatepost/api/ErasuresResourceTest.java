package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ErasuresResourceTest {

    /** Nobody else's local part: found anywhere, it is this address. */
    private static final String CANARY = "jane.canary.7f3a";

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private ApiWorld world;

    @BeforeEach
    void start() {
        log.start();
        root().addAppender(log);
        world = new ApiWorld(
                List.of(),
                Map.of("GATEPOST_SMTP_RECHECK", "60m", "GATEPOST_EGRESS_ALLOW", "smtp=127.77.0.0/16,hook=127.0.0.0/8"));
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant", 100, "test"));
    }

    @AfterEach
    void stop() {
        assertThat(world.books().ledger().check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
        root().detachAppender(log);
    }

    private static Logger root() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }

    @Test
    @DisplayName(
            "L4, T6: after an erasure the address is in no file and no line of the log, and nothing of it is charged")
    void leavesNothingBehind() throws IOException {
        var client = world.with(Scope.VERIFY, Scope.READ, Scope.ADMIN);
        client.post(
                "/v1/hooks", "{\"url\":\"https://127.0.0.1.nip.example/x\",\"events\":[\"verification.completed\"]}");
        client.with("Idempotency-Key", "once").post("/v1/verify", verify("works"));
        client.post("/v1/verify", verify("works"));
        client.post("/v1/verify", verify("dns-servfail"));
        var test = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY);
        test.post("/v1/verify", "{\"email\":\"" + CANARY + "@gatepost.test\"}");
        deliver("{\"properties\":{\"email\":\"" + CANARY.toUpperCase(Locale.ROOT) + "@works.sandbox-mail.com\"}}");
        assertThat(onDisk()).isTrue();
        assertThat(world.books().ledger().balance(Workspaces.MAIN).reserved()).isEqualTo(1);

        var erased = client.post("/v1/erasures", email("works").replace("jane", "Jane"));
        assertThat(erased.status()).isEqualTo(200);
        assertThat(erased.body().path("verifications").asInt()).isEqualTo(2);
        var open = world.as(Workspaces.MAIN, Role.ADMIN).post("/v1/erasures", email("dns-servfail"));
        assertThat(open.body().path("verifications").asInt()).isEqualTo(1);
        client.post("/v1/erasures", "{\"email\":\"" + CANARY + "@gatepost.test\"}");

        assertThat(onDisk()).isFalse();
        assertThat(log.list).noneMatch(line -> line.getFormattedMessage().contains(CANARY));
        var balance = world.books().ledger().balance(Workspaces.MAIN);
        assertThat(balance.reserved()).isZero();
        assertThat(balance.spent()).isEqualTo(1);
        assertThat(rows("realtime") + rows("idempotency")).isZero();
        assertThat(client.get("/v1/audit?action=erased").body().path("data")).hasSize(3);
    }

    @Test
    void erasesWhatWasNoAddressAtAll() throws IOException {
        var client = world.with(Scope.VERIFY, Scope.ADMIN);
        client.post("/v1/verify", "{\"email\":\"" + CANARY + "@@two.example\"}");

        var erased = client.post("/v1/erasures", "{\"email\":\"" + CANARY + "@@two.example\"}");

        assertThat(erased.body().path("verifications").asInt()).isEqualTo(1);
        assertThat(onDisk()).isFalse();
    }

    @Test
    @DisplayName("L4: what still waits for its first answer is given up, and its credit given back")
    void endsWhatHasNoAnswerYet() throws IOException {
        world.books().database().write(handle -> {
            var id = "01kb0x5s8r3f6v9y2m4p7q0t1w";
            world.books().ledger().post(handle, Workspaces.MAIN, posting -> posting.reserve("api:main:" + id, id));
            return handle.execute("""
                    insert into realtime (verification_id, workspace_id, key_id, email, workflow_id, checks, started_at,
                        due_at) values (?, 'main', 'k', ?, 'standard', 0, 0, 9000000000000)
                    """, id, CANARY + "@works.sandbox-mail.com");
        });

        world.with(Scope.ADMIN).post("/v1/erasures", email("works"));

        assertThat(world.books().ledger().balance(Workspaces.MAIN).reserved()).isZero();
        assertThat(rows("realtime")).isZero();
        assertThat(onDisk()).isFalse();
    }

    @Test
    void touchesNoOtherWorkspace() throws IOException {
        world.books().credits().grant(ApiWorld.OTHER, Grant.of("other", 10, "test"));
        world.with(ApiWorld.OTHER, KeyKind.LIVE, Scope.VERIFY).post("/v1/verify", verify("works"));

        var erased = world.with(Scope.ADMIN).post("/v1/erasures", email("works"));

        assertThat(erased.body().path("verifications").asInt()).isZero();
        assertThat(onDisk()).isTrue();
    }

    @Test
    void isForAdministratorsOnly() {
        assertThat(world.with(Scope.VERIFY, Scope.READ, Scope.BULK)
                        .post("/v1/erasures", email("works"))
                        .status())
                .isEqualTo(403);
        assertThat(world.as(Workspaces.MAIN, Role.VIEWER)
                        .post("/v1/erasures", email("works"))
                        .status())
                .isEqualTo(403);
        var blank = world.with(Scope.ADMIN).post("/v1/erasures", "{\"email\":\" \"}");
        assertThat(blank.code() + " " + blank.field()).isEqualTo("invalid_field email");
    }

    private static String email(String host) {
        return "{\"email\":\"" + CANARY + "@" + host + ".sandbox-mail.com\"}";
    }

    private static String verify(String host) {
        return email(host);
    }

    /** A delivery whose event never led to a verification. */
    private void deliver(String body) {
        world.books().database().write(handle -> handle.execute("""
                        insert into delivery (id, plugin, hook_key, received_at, state, why, body)
                        values ('d1', 'x', 'y', 0, 'taken', '', ?)
                        """, (Object) body.getBytes(UTF_8)));
    }

    private long rows(String table) {
        return world.books()
                .database()
                .<Long>read(handle -> handle.createQuery("select count(*) from " + table)
                        .mapTo(Long.class)
                        .one());
    }

    /** Whether any file of the data folder has the local part in it. */
    private boolean onDisk() throws IOException {
        try (var files = Files.walk(world.books().folder().path())) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), ISO_8859_1)
                        .toLowerCase(Locale.ROOT)
                        .contains(CANARY)) {
                    return true;
                }
            }
        }
        return false;
    }
}
