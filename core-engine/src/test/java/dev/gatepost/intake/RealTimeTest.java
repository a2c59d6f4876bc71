package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.hook.Outbox;
import dev.gatepost.hook.Subscriptions;
import dev.gatepost.intake.RealTime.Ask;
import dev.gatepost.intake.RealTime.Outcome;
import dev.gatepost.ledger.Balance;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.rules.Workflow;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Trust;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.store.Stores;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.workspace.Idempotency;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.MasterKey;
import dev.gatepost.workspace.Secrets;
import dev.gatepost.workspace.Workspaces;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many callers at once, whose work is written together. */
@ParameterizedClass
@EnumSource(Dialect.class)
class RealTimeTest {
    private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    private final InstantSource clock = () -> Instant.now().plus(ahead.get());
    private final List<String> verified = new CopyOnWriteArrayList<>();
    private final Stores store;
    private final Ledger ledger;
    private final RealTime realTime;

    RealTimeTest(Dialect dialect) {
        store = Stores.fresh(dialect);
        new Workspaces(store.database(), clock).ensureMain();
        var key = MasterKey.parse(Base64.getEncoder()
                .encodeToString("a key for tests, 32 bytes long..".getBytes(StandardCharsets.UTF_8)));
        var secrets = Secrets.open(store.database(), key, new SecureRandom());
        var ids = new Ids(clock, new Random(1));
        ledger = new Ledger(store.database(), key.derive("charge keys"), clock);
        realTime = new RealTime(new RealTimeParts(
                store.database(),
                ledger,
                new Outbox(new Subscriptions(store.database(), secrets, ids, clock, new SecureRandom()), ids, clock),
                new Idempotency(secrets, clock),
                (request, _) -> verify(request),
                (_, _) -> Optional.of(Workflow.STANDARD),
                bytes -> ByteString.of(bytes).sha256().toByteArray(),
                List.of(),
                Duration.ofHours(24),
                ids,
                clock));
    }

    @AfterEach
    void close() {
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        realTime.close();
        store.close();
    }

    private Verification verify(VerifyRequest request) {
        verified.add(request.text());
        List<Evidence> evidence = List.of(
                new Evidence.MailHosts(List.of("mx.example.org"), false, "", Trust.HIGH, List.of(), ""),
                new Evidence.RecipientAnswered(
                        "mx.example.org", new Reply(250, "2.1.5", "fine"), ReplyMeaning.ACCEPT, AcceptAll.NO, false));
        var at = request.text().indexOf('@');
        return new Verification(
                request.id(),
                request.text(),
                at < 0 ? "" : request.text(),
                at < 0 ? "" : request.text().substring(at + 1),
                evidence,
                Verdict.of(evidence),
                clock.instant(),
                Duration.ofMillis(1));
    }

    private void grant(long credits) {
        store.database()
                .<Boolean>write(handle ->
                        ledger.post(handle, Workspaces.MAIN, posting -> posting.grant(Grant.of("g", credits, "test"))));
    }

    private Outcome ask(String email, Optional<Asked> once, Function<Settled, String> body) {
        return realTime.verify(
                new Ask(Workspaces.MAIN, "key", KeyKind.LIVE, email, "", Duration.ofSeconds(20), once), body);
    }

    private Outcome ask(String email) {
        return ask(email, Optional.empty(), Settled::toString);
    }

    private static <T> List<T> atOnce(List<Callable<T>> calls) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = new ArrayList<T>();
            for (var each : threads.invokeAll(calls)) {
                results.add(each.get());
            }
            return results;
        }
    }

    private static List<Billing> billings(List<Outcome> outcomes) {
        return outcomes.stream()
                .map(outcome -> ((Outcome.Done) outcome).settled().billing())
                .toList();
    }

    private long rows(String table) {
        return store.database()
                .<Long>read(handle -> handle.createQuery("select count(*) from " + table)
                        .mapTo(Long.class)
                        .one());
    }

    @Test
    @DisplayName("C3, C4: fifty calls at once on a balance of one charge exactly one, and ask nobody for the others")
    void neverSpendsACreditTwice() throws Exception {
        grant(1);

        var outcomes = atOnce(IntStream.range(0, 50)
                .<Callable<Outcome>>mapToObj(i -> () -> ask("person" + i + "@example.org"))
                .toList());

        assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.NoCredits.class::isInstance).hasSize(49);
        assertThat(verified).hasSize(1);
        assertThat(ledger.balance(Workspaces.MAIN)).isEqualTo(new Balance(0, 0, 1));
        assertThat(rows("verification")).isOne();
        assertThat(rows("usage_log where billing = 'charged'")).isOne();
        assertThat(rows("usage_log where billing = 'insufficient_credits'")).isEqualTo(49);
        assertThat(rows("realtime")).isZero();
    }

    @Test
    @DisplayName("J4: bulk work is cut into short pieces once somebody has called")
    void makesBulkWorkStandBack() {
        grant(1);
        var contacts = Collections.nCopies(100, "contact");
        assertThat(store.database().portions(contacts)).hasSize(1);

        ask("ann@example.org");

        assertThat(store.database().portions(contacts)).hasSizeGreaterThan(1);
    }

    @Test
    @DisplayName("C5: calls that end together each get their own answer, credit and usage row")
    void keepsApartWhatIsWrittenTogether() throws Exception {
        grant(1_000);

        var outcomes = atOnce(IntStream.range(0, 400)
                .<Callable<String>>mapToObj(i -> () -> {
                    var done = (Outcome.Done) ask("person" + i + "@example.org");
                    return i + " " + done.settled().judged().verification().email();
                })
                .toList());

        assertThat(outcomes)
                .containsExactlyElementsOf(IntStream.range(0, 400)
                        .mapToObj(i -> i + " person" + i + "@example.org")
                        .toList());
        assertThat(ledger.balance(Workspaces.MAIN)).isEqualTo(new Balance(600, 0, 400));
        assertThat(rows("usage_log")).isEqualTo(400);
        assertThat(rows("realtime")).isZero();
    }

    @Test
    @DisplayName("C6: the same address asked for many times at once is charged once")
    void chargesTheSameAddressOnce() throws Exception {
        grant(100);

        var outcomes = atOnce(IntStream.range(0, 40)
                .<Callable<Outcome>>mapToObj(i -> () -> ask("jane@example.org"))
                .toList());

        assertThat(billings(outcomes)).filteredOn(Billing.CHARGED::equals).hasSize(1);
        assertThat(billings(outcomes)).filteredOn(Billing.REUSED::equals).hasSize(39);
        assertThat(ledger.balance(Workspaces.MAIN)).isEqualTo(new Balance(99, 0, 1));
        assertThat(rows("usage_log")).isEqualTo(40);
    }

    @Test
    @DisplayName("C6: asked again an hour later, as by a Zap that is replayed, it costs nothing; a day later it does")
    void chargesAgainOnlyAfterTheFreshnessWindow() {
        grant(5);
        assertThat(billings(List.of(ask("jane@example.org")))).containsExactly(Billing.CHARGED);

        ahead.set(Duration.ofHours(1));
        assertThat(billings(List.of(ask("jane@example.org"), ask("Jane@EXAMPLE.org"))))
                .containsExactly(Billing.REUSED, Billing.REUSED);
        ahead.set(Duration.ofHours(23).plusMinutes(59));
        assertThat(billings(List.of(ask("jane@example.org"))))
                .as("being reused makes it no fresher")
                .containsExactly(Billing.REUSED);
        assertThat(verified).hasSize(1);
        assertThat(ledger.balance(Workspaces.MAIN)).isEqualTo(new Balance(4, 0, 1));

        ahead.set(Duration.ofHours(24).plusMinutes(1));
        assertThat(billings(List.of(ask("jane@example.org")))).containsExactly(Billing.CHARGED);
        assertThat(ledger.balance(Workspaces.MAIN)).isEqualTo(new Balance(3, 0, 2));
    }

    @Test
    @DisplayName("K2: same requests at once with one Idempotency-Key verify once")
    void verifiesOnceForOneIdempotencyKey() throws Exception {
        grant(10);
        var once = Optional.of(new Asked(Workspaces.MAIN, "POST /v1/verify", "order 17", "hash"));

        var outcomes = atOnce(IntStream.range(0, 20)
                .<Callable<Outcome>>mapToObj(i -> () -> ask("jane@example.org", once, _ -> "the answer"))
                .toList());

        assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(1);
        assertThat(outcomes)
                .filteredOn(outcome -> !(outcome instanceof Outcome.Done))
                .allMatch(outcome ->
                        outcome instanceof Outcome.Running || outcome.equals(new Outcome.Replayed(200, "the answer")));
        assertThat(ask("jane@example.org", once, _ -> "another")).isEqualTo(new Outcome.Replayed(200, "the answer"));
        assertThat(ledger.balance(Workspaces.MAIN)).isEqualTo(new Balance(9, 0, 1));
    }

    @Test
    void failsForNobodyButTheOneThatFails() throws Exception {
        grant(100);

        var outcomes = atOnce(IntStream.range(0, 30)
                .<Callable<String>>mapToObj(i -> () -> {
                    if (i % 10 != 0) {
                        return ask("person" + i + "@example.org").getClass().getSimpleName();
                    }
                    assertThatThrownBy(() -> ask("person" + i + "@example.org", Optional.empty(), _ -> {
                                throw new IllegalStateException("no words for " + i);
                            }))
                            .hasMessage("no words for " + i);
                    return "failed";
                })
                .toList());

        assertThat(outcomes).filteredOn("failed"::equals).hasSize(3);
        assertThat(outcomes).filteredOn("Done"::equals).hasSize(27);
        // Those that failed keep their credit set aside: they are taken up again.
        assertThat(ledger.balance(Workspaces.MAIN)).isEqualTo(new Balance(70, 3, 27));
        assertThat(rows("realtime")).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(
            value = KeyKind.class,
            names = {"LIVE", "TEST"})
    @DisplayName("K3: what a process that died had begun is ended by another, whose answer the same request then gets")
    void endsWhatADeadProcessHadBegun(KeyKind kind) {
        grant(1);
        var once = new Asked(Workspaces.MAIN, "POST /v1/verify", "order 17", "hash");
        var ask = new Ask(
                Workspaces.MAIN,
                "key",
                kind,
                "valid@gatepost.test",
                "",
                Duration.ofSeconds(20),
                "https://hooks.example.org/x",
                Optional.of(once),
                Reuse.ALLOWED);
        assertThatThrownBy(() -> realTime.verify(ask, _ -> {
                    throw new IllegalStateException("dies before the answer is stored");
                }))
                .hasMessageStartingWith("dies");
        assertThat(realTime.verify(ask, Settled::toString)).isEqualTo(new Outcome.Running());

        ahead.set(OpenChecks.HELD.plusSeconds(1));
        realTime.start();
        await().atMost(Duration.ofSeconds(60)).until(() -> rows("idempotency where state = 'done'") == 1);

        assertThat(realTime.verify(ask, Settled::toString))
                .isInstanceOfSatisfying(
                        Outcome.Replayed.class,
                        replayed ->
                                assertThat(replayed.body()).contains("\"reason\":\"accepted\"", "valid@gatepost.test"));
        assertThat(rows("realtime")).isZero();
        assertThat(rows("verification where source = '" + (kind == KeyKind.TEST ? "test" : "api") + "'"))
                .isOne();
        assertThat(ledger.balance(Workspaces.MAIN))
                .isEqualTo(kind == KeyKind.TEST ? new Balance(1, 0, 0) : new Balance(0, 0, 1));
    }
}
