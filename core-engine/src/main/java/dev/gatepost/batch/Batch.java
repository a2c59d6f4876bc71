package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.verify.Label;
import dev.gatepost.workspace.KeyKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A customer's list as it stands.
 *
 * @param kind whether a test key handed it in
 * @param columns names of the list's own columns, in their order
 * @param emailColumn the one with the addresses; empty where texts alone were given
 * @param workflowName as it was called when the list came
 * @param finishedAt null before its end
 */
public record Batch(
        String id,
        String workspaceId,
        KeyKind kind,
        String name,
        ListFormat format,
        List<String> columns,
        String emailColumn,
        String workflowId,
        String workflowName,
        BatchState state,
        Rows rows,
        Tally tally,
        Instant createdAt,
        @Nullable Instant finishedAt) {
    /** How long a list and its rows are kept (reliability L3). */
    public static final Duration KEPT = Duration.ofDays(30);

    /** Most rows of one list. */
    public static final int ROWS_MAX = 1_000_000;

    private static final int PERCENT = 100;

    public Batch {
        requireNonNull(id, "id");
        requireNonNull(workspaceId, "workspaceId");
        columns = List.copyOf(columns);
    }

    /**
     * What the list holds. {@code all} is {@code unique + duplicates + noAddress}.
     *
     * @param unique different addresses, each of which is verified once
     * @param duplicates rows with an address that a row before has
     * @param noAddress rows without any
     * @param notAnAddress of the unique ones, texts that are no addresses
     */
    public record Rows(long all, long unique, long duplicates, long noAddress, long notAnAddress) {
        static final Rows NONE = new Rows(0, 0, 0, 0, 0);
    }

    /**
     * What has become of the addresses.
     *
     * @param labels addresses with a final answer
     * @param givenUp addresses whose checking failed again and again through faults of ours
     * @param erased addresses that were erased since
     * @param reused answers from the freshness window, which cost nothing
     * @param credits taken so far
     */
    public record Tally(long open, Map<Label, Long> labels, long givenUp, long erased, long reused, long credits) {
        public Tally {
            labels = Map.copyOf(labels);
        }

        /** Addresses with a final answer. */
        public long done() {
            return labels.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** When it is removed with all its rows. */
    public Instant expiresAt() {
        return createdAt.plus(KEPT);
    }

    /** Share of the addresses for which nothing more is to be done, in percent, rounded down. */
    public int progress() {
        return rows.unique() == 0 ? PERCENT : (int) ((rows.unique() - tally.open()) * PERCENT / rows.unique());
    }

    /** What it costs at most: one credit for each different address. */
    public long creditsEstimate() {
        return kind == KeyKind.TEST ? 0 : rows.unique();
    }

    /** What an address's credit is taken under (reliability C3). */
    static String chargeKey(String batchId, String normalized) {
        return "bulk:" + batchId + ":" + normalized;
    }
}
