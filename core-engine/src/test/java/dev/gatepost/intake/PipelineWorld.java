package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Reception;
import dev.gatepost.hook.Outbox;
import dev.gatepost.hook.Subscriptions;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.store.Stores;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.ToldVerifier;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.ConnectionState;
import dev.gatepost.workspace.Connections;
import dev.gatepost.workspace.MasterKey;
import dev.gatepost.workspace.Secrets;
import dev.gatepost.workspace.StoredWorkflows;
import dev.gatepost.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okio.ByteString;

/** A pipeline on a real store, with a CRM in memory and mail hosts that answer as told. */
final class PipelineWorld implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Rejects whatever it sees. */
    static final Workflow STRICT = new Workflow("strict", 1, "Strict", List.of(), Outcome.REJECT, "");

    final FakeCrm crm = new FakeCrm();
    final Ledger ledger;
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(passed.get());
    private final ToldVerifier verifier = new ToldVerifier(clock);

    /** Addresses asked, in their order. */
    final List<String> verified = verifier.verified;

    /** What is seen of an address at its first, second, ... check; the last one stays. */
    final Map<String, List<Evidence>> answers = verifier.answers;

    private final Stores store;
    private final Ids ids = new Ids(clock, new Random(1));
    private final Connections connections;
    final StoredWorkflows workflows;
    private final Credits credits;
    private final Outbox outbox;
    private WithoutCredits withoutCredits = WithoutCredits.WAIT;
    private Pipeline pipeline;

    PipelineWorld(Dialect dialect) {
        store = Stores.fresh(dialect);
        new Workspaces(store.database(), clock).ensureMain();
        var key = MasterKey.parse(Base64.getEncoder()
                .encodeToString("a key for tests, 32 bytes long..".getBytes(StandardCharsets.UTF_8)));
        var secrets = Secrets.open(store.database(), key, new SecureRandom());
        connections = new Connections(store.database(), secrets, ids, clock);
        outbox = new Outbox(new Subscriptions(store.database(), secrets, ids, clock, new SecureRandom()), ids, clock);
        workflows = new StoredWorkflows(store.database(), ids, clock);
        ledger = new Ledger(store.database(), key.derive("charge keys"), clock);
        credits = new Credits(store.database(), ledger, clock);
        connections.save(crm, new ConnectionDraft(Workspaces.MAIN, "1", "Fake", Map.of()));
        pipeline = pipeline();
    }

    private static byte[] keyedHash(byte[] bytes) {
        return ByteString.of(bytes).sha256().toByteArray();
    }

    private Pipeline pipeline() {
        var erasure =
                new Erasure(new Erasure.Parts(store.database(), ledger, outbox, PipelineWorld::keyedHash, ids, clock));
        return new Pipeline(new PipelineParts(
                store.database(),
                connections,
                ledger,
                outbox,
                verifier::verify,
                workflows::of,
                _ -> List.of(Workflow.STANDARD, STRICT),
                () -> "https://verify.example.com",
                List.of(crm),
                new ConnectorTools(new OkHttpClient(), clock, new Random(1), "gatepost_"),
                PipelineWorld::keyedHash,
                erasure,
                RetentionTerms.USUAL,
                List.of(Duration.ofMinutes(1), Duration.ofMinutes(5)),
                withoutCredits,
                Duration.ofHours(24),
                store.folder(),
                ids,
                clock,
                new Random(1)));
    }

    void start() {
        pipeline.start();
    }

    /** Writes something of which the answer is waited for. */
    void somebodyWaits() {
        try (var _ = store.database().callBegins()) {
            store.database().writeFirst(handle -> true);
        }
    }

    /** Whether bulk work is cut into short pieces now. */
    boolean isCut() {
        return store.database().portions(Collections.nCopies(100, "contact")).size() > 1;
    }

    /** Cuts off everything under way; {@link #start} goes on as a new process would. */
    void stop() {
        pipeline.close();
        pipeline = pipeline();
    }

    /** As an operator who sets it and starts the program again. */
    void restart(WithoutCredits chosen) {
        withoutCredits = chosen;
        restart();
    }

    void restart() {
        stop();
        start();
    }

    void pause() {
        connections.setState(connection().id(), ConnectionState.PAUSED, "");
    }

    void reconnect() {
        connections.setState(connection().id(), ConnectionState.ACTIVE, "");
    }

    /** Connects with these settings, again or for the first time. */
    void connect(Map<String, String> settings) {
        connections.save(crm, new ConnectionDraft(Workspaces.MAIN, "1", "Fake", settings));
        pipeline.released(connection().id());
    }

    /** Disconnects by a person's will; what was done. */
    List<String> disconnect() {
        return pipeline.switching()
                .disconnect(connection(), By.COMMAND.in(Workspaces.MAIN))
                .orElse(List.of());
    }

    int deliver(String... lines) {
        return pipeline.accept(crm, crm.delivery(lines)).status();
    }

    Answer accept(String... lines) {
        return pipeline.accept(crm, crm.delivery(lines));
    }

    Reception reception() {
        return reception("");
    }

    Reception reception(String visitor) {
        return pipeline.reception(crm, visitor);
    }

    Backfills backfills() {
        return pipeline.backfills();
    }

    /** Chooses these options; the others have their usual values again. */
    void choose(Map<String, String> values) {
        assertThat(pipeline.options().replace(By.COMMAND.in(Workspaces.MAIN), connection(), values))
                .isTrue();
    }

    ConnectionOptions options() {
        return pipeline.options();
    }

    Reverification reverification() {
        return troubles().health(connection().id()).orElseThrow().reverification();
    }

    /** Has the verification's contact verified once more, as a person would. */
    FreshChecks.Outcome checkAfresh(String verificationId) {
        var checks = pipeline.freshChecks();
        var row = store.database()
                .read(handle -> pipeline.verifications().find(handle, verificationId))
                .orElseThrow();
        var outcome = store.database().<FreshChecks.Outcome>write(handle -> checks.begin(handle, row));
        checks.wake(row.connectionId());
        return outcome;
    }

    Troubles troubles() {
        return pipeline.troubles();
    }

    Checkup checkup() {
        return pipeline.checkup(connection().id()).orElseThrow();
    }

    /** Removes what was kept long enough; how many rows. */
    int purge() {
        return pipeline.retention().run();
    }

    int erase(String email) {
        return pipeline.erasure().address(email, new By(Workspaces.MAIN, "tester", "cli"));
    }

    List<String> query(String sql) {
        return column(sql);
    }

    /** Every octet of the database's files. */
    String octetsOnDisk() {
        var text = new StringBuilder();
        try (var files = Files.list(store.folder())) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                text.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    int deliverTo(String key) {
        var delivery = crm.delivery("1 CREATED 7 x");
        return pipeline.accept(
                        crm,
                        new Delivery("POST", delivery.url(), key, Map.of(), delivery.body(), delivery.receivedAt()))
                .status();
    }

    void storeWithoutWaking(String line) {
        new Intake(store.database(), connections, new Events(ids), new AuditLog(ids, clock), clock, _ -> {})
                .accept(crm, crm.delivery(line));
    }

    void hold(String email, CountDownLatch gate) {
        verifier.hold(email, gate);
    }

    Instant now() {
        return clock.instant();
    }

    void pass(Duration time) {
        passed.updateAndGet(time::plus);
    }

    void grant(long amount) {
        credits.grant(Workspaces.MAIN, Grant.of(ids.next(), amount, "test"));
    }

    void spendAll() {
        store.database()
                .write(handle -> ledger.post(handle, Workspaces.MAIN, posting -> {
                    for (int i = 0; i < 100; i++) {
                        posting.reserve("spent " + i, "test");
                        posting.settle("spent " + i);
                    }
                    return true;
                }));
    }

    /** Has the contacts judged by this workflow from now on. */
    void judgeBy(String workflowId) {
        assertThat(connections.setWorkflow(
                        By.COMMAND.in(Workspaces.MAIN), connection().id(), workflowId))
                .isTrue();
    }

    /** Workflow, version, decision, rule and message of each verification. */
    List<String> decisions() {
        return column("""
                select workflow_id || ' ' || workflow_version || ' ' || decision || ' by ' || rule || ': ' || message
                from verification order by id""");
    }

    /** Stores verifications of the main workspace as some earlier time left them. */
    void insert(VerdictRows.Row... rows) {
        VerdictRows.insert(store.database(), Workspaces.MAIN, List.of(rows));
    }

    Rejudged rejudge(Rejudging.Mode mode) {
        return rejudge(Rejudging.VERDICTS_MAX, mode);
    }

    Rejudged rejudge(int verdicts, Rejudging.Mode mode) {
        return new Rejudging(store.database(), workflows, ids, clock, "9.9.9").run(Workspaces.MAIN, verdicts, mode);
    }

    /** The program's versions that judged again. */
    List<String> engines() {
        return column("select engine from verification order by id");
    }

    void execute(String sql) {
        store.database().write(handle -> handle.execute(sql));
    }

    Connection connection() {
        return connections.all().getFirst();
    }

    void mend() {
        reconnect();
        pipeline.released(connection().id());
    }

    void awaitWritten(String objectId) {
        await().atMost(SOON).until(() -> crm.written.containsKey(objectId));
    }

    /** Waits until the events, in the order of their arrival, are in these states, each with its reason behind it. */
    void awaitStates(String... states) {
        await().atMost(SOON).untilAsserted(() -> assertThat(column("""
                        select state || case when reason in ('', 'joined', 'known', 'unchanged') then '' else ' ' || reason end
                        from event order by id
                        """)).containsExactly(states));
    }

    List<String> billings() {
        return column("select billing from usage_log order by verification_id");
    }

    List<String> storedEmails() {
        return column("select email from verification");
    }

    int quarantined() {
        return column("select id from delivery where state = 'quarantined'").size();
    }

    /** Available, reserved, spent. */
    String balance() {
        var balance = ledger.balance(Workspaces.MAIN);
        return balance.available() + " " + balance.reserved() + " " + balance.spent();
    }

    @Override
    public void close() {
        pipeline.close();
        store.close();
    }

    private List<String> column(String sql) {
        return store.database()
                .read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }
}
