package dev.gatepost.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.api.ApiWorld;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.SandboxCrm;
import dev.gatepost.intake.Reverification;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.Workspaces;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What all connections can do, on the sandbox of each CRM that ships one. */
@ParameterizedClass
@ValueSource(strings = {"hubspot", "activecampaign"})
class ConnectionOptionsOnSandboxesTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    private final ConnectorPlugin plugin;
    private final SandboxCrm crm;
    private final ApiWorld world;
    private final Map<String, AtomicInteger> writes = new ConcurrentHashMap<>();

    ConnectionOptionsOnSandboxesTest(String id) {
        plugin = Plugins.load(Path.of("no-plugins")).stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        crm = plugin.startSandbox(InstantSource.system()).orElseThrow();
        world = new ApiWorld(
                List.of(plugin), Map.of("GATEPOST_EGRESS_ALLOW", "smtp=127.77.0.0/16,crm=127.0.0.1/32:" + crm.port()));
        crm.onWrite(contact ->
                writes.computeIfAbsent(contact, _ -> new AtomicInteger()).incrementAndGet());
        world.books().credits().grant(Workspaces.MAIN, Grant.of("grant", 100, "test"));
        var trial = plugin.connect(new Account("trial", "", "", crm.settings()), world.product.tools());
        var ready = (Installed.Ready) trial.install();
        var connection = world.books()
                .connections()
                .save(
                        plugin,
                        new ConnectionDraft(Workspaces.MAIN, ready.account(), "Sandbox", ready.with(crm.settings())));
        crm.sendWebhooksTo(
                world.product.publicUrl() + "/hooks/" + plugin.id() + "/" + plugin.hookPath(connection.account()));
    }

    @AfterEach
    void close() {
        assertThat(world.books().ledger().check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
        crm.close();
    }

    private Connection connection() {
        return world.books().connections().all().getFirst();
    }

    private void choose(Map<String, String> values) {
        assertThat(world.product.pipeline().options().replace(By.COMMAND.in(Workspaces.MAIN), connection(), values))
                .isTrue();
    }

    private List<String> contacts(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> crm.createContact("person" + i + "@accept-all.sandbox-mail.com", Map.of()))
                .toList();
    }

    private String label(String contact) {
        return crm.contact(contact).orElseThrow().getOrDefault(Product.FIELD_PREFIX + "label", "");
    }

    private int writes(String contact) {
        return writes.getOrDefault(contact, new AtomicInteger()).get();
    }

    private long spent() {
        return world.books().ledger().balance(Workspaces.MAIN).spent();
    }

    private static void soon(ThrowingRunnable claim) {
        await().atMost(SOON).untilAsserted(claim);
    }

    private Reverification reverification() {
        return world.product
                .pipeline()
                .troubles()
                .health(connection().id())
                .orElseThrow()
                .reverification();
    }

    @Test
    @DisplayName("C3: contacts are verified, written and charged again when their check has grown old")
    void verifiesOldContactsAgain() {
        var ids = contacts(5);
        soon(() -> {
            assertThat(ids).allSatisfy(id -> assertThat(label(id)).isNotEmpty());
            assertThat(spent()).isEqualTo(5);
        });
        var old = Duration.ofDays(100).toMillis();
        world.books().database().write(handle -> {
            handle.execute("update verification set verified_at = verified_at - " + old + " where object_id in ('"
                    + ids.get(1) + "', '" + ids.get(3) + "')");
            return handle.execute("update claim set claimed_at = claimed_at - " + old);
        });

        choose(Map.of("reverify_after_days", "90"));

        soon(() -> {
            assertThat(spent()).isEqualTo(7);
            assertThat(reverification().state()).isEqualTo(Reverification.State.WAITING);
        });
        assertThat(ids).extracting(this::writes).containsExactly(1, 2, 1, 2, 1);
        var last = requireNonNull(reverification().last(), "no look yet");
        assertThat(last.listed()).isEqualTo(5);
        assertThat(last.queued()).isEqualTo(2);
        assertThat(reverification().today()).isEqualTo(2);
    }

    @Test
    @DisplayName("I5, I8: above its rate the CRM is turned away, and every contact is verified all the same, once")
    void losesNoContactAboveTheRate() {
        choose(Map.of("intake_per_second", "1"));

        var ids = contacts(14);

        soon(() -> {
            assertThat(ids).allSatisfy(id -> assertThat(label(id)).isNotEmpty());
            assertThat(spent()).isEqualTo(14);
        });
        int verifications = world.books()
                .database()
                .read(handle -> handle.createQuery("select count(*) from verification")
                        .mapTo(Integer.class)
                        .one());
        assertThat(verifications).isEqualTo(14);
    }
}
