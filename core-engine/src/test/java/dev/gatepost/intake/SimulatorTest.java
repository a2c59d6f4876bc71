package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.intake.Simulation.Change;
import dev.gatepost.intake.Simulator.Scope;
import dev.gatepost.intake.VerdictRows.Row;
import dev.gatepost.rules.Condition;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.ReadyMade;
import dev.gatepost.rules.Rule;
import dev.gatepost.rules.Subject;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class SimulatorTest {
    private static final Workflow NO_FREE = Workflow.draft(
            "No free",
            List.of(new Rule("no free", new Condition.HasTrait(Trait.FREE), Outcome.REJECT, "Not free ones.")),
            Outcome.ACCEPT,
            "");

    private final Stores store;
    private final Simulator simulator;

    SimulatorTest(Dialect dialect) {
        store = Stores.fresh(dialect);
        simulator = new Simulator(store.database());
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void leavesOutWhatTestKeysAskedFor() {
        insert(
                row("1", "", "ann@gmail.com", "accept", Trait.FREE),
                row("2", "", "bob@gmail.com", "accept", Trait.FREE));
        store.database().write(handle -> handle.execute("update verification set source = 'test' where id = '2'"));

        var simulation = simulator.simulate(all(100), NO_FREE);

        assertThat(simulation.verdicts()).isEqualTo(1);
        assertThat(simulation.changed()).isEqualTo(1);
    }

    @Test
    void saysWhoWouldBeDecidedOtherwiseAndBecauseOfWhichRule() {
        insert(
                row("1", "c1", "ann@gmail.com", "accept", Trait.FREE),
                row("2", "c1", "bob@acme.io", "accept"),
                row("3", "", "eve@gmail.com", "reject", Trait.FREE));

        var simulation = simulator.simulate(all(100), NO_FREE);

        assertThat(simulation.verdicts()).isEqualTo(3);
        assertThat(simulation.changed()).isEqualTo(1);
        assertThat(simulation.before(Outcome.ACCEPT)).isEqualTo(2);
        assertThat(simulation.after(Outcome.ACCEPT)).isEqualTo(1);
        assertThat(simulation.after(Outcome.REJECT)).isEqualTo(2);
        assertThat(simulation.oldest()).isEqualTo(Instant.ofEpochMilli(1));
        assertThat(simulation.changes())
                .containsExactly(new Change(
                        "1",
                        "ann@gmail.com",
                        "c1",
                        "o1",
                        Outcome.ACCEPT,
                        "old rule",
                        Outcome.REJECT,
                        "no free",
                        "Not free ones."));
    }

    @Test
    void looksAtTheLatestOnly() {
        insert(
                row("1", "c1", "ann@gmail.com", "accept", Trait.FREE),
                row("2", "c1", "bob@gmail.com", "accept", Trait.FREE),
                row("3", "c1", "eve@gmail.com", "accept", Trait.FREE));

        var simulation = simulator.simulate(all(2), NO_FREE);

        assertThat(simulation.verdicts()).isEqualTo(2);
        assertThat(simulation.changes()).extracting(Change::verificationId).containsExactly("3", "2");
    }

    @Test
    void looksAtOneConnectionOrOneWorkflowOfOneWorkspace() {
        insert(
                row("1", "c1", "ann@gmail.com", "accept", Trait.FREE),
                row("2", "c2", "bob@gmail.com", "accept", Trait.FREE));
        VerdictRows.insert(
                store.database(), "other", List.of(row("9", "c1", "foreign@gmail.com", "accept", Trait.FREE)));

        assertThat(simulator.simulate(new Scope("main", "c2", "", 100), NO_FREE).changes())
                .extracting(Change::email)
                .containsExactly("bob@gmail.com");
        assertThat(simulator
                        .simulate(new Scope("main", "", "w-c1", 100), NO_FREE)
                        .changes())
                .extracting(Change::email)
                .containsExactly("ann@gmail.com");
        assertThat(simulator.simulate(new Scope("main", "c9", "", 100), NO_FREE).verdicts())
                .isZero();
    }

    @Test
    void countsButDoesNotNameWhoWasErased() {
        insert(row("1", "c1", "ann@gmail.com", "accept", Trait.FREE));
        store.database()
                .write(handle -> handle
                        .createQuery("select id from verification where connection_id = 'c1' and object_id = 'o1'")
                        .mapTo(String.class)
                        .list()
                        .stream()
                        .mapToInt(id -> new Verifications().erase(handle, id))
                        .sum());

        var simulation = simulator.simulate(all(100), NO_FREE);

        assertThat(simulation.changed()).isEqualTo(1);
        assertThat(simulation.changes()).isEmpty();
    }

    @Test
    void namesTheFirstHundredAndCountsTheOthers() {
        var rows = new ArrayList<Row>();
        for (int i = 0; i < 150; i++) {
            rows.add(row("%03d".formatted(i), "c1", "a" + i + "@gmail.com", "accept", Trait.FREE));
        }
        VerdictRows.insert(store.database(), "main", rows);

        var simulation = simulator.simulate(all(1_000), NO_FREE);

        assertThat(simulation.changed()).isEqualTo(150);
        assertThat(simulation.changes()).hasSize(Simulator.CHANGES_SHOWN_MAX);
    }

    @Test
    void decidesAsTheWorkflowItselfWouldAcrossPages() {
        var seed = 20261125L;
        var random = new Random(seed);
        var rows = new ArrayList<Row>();
        for (int i = 0; i < Simulator.PAGE_ROWS + 1_234; i++) {
            rows.add(random(random, i));
        }
        VerdictRows.insert(store.database(), "main", rows);
        var lists = Workflow.draft(
                "Lists",
                List.of(
                        new Rule(
                                "them",
                                new Condition.Any(List.of(
                                        new Condition.DomainIn(Set.of("d1.org")),
                                        new Condition.AddressIn(Set.of("a7@d2.org")),
                                        new Condition.ProviderIn(Set.of("Gmail")))),
                                Outcome.FLAG),
                        new Rule("low", new Condition.ScoreBelow(30), Outcome.REJECT)),
                Outcome.ACCEPT,
                "");

        for (var workflow : List.of(lists, NO_FREE, ReadyMade.PAYING)) {
            var changed = rows.stream()
                    .filter(row -> !workflow.decide(subject(row)).word().equals(row.decision()))
                    .count();
            var rejected = rows.stream()
                    .filter(row -> workflow.decide(subject(row)).word().equals("reject"))
                    .count();
            var simulation = simulator.simulate(all(Simulator.VERDICTS_MAX), workflow);

            assertThat(simulation.verdicts()).isEqualTo(rows.size());
            assertThat(simulation.changed())
                    .as("seed %d, %s", seed, workflow.name())
                    .isEqualTo(changed);
            assertThat(simulation.after(Outcome.REJECT)).isEqualTo(rejected);
        }
    }

    /** Evidence is most of a row; a million of them would have to be read from the disk. */
    @Test
    void readsAnIndexAloneOnSqlite() {
        if (store.dialect() != Dialect.SQLITE) {
            return;
        }

        List<String> plan = store.database()
                .read(handle -> handle.createQuery("explain query plan " + Simulator.PAGE)
                        .bind(0, "main")
                        .bind(1, 5L)
                        .bind(2, "x")
                        .bind(3, 10)
                        .map((row, _) -> row.getString("detail"))
                        .list());

        assertThat(plan)
                .singleElement()
                .asString()
                .contains("COVERING INDEX verification_latest (workspace_id=? AND (verified_at,id)<(?,?))");
    }

    @Test
    void changesNothing() {
        insert(row("1", "c1", "ann@gmail.com", "accept", Trait.FREE));
        var before = dump();

        simulator.simulate(all(100), NO_FREE);

        assertThat(dump()).isEqualTo(before);
    }

    @Test
    void refusesToLookAtMoreThanAMillion() {
        assertThatThrownBy(() -> all(1_000_001)).hasMessage("verdicts must be 1-1000000");
        assertThatThrownBy(() -> all(0)).hasMessage("verdicts must be 1-1000000");
    }

    private List<String> dump() {
        return store.database()
                .read(handle -> handle.createQuery("select decision || rule || workflow_version from verification")
                        .mapTo(String.class)
                        .list());
    }

    private static Scope all(int verdicts) {
        return new Scope("main", "", "", verdicts);
    }

    private void insert(Row... rows) {
        VerdictRows.insert(store.database(), "main", List.of(rows));
    }

    private static Subject subject(Row row) {
        return new Subject(row.verdict(), row.email(), row.domain(), row.provider());
    }

    private static Row random(Random random, int i) {
        var traits = EnumSet.noneOf(Trait.class);
        for (var trait : Trait.values()) {
            if (random.nextInt(5) == 0) {
                traits.add(trait);
            }
        }
        var reasons = Reason.values();
        var decision = List.of(Outcome.values()).get(random.nextInt(3)).name().toLowerCase(Locale.ROOT);
        return new Row(
                "%08d".formatted(i),
                "c1",
                "o" + i,
                "a" + random.nextInt(50) + "@d" + random.nextInt(9) + ".org",
                new Verdict(reasons[random.nextInt(reasons.length)], traits, random.nextInt(101), List.of()),
                random.nextInt(3) == 0 ? "Gmail" : "",
                "standard",
                1,
                decision,
                "r",
                List.of(),
                random.nextInt(1_000));
    }

    private static Row row(String id, String connection, String email, String decision, Trait... traits) {
        return new Row(
                id,
                connection,
                connection.isEmpty() ? "" : "o" + id,
                email,
                VerdictRows.verdict(Reason.ACCEPTED, 90, traits),
                "",
                "w-" + connection,
                1,
                decision,
                "old rule",
                List.of(),
                Integer.parseInt(id));
    }
}
