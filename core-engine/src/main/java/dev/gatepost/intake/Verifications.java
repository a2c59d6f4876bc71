package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.store.Padded;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verdict.ScoreStep;
import dev.gatepost.verify.Verification;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The tables {@code verification} and {@code usage_log}. */
public final class Verifications {
    private final UsageRows usage = new UsageRows();

    /** Who asked, and where the answer goes. */
    record Origin(String workspaceId, String source, String connectionId, String objectId, String chargeKey) {
        Origin {
            requireNonNull(workspaceId, "workspaceId");
        }
    }

    /**
     * A verification as stored, as far as lists and write-backs show it.
     *
     * @param workflowVersion 0 for a workflow that was never saved
     * @param message what the customer wants said about the decision; may be empty
     * @param checks how often the address was asked so far
     */
    public record Row(
            String id,
            String workspaceId,
            String connectionId,
            String objectId,
            String email,
            String normalized,
            String status,
            String label,
            int score,
            String reason,
            List<String> traits,
            String suggestion,
            String workflowId,
            int workflowVersion,
            String workflowName,
            String decision,
            String rule,
            String message,
            Finality finality,
            int checks,
            @Nullable Instant nextCheckAt,
            String billing,
            int credits,
            String chargeKey,
            Instant verifiedAt,
            Duration took) {
        public boolean has(Trait trait) {
            return traits.contains(trait.word());
        }
    }

    private static final String COLUMNS = """
            id, workspace_id, connection_id, object_id, email, normalized, status, label, score, reason, traits,
            suggestion, workflow_id, workflow_version, workflow_name, decision, rule, message, final, checks, next_check_at, billing, credits, charge_key,
            verified_at, duration_ms
            """;

    /**
     * An answer to be stored.
     *
     * @param checks how often the address was asked so far
     * @param reusedFrom the verification whose evidence this one repeats, or empty
     */
    record Answer(
            Origin origin,
            Settled settled,
            int checks,
            @Nullable Instant nextCheckAt,
            String reusedFrom) {}

    /** As {@link #store(Handle, List)}, for one. */
    boolean store(Handle handle, Answer answer) {
        return store(handle, List.of(answer)).getFirst();
    }

    /**
     * Stores first answers, or what later checks of the same verifications brought. An answer that is final stays as it is,
     * whoever comes second (reliability C5); false for those of which that is so.
     */
    List<Boolean> store(Handle handle, List<Answer> answers) {
        if (answers.isEmpty()) {
            return List.of();
        }
        var rows = new VerificationBatch(handle);
        answers.forEach(rows::add);
        var stored = rows.store();
        usage.add(
                handle,
                IntStream.range(0, answers.size())
                        .filter(stored::get)
                        .mapToObj(answers::get)
                        .toList());
        return stored;
    }

    /** One verification. */
    public Optional<Row> find(Handle handle, String id) {
        return handle.createQuery("select " + COLUMNS + " from verification where id = :id")
                .bind("id", id)
                .map((row, _) -> row(row))
                .findOne();
    }

    /** Whether the contact was verified again since, with the same address. */
    boolean isSuperseded(Handle handle, Row row) {
        return handle.createQuery("""
                        select count(*) from verification
                        where connection_id = :connection and object_id = :object and normalized = :normalized
                            and (verified_at, id) > (:at, :id)
                        """)
                        .bind("connection", row.connectionId())
                        .bind("object", row.objectId())
                        .bind("normalized", row.normalized())
                        .bind("at", row.verifiedAt().toEpochMilli())
                        .bind("id", row.id())
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** The latest verifications of a workspace, newest first. */
    public List<Row> latest(Handle handle, String workspaceId, int limit) {
        return handle.createQuery("select " + COLUMNS + """
                         from verification where workspace_id = :workspace and source <> 'test' order by verified_at desc, id desc limit :limit
                        """)
                .bind("workspace", workspaceId)
                .bind("limit", limit)
                .map((row, _) -> row(row))
                .list();
    }

    /** A final, known answer for the address in this workspace since {@code since}, with its evidence; the newest. */
    Optional<Known> known(Handle handle, String workspaceId, String normalized, Instant since) {
        return Optional.ofNullable(
                known(handle, workspaceId, List.of(normalized), since).get(normalized));
    }

    /** As above for some addresses; those without such an answer are missing. */
    Map<String, Known> known(Handle handle, String workspaceId, Collection<String> normalized, Instant since) {
        var known = new HashMap<String, Known>();
        for (var part : Padded.parts(normalized)) {
            answering(handle, "v.normalized, v.id, v.domain, v.evidence, v.verified_at", workspaceId, part, since)
                    .map((row, _) -> Map.entry(
                            row.getString("normalized"),
                            new Known(
                                    row.getString("id"),
                                    row.getString("domain"),
                                    row.getString("evidence"),
                                    Instant.ofEpochMilli(row.getLong("verified_at")))))
                    .forEach(each -> known.put(each.getKey(), each.getValue()));
        }
        return known;
    }

    /** As above, the verifications' ids alone. */
    Map<String, String> knownIds(Handle handle, String workspaceId, Collection<String> normalized, Instant since) {
        var known = new HashMap<String, String>();
        for (var part : Padded.parts(normalized)) {
            answering(handle, "v.normalized, v.id, v.verified_at", workspaceId, part, since)
                    .map((row, _) -> Map.entry(row.getString("normalized"), row.getString("id")))
                    .forEach(each -> known.put(each.getKey(), each.getValue()));
        }
        return known;
    }

    /**
     * Oldest first. The addresses are the outer loop, which {@code cross join} says to SQLite: of a long list in
     * {@code in (…)} it would think that reading the whole window is cheaper.
     */
    private static Query answering(
            Handle handle, String columns, String workspaceId, List<String> normalized, Instant since) {
        var query = handle.createQuery("with wanted (normalized) as (values "
                + String.join(", ", Collections.nCopies(normalized.size(), "(?)")) + ") select " + columns + """
                 from wanted cross join verification v
                where v.workspace_id = ? and v.normalized = wanted.normalized and v.verified_at > ?
                    and v.final = 1 and v.status <> 'unknown' and v.reused_from = '' and v.source <> 'test'
                order by v.verified_at
                """);
        for (int i = 0; i < normalized.size(); i++) {
            query.bind(i, normalized.get(i));
        }
        return query.bind(normalized.size(), workspaceId).bind(normalized.size() + 1, since.toEpochMilli());
    }

    /** A stored verification with its evidence, to be judged again; empty when it is gone or erased. */
    Optional<Verification> stored(Handle handle, String id) {
        return handle.createQuery("""
                        select email, normalized, domain, evidence, verified_at, duration_ms from verification
                        where id = :id and email <> ''
                        """)
                .bind("id", id)
                .map((row, _) -> {
                    var evidence = EvidenceJson.read(row.getString("evidence"));
                    return new Verification(
                            id,
                            row.getString("email"),
                            row.getString("normalized"),
                            row.getString("domain"),
                            evidence,
                            Verdict.of(evidence),
                            Instant.ofEpochMilli(row.getLong("verified_at")),
                            Duration.ofMillis(row.getLong("duration_ms")));
                })
                .findOne();
    }

    /** An earlier verification of the same address. */
    record Known(String id, String domain, String evidence, Instant verifiedAt) {}

    /** Ends a verification that will not be asked again; what was set aside for it is given back by the caller. */
    void close(Handle handle, String id) {
        handle.createUpdate("""
                        update verification set final = 1, next_check_at = null, billing = 'not_charged_unknown'
                        where id = :id and final = 0
                        """).bind("id", id).execute();
        usage.close(handle, id);
    }

    /** Removes the address, and all that tells of it, from a stored verification (reliability L4). */
    int erase(Handle handle, String id) {
        return handle.createUpdate("""
                        update verification set email = '', normalized = '', domain = '', suggestion = '', mx = '',
                            evidence = '[]', charge_key = '', final = 1, next_check_at = null
                        where id = :id
                        """).bind("id", id).execute();
    }

    /** The latest known answer about a contact, if it is final and for this address. */
    Optional<String> lastAnswered(Handle handle, String connectionId, String objectId, String normalized) {
        return handle.createQuery("""
                        select id, normalized, status, final from verification
                        where connection_id = :connection and object_id = :object
                        order by verified_at desc, id desc limit 1
                        """)
                .bind("connection", connectionId)
                .bind("object", objectId)
                .map((row, _) -> row.getString("normalized").equals(normalized)
                                && row.getInt("final") == 1
                                && !row.getString("status").equals("unknown")
                        ? row.getString("id")
                        : "")
                .findOne()
                .filter(id -> !id.isEmpty());
    }

    /** The newest verification of a contact's address. */
    Optional<Row> latestOf(Handle handle, String connectionId, String objectId, String normalized) {
        return handle.createQuery("select " + COLUMNS + """
                         from verification
                        where connection_id = :connection and object_id = :object and normalized = :normalized
                        order by verified_at desc, id desc limit 1
                        """)
                .bind("connection", connectionId)
                .bind("object", objectId)
                .bind("normalized", normalized)
                .map((row, _) -> row(row))
                .findOne();
    }

    /** A stored verification as one to repeat; empty when it is gone or erased. */
    Optional<Known> knownAs(Handle handle, String id) {
        return handle.createQuery("""
                        select id, domain, evidence, verified_at from verification where id = :id and email <> ''
                        """)
                .bind("id", id)
                .map((row, _) -> new Known(
                        row.getString("id"),
                        row.getString("domain"),
                        row.getString("evidence"),
                        Instant.ofEpochMilli(row.getLong("verified_at"))))
                .findOne();
    }

    static String steps(List<ScoreStep> steps) {
        return steps.stream().map(step -> step.reason() + " " + step.delta()).collect(Collectors.joining(","));
    }

    private static Row row(ResultSet row) throws SQLException {
        var nextCheck = row.getLong("next_check_at");
        var none = row.wasNull();
        var traits = row.getString("traits");
        return new Row(
                row.getString("id"),
                row.getString("workspace_id"),
                row.getString("connection_id"),
                row.getString("object_id"),
                row.getString("email"),
                row.getString("normalized"),
                row.getString("status"),
                row.getString("label"),
                row.getInt("score"),
                row.getString("reason"),
                traits.isEmpty() ? List.of() : List.of(traits.split(" ")),
                row.getString("suggestion"),
                row.getString("workflow_id"),
                row.getInt("workflow_version"),
                row.getString("workflow_name"),
                row.getString("decision"),
                row.getString("rule"),
                row.getString("message"),
                row.getInt("final") == 1 ? Finality.FINAL : Finality.OPEN,
                row.getInt("checks"),
                none ? null : Instant.ofEpochMilli(nextCheck),
                row.getString("billing"),
                row.getInt("credits"),
                row.getString("charge_key"),
                Instant.ofEpochMilli(row.getLong("verified_at")),
                Duration.ofMillis(row.getLong("duration_ms")));
    }
}
