package dev.gatepost.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatepost.batch.Batches.Received;
import dev.gatepost.batch.Batches.Wanted;
import dev.gatepost.hook.Consumer;
import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.Hooks;
import dev.gatepost.hook.Outbox;
import dev.gatepost.hook.SubscriptionDraft;
import dev.gatepost.hook.Subscriptions;
import dev.gatepost.intake.BulkBooks;
import dev.gatepost.intake.Credits;
import dev.gatepost.intake.Erasure;
import dev.gatepost.intake.RealTimeParts;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.store.JobTable;
import dev.gatepost.store.Stores;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.ToldVerifier;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Idempotency;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.MasterKey;
import dev.gatepost.workspace.Secrets;
import dev.gatepost.workspace.Workspaces;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/** Lists on a real store, with mail hosts that answer as told. */
final class BatchWorld implements AutoCloseable {
    static final By SOMEBODY = new By(Workspaces.MAIN, "key-1", "127.0.0.1");
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Transactions that look up the workflow fail when this many of them are over; never when it is negative. */
    final AtomicInteger untilCrash = new AtomicInteger(-1);

    final Stores store;
    final Ledger ledger;
    private final AtomicReference<Duration> passed = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(passed.get());
    private final ToldVerifier verifier = new ToldVerifier(clock);

    /** Addresses asked, in their order. */
    final List<String> verified = verifier.verified;

    /** What is seen of an address at its first, second, ... check; the last one stays. */
    final Map<String, List<Evidence>> answers = verifier.answers;

    private final Ids ids = new Ids(clock, new Random(1));
    private final Secrets secrets;
    private final Outbox outbox;
    private final Subscriptions subscriptions;
    private final Erasure erasure;
    private final List<Node> nodes = new ArrayList<>();

    /** One process with its own job table, which on SQLite only the test can have twice. */
    private record Node(
            BatchParts parts, Batches batches, @Nullable HikariDataSource jobs) {}

    BatchWorld(Dialect dialect) {
        store = Stores.fresh(dialect);
        new Workspaces(store.database(), clock).ensureMain();
        var key = MasterKey.parse(Base64.getEncoder()
                .encodeToString("a key for tests, 32 bytes long..".getBytes(StandardCharsets.UTF_8)));
        secrets = Secrets.open(store.database(), key, new SecureRandom());
        ledger = new Ledger(store.database(), key.derive("charge keys"), clock);
        subscriptions = new Subscriptions(store.database(), secrets, ids, clock, new SecureRandom());
        outbox = new Outbox(subscriptions, ids, clock);
        erasure = new Erasure(new Erasure.Parts(store.database(), ledger, outbox, BatchWorld::keyedHash, ids, clock));
        erasure.alsoFrom(Batches.keeper(store.database(), outbox, clock));
        node();
    }

    private static byte[] keyedHash(byte[] bytes) {
        return ByteString.of(bytes).sha256().toByteArray();
    }

    /** One more node on the same store, not yet started. */
    Batches node() {
        var jobs = store.dialect() == Dialect.SQLITE
                ? JobTable.fresh(store.folder().resolve("jobs-" + nodes.size() + ".db"))
                : null;
        var parts = new BatchParts(
                store.database(),
                jobs == null ? store.database().jobs() : jobs,
                new BulkBooks(new RealTimeParts(
                        store.database(),
                        ledger,
                        outbox,
                        new Idempotency(secrets, clock),
                        (request, _) -> verifier.verify(request),
                        (_, id) -> workflow(id),
                        BatchWorld::keyedHash,
                        List.of(Duration.ofMinutes(1), Duration.ofMinutes(5)),
                        Duration.ofHours(24),
                        ids,
                        clock)),
                outbox,
                new Idempotency(secrets, clock),
                new AuditLog(ids, clock),
                ids,
                clock);
        var batches = new Batches(parts);
        nodes.add(new Node(parts, batches, jobs));
        return batches;
    }

    /** What the present node is built from. */
    BatchParts parts() {
        return nodes.getLast().parts();
    }

    private Optional<Workflow> workflow(String id) {
        if (untilCrash.get() >= 0 && untilCrash.getAndDecrement() == 0) {
            throw new IllegalStateException("the process ends here");
        }
        return id.isEmpty() || id.equals("standard") ? Optional.of(Workflow.STANDARD) : Optional.empty();
    }

    Batches batches() {
        return nodes.getLast().batches();
    }

    void start() {
        batches().start();
    }

    /** Cuts off everything under way, and goes on as a new process would. */
    void restart() {
        batches().close();
        node().start();
    }

    Batch hand(String csv) {
        return hand(ListFormat.CSV, csv, KeyKind.LIVE);
    }

    Batch hand(ListFormat format, String text, KeyKind kind) {
        return ((Received.Taken) receive(format, text, kind, Optional.empty())).batch();
    }

    Received receive(ListFormat format, String text, KeyKind kind, Optional<Asked> once) {
        try {
            return batches()
                    .receive(
                            new Wanted(SOMEBODY, kind, "leads", format, "", "", ""),
                            new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                            () -> once,
                            batch -> BatchJson.of(batch).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Batch now(Batch batch) {
        return batches().find(Workspaces.MAIN, batch.kind(), batch.id()).orElseThrow();
    }

    Batch awaitState(Batch batch, BatchState state) {
        await().atMost(SOON).untilAsserted(() -> assertThat(now(batch).state()).isEqualTo(state));
        return now(batch);
    }

    Batch awaitEnd(Batch batch) {
        return awaitState(batch, BatchState.FINISHED);
    }

    /** The table of results: the customer's cells, then label, reason and billing. */
    List<String> results(Batch batch) {
        var results = batches().results();
        var columns = results.columns(batch);
        var rows = new ArrayList<String>();
        results.table(
                batch,
                cells -> rows.add(
                        String.join(",", cells.subList(0, batch.columns().size()))
                                + " > "
                                + cells.get(columns.indexOf("label"))
                                + " "
                                + cells.get(columns.indexOf("reason"))
                                + " "
                                + cells.get(columns.indexOf("billing"))));
        return rows;
    }

    List<String> lines(Batch batch) {
        var lines = new ArrayList<String>();
        batches().results().lines(batch, lines::add);
        return lines;
    }

    void hold(String email, CountDownLatch gate) {
        verifier.hold(email, gate);
    }

    void pass(Duration time) {
        passed.updateAndGet(time::plus);
    }

    void grant(long amount) {
        new Credits(store.database(), ledger, clock).grant(Workspaces.MAIN, Grant.of(ids.next(), amount, "test"));
    }

    int erase(String email) {
        return erasure.address(email, new By(Workspaces.MAIN, "tester", "cli"));
    }

    /** Somebody wants to be told of lists from now on. */
    void subscribe() {
        var hooks = new Hooks(new Hooks.HookParts(
                store.database(),
                JobTable.fresh(store.folder().resolve("hook-jobs.db")),
                subscriptions,
                outbox,
                _ -> new OkHttpClient(),
                _ -> {
                    throw new IllegalStateException("nothing is called here");
                },
                Set.of(),
                "test",
                clock,
                new Random(1)));
        store.database()
                .write(handle -> hooks.subscribe(
                        handle,
                        By.COMMAND.in("main"),
                        new SubscriptionDraft(
                                Workspaces.MAIN,
                                "https://example.com/hook",
                                Set.of(HookEvent.BATCH_FINISHED),
                                "",
                                Set.of(),
                                Consumer.GENERIC,
                                "")));
        hooks.changed();
    }

    /** Available, reserved, spent. */
    String balance() {
        var balance = ledger.balance(Workspaces.MAIN);
        return balance.available() + " " + balance.reserved() + " " + balance.spent();
    }

    List<String> column(String sql) {
        return store.database()
                .read(handle -> handle.createQuery(sql).mapTo(String.class).list());
    }

    /** How often each address was asked. */
    Map<String, Integer> asked() {
        var asked = new HashMap<String, Integer>();
        verified.forEach(each -> asked.merge(each, 1, Integer::sum));
        return asked;
    }

    @Override
    public void close() {
        verifier.close();
        nodes.forEach(node -> node.batches().close());
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        nodes.forEach(node -> {
            if (node.jobs() != null) {
                node.jobs().close();
            }
        });
        store.close();
    }
}
