package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.Rejudged.Change;
import dev.gatepost.intake.Rejudged.View;
import dev.gatepost.rules.Decision;
import dev.gatepost.rules.Subject;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import dev.gatepost.workspace.StoredWorkflow;
import dev.gatepost.workspace.StoredWorkflows;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Judges stored evidence by today's engine: no probe, no credit. What the customer's rules make of the new verdict is
 * decided by the very version of the workflow that decided before, so that only the engine's change shows. Safe for any
 * thread.
 *
 * <p>Applying writes verdict and decision where they stand, and has the contact's CRM told again unless a newer verification
 * of the contact is there. The usage log stays: it says what was answered and charged at the time.
 */
public final class Rejudging {
    /** Most verdicts of one run. */
    public static final int VERDICTS_MAX = 1_000_000;

    /** Changed verdicts that are named; the others are counted. */
    public static final int CHANGES_SHOWN_MAX = 100;

    /** Verdicts of one transaction; evidence is some kilobytes, and the writer must not be held up. */
    private static final int PAGE_ROWS = 200;

    private static final String PAGE = """
            select id, connection_id, object_id, email, normalized, domain, provider, status, label, score, reason, traits,
                decision, rule, workflow_id, workflow_version, evidence, verified_at
            from verification
            where workspace_id = :workspace and (verified_at, id) < (:at, :id) and final = 1 and email <> '' and source <> 'test'
            order by verified_at desc, id desc
            limit :limit
            """;

    private final Database database;
    private final StoredWorkflows workflows;
    private final Events events;
    private final InstantSource clock;
    private final String engine;

    /**
     * @param engine version of this program, noted with each verdict that is applied
     */
    public Rejudging(Database database, StoredWorkflows workflows, Ids ids, InstantSource clock, String engine) {
        this.database = requireNonNull(database, "database");
        this.workflows = requireNonNull(workflows, "workflows");
        this.events = new Events(ids);
        this.clock = requireNonNull(clock, "clock");
        this.engine = requireNonNull(engine, "engine");
    }

    /** What to do about verdicts that come out otherwise. */
    public enum Mode {
        /** Only say which. */
        LIST,
        /** Write them, and tell the CRMs. */
        APPLY
    }

    /** Judges the latest {@code verdicts} of a workspace again, 1 to {@link #VERDICTS_MAX}. */
    public Rejudged run(String workspaceId, int verdicts, Mode mode) {
        if (verdicts < 1 || verdicts > VERDICTS_MAX) {
            throw new IllegalArgumentException("verdicts must be 1-" + VERDICTS_MAX);
        }
        var run = new Run(workspaceId, mode);
        var at = Long.MAX_VALUE;
        var id = "";
        var left = verdicts;
        while (left > 0) {
            var page = page(workspaceId, at, id, Math.min(left, PAGE_ROWS));
            if (page.isEmpty()) {
                break;
            }
            run.judge(page);
            left -= page.size();
            at = page.getLast().verifiedAt();
            id = page.getLast().id();
        }
        return run.outcome();
    }

    private List<Stored> page(String workspaceId, long at, String id, int limit) {
        return database.read(handle -> handle.createQuery(PAGE)
                .bind("workspace", workspaceId)
                .bind("at", at)
                .bind("id", id)
                .bind("limit", limit)
                .map((row, _) -> Stored.from(row))
                .list());
    }

    /** A verification as it stands in the table. */
    private record Stored(
            String id,
            String connectionId,
            String objectId,
            String email,
            String normalized,
            String domain,
            String provider,
            View view,
            String workflowId,
            int workflowVersion,
            String evidence,
            long verifiedAt) {
        static Stored from(ResultSet row) throws SQLException {
            return new Stored(
                    row.getString("id"),
                    row.getString("connection_id"),
                    row.getString("object_id"),
                    row.getString("email"),
                    row.getString("normalized"),
                    row.getString("domain"),
                    row.getString("provider"),
                    new View(
                            row.getString("label"),
                            row.getString("status"),
                            row.getString("reason"),
                            row.getInt("score"),
                            row.getString("traits"),
                            row.getString("decision"),
                            row.getString("rule")),
                    row.getString("workflow_id"),
                    row.getInt("workflow_version"),
                    row.getString("evidence"),
                    row.getLong("verified_at"));
        }
    }

    /** A stored verification and what is thought of it today. */
    private record Differing(Stored stored, Verdict verdict, Decision decision) {
        View view() {
            return new View(
                    verdict.label().word(),
                    verdict.status().word(),
                    verdict.reason().code(),
                    verdict.score(),
                    verdict.traits().stream().map(Trait::word).sorted().collect(Collectors.joining(" ")),
                    decision.word(),
                    decision.rule());
        }

        boolean isSame() {
            return view().equals(stored.view());
        }
    }

    /** One run under way. For one thread. */
    private final class Run {
        private final String workspaceId;
        private final Mode mode;
        private final Map<String, Workflow> versions = new HashMap<>();
        private final List<Change> changes = new ArrayList<>();
        private long looked;
        private long changed;
        private long decisionsChanged;
        private long unreadable;
        private long applied;
        private long toWriteBack;

        Run(String workspaceId, Mode mode) {
            this.workspaceId = workspaceId;
            this.mode = mode;
        }

        void judge(List<Stored> page) {
            var differing = new ArrayList<Differing>();
            for (var stored : page) {
                verdict(stored)
                        .map(verdict -> new Differing(stored, verdict, decision(stored, verdict)))
                        .filter(judged -> !judged.isSame())
                        .ifPresent(differing::add);
            }
            looked += page.size();
            differing.forEach(this::note);
            if (mode == Mode.APPLY && !differing.isEmpty()) {
                apply(differing);
            }
        }

        private Optional<Verdict> verdict(Stored stored) {
            try {
                return Optional.of(Verdict.of(EvidenceJson.read(stored.evidence())));
            } catch (IllegalStateException _) {
                unreadable++; // damaged, or of a newer version: it stays as it was judged
                return Optional.empty();
            }
        }

        private Decision decision(Stored stored, Verdict verdict) {
            return versions.computeIfAbsent(stored.workflowId() + " " + stored.workflowVersion(), _ -> workflow(stored))
                    .decide(new Subject(verdict, stored.normalized(), stored.domain(), stored.provider()));
        }

        /** Version 0 is what was built in before workflows were stored. */
        private Workflow workflow(Stored stored) {
            return stored.workflowVersion() == 0
                    ? Workflow.STANDARD
                    : workflows
                            .version(workspaceId, stored.workflowId(), stored.workflowVersion())
                            .map(StoredWorkflow::workflow)
                            .orElse(Workflow.STANDARD);
        }

        private void note(Differing differing) {
            var stored = differing.stored();
            changed++;
            if (!differing.view().isSameDecision(stored.view())) {
                decisionsChanged++;
            }
            if (changes.size() < CHANGES_SHOWN_MAX) {
                changes.add(new Change(
                        stored.id(),
                        stored.email(),
                        stored.connectionId(),
                        stored.objectId(),
                        stored.view(),
                        differing.view()));
            }
        }

        private void apply(List<Differing> differing) {
            var now = clock.instant();
            var written = database.write(handle -> {
                var done = new Written(0, 0);
                for (var each : differing) {
                    if (update(handle, each)) {
                        done = done.and(tellAgain(handle, each.stored(), now) ? 1 : 0);
                    }
                }
                return done;
            });
            applied += written.rows();
            toWriteBack += written.events();
        }

        private boolean tellAgain(Handle handle, Stored stored, Instant now) {
            if (stored.connectionId().isEmpty() || stored.objectId().isEmpty() || !isNewest(handle, stored)) {
                return false;
            }
            new Verifications().find(handle, stored.id()).ifPresent(row -> events.tellAgain(handle, row, now));
            return true;
        }

        Rejudged outcome() {
            return new Rejudged(looked, changed, decisionsChanged, unreadable, applied, toWriteBack, changes);
        }
    }

    private record Written(int rows, int events) {
        Written and(int moreEvents) {
            return new Written(rows + 1, events + moreEvents);
        }
    }

    /** Only while it is what was judged: a check that came meanwhile has newer evidence. */
    private boolean update(Handle handle, Differing differing) {
        var stored = differing.stored();
        var view = differing.view();
        return handle.createUpdate("""
                                update verification set status = :status, label = :label, score = :score,
                                    reason = :reason, traits = :traits, steps = :steps, decision = :decision,
                                    rule = :rule, message = :message, engine = :engine
                                where id = :id and verified_at = :at and final = 1 and evidence = :evidence
                                """)
                        .bind("status", view.status())
                        .bind("label", view.label())
                        .bind("score", view.score())
                        .bind("reason", view.reason())
                        .bind("traits", view.traits())
                        .bind("steps", Verifications.steps(differing.verdict().steps()))
                        .bind("decision", view.decision())
                        .bind("rule", view.rule())
                        .bind("message", differing.decision().message())
                        .bind("engine", engine)
                        .bind("id", stored.id())
                        .bind("at", stored.verifiedAt())
                        .bind("evidence", stored.evidence())
                        .execute()
                == 1;
    }

    /** Whether the contact was not verified again since (reliability P4), and its connection is still there. */
    private static boolean isNewest(Handle handle, Stored stored) {
        return handle.createQuery("""
                        select count(*) from connection where id = :connection and not exists (
                            select 1 from verification newer
                            where newer.connection_id = :connection and newer.object_id = :object
                                and (newer.verified_at, newer.id) > (:at, :id))
                        """)
                        .bind("connection", stored.connectionId())
                        .bind("object", stored.objectId())
                        .bind("at", stored.verifiedAt())
                        .bind("id", stored.id())
                        .mapTo(Integer.class)
                        .one()
                == 1;
    }
}
