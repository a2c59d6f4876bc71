package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.Simulation.Change;
import dev.gatepost.intake.Simulation.Shift;
import dev.gatepost.rules.Condition;
import dev.gatepost.rules.Outcome;
import dev.gatepost.rules.Rule;
import dev.gatepost.rules.Subject;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Tries a workflow on the latest stored verdicts, without a probe, a credit or a change. Reads them in pages by key, newest
 * first, so that a million of them need no memory, and no reading transaction is long. Safe for any thread.
 */
public final class Simulator {
    /** Most verdicts of one simulation. */
    public static final int VERDICTS_MAX = 1_000_000;

    /** Most rows looked through for the verdicts of one connection or workflow. */
    static final int ROWS_MAX = 4_000_000;

    /** Changed contacts that are named; the others are counted. */
    public static final int CHANGES_SHOWN_MAX = 100;

    /** Rows read in one transaction: some 50 ms. */
    static final int PAGE_ROWS = 20_000;

    /** All of it lies in one index on SQLite, so that no evidence is read to get at it. */
    static final String PAGE = """
            select verified_at, id, reason, score, traits, domain, normalized, provider, decision, connection_id,
                workflow_id, rule
            from verification
            where workspace_id = ? and (verified_at, id) < (?, ?) and source <> 'test'
            order by verified_at desc, id desc
            limit ?
            """;

    private static final Map<String, Reason> REASONS =
            Arrays.stream(Reason.values()).collect(Collectors.toUnmodifiableMap(Reason::code, Function.identity()));
    private static final Map<String, Outcome> OUTCOMES =
            Arrays.stream(Outcome.values()).collect(Collectors.toUnmodifiableMap(Outcome::word, Function.identity()));

    private final Database database;

    public Simulator(Database database) {
        this.database = requireNonNull(database, "database");
    }

    /**
     * Which verdicts to look at.
     *
     * @param connectionId only these contacts; empty for all
     * @param workflowId only what this workflow decided; empty for all
     * @param verdicts how many, the latest, 1 to {@link #VERDICTS_MAX}
     */
    public record Scope(String workspaceId, String connectionId, String workflowId, int verdicts) {
        public Scope {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(connectionId, "connectionId");
            requireNonNull(workflowId, "workflowId");
            if (verdicts < 1 || verdicts > VERDICTS_MAX) {
                throw new IllegalArgumentException("verdicts must be 1-" + VERDICTS_MAX);
            }
        }
    }

    /** What {@code workflow} would change. */
    public Simulation simulate(Scope scope, Workflow workflow) {
        var run = new Run(scope, workflow);
        while (!run.isOver()) {
            database.read(handle -> {
                run.page(handle);
                return true;
            });
        }
        return run.simulation();
    }

    /** One simulation under way. For one thread. */
    private static final class Run {
        private final Scope scope;
        private final Workflow workflow;
        private final boolean looksAtDomain;
        private final boolean looksAtAddress;
        private final boolean looksAtProvider;
        private final Map<String, Set<Trait>> traits = new HashMap<>();
        private final Map<Outcome, Map<Outcome, Count>> shifts = new EnumMap<>(Outcome.class);
        private final List<Change> changes = new ArrayList<>();
        private long verdicts;
        private long rows;
        private long oldest;
        private Key last = new Key(Long.MAX_VALUE, "");
        private boolean over;

        /** Counts up. */
        private static final class Count {
            long value;
        }

        /** Where the next page begins. */
        private record Key(long verifiedAt, String id) {}

        Run(Scope scope, Workflow workflow) {
            this.scope = scope;
            this.workflow = workflow;
            for (var before : Outcome.values()) {
                var row = new EnumMap<Outcome, Count>(Outcome.class);
                for (var after : Outcome.values()) {
                    row.put(after, new Count());
                }
                shifts.put(before, row);
            }
            var conditions = workflow.rules().stream().map(Rule::when).toList();
            this.looksAtDomain = conditions.stream().anyMatch(each -> has(each, Condition.DomainIn.class));
            this.looksAtAddress = conditions.stream().anyMatch(each -> has(each, Condition.AddressIn.class));
            this.looksAtProvider = conditions.stream().anyMatch(each -> has(each, Condition.ProviderIn.class));
        }

        private static boolean has(Condition condition, Class<? extends Condition> kind) {
            return kind.isInstance(condition)
                    || switch (condition) {
                        case Condition.All(var each) -> each.stream().anyMatch(inner -> has(inner, kind));
                        case Condition.Any(var each) -> each.stream().anyMatch(inner -> has(inner, kind));
                        case Condition.Not(var inner) -> has(inner, kind);
                        case Condition.StatusIn _,
                                Condition.HasTrait _,
                                Condition.ScoreBelow _,
                                Condition.ReasonIn _,
                                Condition.DomainIn _,
                                Condition.AddressIn _,
                                Condition.ProviderIn _ -> false;
                    };
        }

        boolean isOver() {
            return over;
        }

        /** Reads through JDBC itself: only what the rules look at is fetched of each of the many rows. */
        void page(Handle handle) {
            try (var statement = handle.getConnection().prepareStatement(PAGE)) {
                statement.setString(1, scope.workspaceId());
                statement.setLong(2, last.verifiedAt());
                statement.setString(3, last.id());
                statement.setInt(4, PAGE_ROWS);
                try (var row = statement.executeQuery()) {
                    var read = 0;
                    while (row.next() && verdicts < scope.verdicts()) {
                        read++;
                        if (read == PAGE_ROWS) {
                            last = new Key(row.getLong(1), row.getString(2));
                        }
                        if (isWanted(row)) {
                            look(row, handle);
                        }
                    }
                    rows += read;
                    over = read < PAGE_ROWS || verdicts == scope.verdicts() || rows >= ROWS_MAX;
                }
            } catch (SQLException e) {
                throw new IllegalStateException("the stored verdicts cannot be read", e);
            }
        }

        private boolean isWanted(ResultSet row) throws SQLException {
            return (scope.connectionId().isEmpty() || scope.connectionId().equals(row.getString(10)))
                    && (scope.workflowId().isEmpty() || scope.workflowId().equals(row.getString(11)));
        }

        private void look(ResultSet row, Handle handle) throws SQLException {
            verdicts++;
            oldest = row.getLong(1);
            var verdict = new Verdict(
                    known(REASONS, row.getString(3)),
                    traits.computeIfAbsent(row.getString(5), Run::traits),
                    row.getInt(4),
                    List.of());
            var decision = workflow.decide(new Subject(
                    verdict,
                    looksAtAddress ? row.getString(7) : "",
                    looksAtDomain ? row.getString(6) : "",
                    looksAtProvider ? row.getString(8) : ""));
            var before = known(OUTCOMES, row.getString(9));
            var after = known(OUTCOMES, decision.word());
            known(known(shifts, before), after).value++;
            if (before != after && changes.size() < CHANGES_SHOWN_MAX) {
                var id = row.getString(2);
                var who = Who.of(handle, id);
                if (!who.isErased()) {
                    changes.add(new Change(
                            id,
                            who.email(),
                            row.getString(10),
                            who.objectId(),
                            before,
                            row.getString(12),
                            after,
                            decision.rule(),
                            decision.message()));
                }
            }
        }

        private static <K, T> T known(Map<K, T> words, K word) {
            var found = words.get(word);
            if (found == null) {
                throw new IllegalStateException("unknown word in a stored verdict: " + word);
            }
            return found;
        }

        private static Set<Trait> traits(String words) {
            return words.isEmpty()
                    ? Set.of()
                    : Arrays.stream(words.split(" "))
                            .map(word -> Trait.valueOf(word.toUpperCase(Locale.ROOT)))
                            .collect(Collectors.toUnmodifiableSet());
        }

        Simulation simulation() {
            var all = new ArrayList<Shift>();
            shifts.forEach(
                    (before, row) -> row.forEach((after, count) -> all.add(new Shift(before, after, count.value))));
            return new Simulation(verdicts, all, changes, Instant.ofEpochMilli(oldest));
        }
    }

    /** Whom a verification is about; read only for those that are shown. */
    private record Who(String email, String objectId) {
        static Who of(Handle handle, String verificationId) {
            return handle.createQuery("select email, object_id from verification where id = :id")
                    .bind("id", verificationId)
                    .map((row, _) -> new Who(row.getString("email"), row.getString("object_id")))
                    .one();
        }

        boolean isErased() {
            return email.isEmpty();
        }
    }
}
