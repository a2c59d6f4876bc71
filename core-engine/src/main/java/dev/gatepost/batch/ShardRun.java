package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

import dev.gatepost.batch.BatchRows.Due;
import dev.gatepost.batch.BatchRows.Move;
import dev.gatepost.batch.BatchRows.State;
import dev.gatepost.batch.BatchRows.Window;
import dev.gatepost.batch.BatchTable.Count;
import dev.gatepost.intake.Billing;
import dev.gatepost.intake.BulkBooks.Ask;
import dev.gatepost.intake.BulkBooks.Begun;
import dev.gatepost.intake.BulkBooks.Client;
import dev.gatepost.intake.BulkBooks.Ended;
import dev.gatepost.intake.BulkBooks.Seen;
import dev.gatepost.intake.Settled;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.verify.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off what is due of one part of a list: sets credits aside, has the addresses verified side by side, settles what has
 * come back. One runs in the cluster for each part; one thread runs it, and only {@link #stop()} may be called from others.
 */
final class ShardRun {
    /** Verifications of one part under way at once. */
    private static final int UNDER_WAY_MAX = 256;

    /** Of them at one domain: enough for its groups of recipients, and not all, since it may be slow. */
    private static final int AT_ONE_DOMAIN_MAX = 128;

    /** Rows begun in one transaction: some milliseconds of the writer. */
    private static final int BEGUN_MAX = 100;

    /** After so long others get their turn, if any wait. */
    private static final Duration TURN_MAX = Duration.ofMinutes(1);

    private static final Duration WAIT_MAX = Duration.ofMillis(250);

    /** How often work on a row may be cut off by the end of the process before it is given up (reliability J3). */
    private static final int STARTS_MAX = 10;

    /** How long a row is left alone after a fault of ours; it counts as a start. */
    private static final Duration FAULT_WAIT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(ShardRun.class);

    private final BatchParts parts;
    private final BatchTable table;
    private final ShardName name;
    private final Batch batch;
    private final Places places;
    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Map<Long, Due> running = new HashMap<>();
    private volatile boolean stopping;

    /**
     * What it shares with the others on this node.
     *
     * @param verifications how many may be under way
     * @param isCrowded whether some part of a list waits for its turn
     */
    record Places(Semaphore verifications, BooleanSupplier isCrowded) {}

    ShardRun(BatchParts parts, BatchTable table, ShardName name, Batch batch, Places places) {
        this.parts = requireNonNull(parts, "parts");
        this.table = requireNonNull(table, "table");
        this.name = requireNonNull(name, "name");
        this.batch = requireNonNull(batch, "batch");
        this.places = requireNonNull(places, "places");
    }

    /** Something that ends the wait of a turn. */
    private sealed interface Signal {
        record Wake() implements Signal {}

        record Done(Due row, Verification verification) implements Signal {}

        record Fault(Due row, RuntimeException cause) implements Signal {}
    }

    /** Ends it after its present turn; what is under way is taken up again at the next start. */
    void stop() {
        stopping = true;
        signals.add(new Signal.Wake());
    }

    /** Works until nothing is due and nothing is under way, or others are to have their turn. */
    void run() throws InterruptedException {
        var end = System.nanoTime() + TURN_MAX.toNanos();
        try {
            while (!stopping) {
                var isOver = System.nanoTime() - end >= 0 && places.isCrowded().getAsBoolean();
                var begun = !isOver && begin();
                if (!begun && running.isEmpty()) {
                    return;
                }
                settle(begun ? drained() : await());
            }
        } finally {
            places.verifications().release(running.size());
        }
    }

    /** Whether there may be more to begin. */
    private boolean begin() {
        var rows = due();
        var taken = taken(rows.size());
        if (taken == 0) {
            return false;
        }
        var isRunning = true;
        var unused = taken;
        try {
            var client = client();
            for (var portion : parts.database().portions(rows.subList(0, taken))) {
                parts.database().awaitTurn(portion.size());
                if (stopping) {
                    return false;
                }
                var begun = parts.database().write(new Beginning(portion)::begin);
                unused -= begun.go().size();
                start(client, begun.go());
                isRunning &= begun.isRunning();
            }
        } finally {
            places.verifications().release(unused);
        }
        return isRunning;
    }

    private void start(Client client, List<Due> rows) {
        for (var row : rows) {
            running.put(row.number(), row);
            Thread.ofVirtual().name("batch-", 0).start(() -> signals.add(verify(client, row)));
        }
    }

    /**
     * What came of a beginning.
     *
     * @param isRunning whether the list is worked on at all
     * @param go the rows to verify
     */
    private record Started(boolean isRunning, List<Due> go) {}

    private int taken(int wanted) {
        for (int n = wanted; n > 0; n /= 2) {
            if (places.verifications().tryAcquire(n)) {
                return n;
            }
        }
        return 0;
    }

    private List<Due> due() {
        var room = Math.min(BEGUN_MAX, UNDER_WAY_MAX - running.size());
        if (room <= 0) {
            return List.of();
        }
        var now = parts.clock().instant();
        var perDomain = new HashMap<>(
                running.values().stream().collect(Collectors.groupingBy(Due::domain, Collectors.counting())));
        var full = perDomain.entrySet().stream()
                .filter(each -> each.getValue() >= AT_ONE_DOMAIN_MAX)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        List<Due> rows = parts.database()
                .read(handle -> BatchTable.standing(handle, batch.id())
                        .dueAfter()
                        .map(after -> BatchRows.due(handle, name, full, new Window(after, now), room + running.size()))
                        .orElse(List.of()));
        return rows.stream()
                .filter(row -> !running.containsKey(row.number()))
                .filter(row -> perDomain.merge(row.domain(), 1L, Long::sum) <= AT_ONE_DOMAIN_MAX)
                .limit(room)
                .toList();
    }

    /** Looked up anew, since the workflow may be saved again while the list is worked off. */
    private Client client() {
        var workflow = parts.books()
                .workflow(batch.workspaceId(), batch.workflowId())
                .or(() -> parts.books().workflow(batch.workspaceId(), ""))
                .orElse(Workflow.STANDARD);
        return new Client(batch.workspaceId(), batch.kind(), workflow);
    }

    private Ask ask(Due row) {
        return new Ask(row.verificationId(), row.email(), Batch.chargeKey(batch.id(), row.normalized()), row.checks());
    }

    /** The transaction before the first packet. */
    private final class Beginning {
        private final List<Due> rows;

        Beginning(List<Due> rows) {
            this.rows = rows;
        }

        private Started begin(Handle handle) {
            var dueAfter = BatchTable.standing(handle, batch.id()).dueAfter();
            if (dueAfter.isEmpty()) {
                return new Started(false, List.of());
            }
            var now = parts.clock().instant();
            var begun = new HashMap<Ask, Due>();
            var count = new Count();
            rows.stream().filter(row -> row.starts() >= STARTS_MAX).forEach(row -> giveUp(handle, row, count));
            var living = rows.stream()
                    .filter(row -> row.starts() < STARTS_MAX)
                    .filter(row -> row.dueAt().isAfter(dueAfter.get()))
                    .map(row -> row.begun(
                            row.verificationId().isEmpty() ? parts.ids().next() : row.verificationId()))
                    .toList();
            BatchRows.begin(handle, batch.id(), living).forEach(row -> begun.put(ask(row), row));
            var go = go(handle, begun, count);
            table.count(handle, name, count, now);
            return new Started(true, go);
        }

        private List<Due> go(Handle handle, Map<Ask, Due> begun, Count count) {
            var go = new ArrayList<Due>();
            var moves = new ArrayList<Move>();
            var isShort = false;
            var asks = begun.entrySet().stream()
                    .sorted(Map.Entry.comparingByValue((a, b) -> Long.compare(a.number(), b.number())))
                    .map(Map.Entry::getKey)
                    .toList();
            for (var each : parts.books().begin(handle, client(), asks)) {
                switch (each) {
                    case Begun.Go(var ask) -> go.add(requireNonNull(begun.get(ask)));
                    case Begun.Known(var ask, var settled) -> {
                        moves.add(ended(requireNonNull(begun.get(ask)), ask.checks()));
                        counted(count, settled);
                    }
                    case Begun.NoCredits(var ask) -> {
                        isShort = true;
                        moves.add(unbegun(requireNonNull(begun.get(ask))));
                    }
                }
            }
            BatchRows.move(handle, batch.id(), moves);
            if (isShort) {
                BatchTable.moveTo(handle, batch.id(), BatchState.RUNNING, BatchState.WAITING_CREDITS);
            }
            return go;
        }

        /** For lack of credits nothing was done, which is no start. */
        private Move unbegun(Due row) {
            return new Move(
                    row.number(),
                    State.DUE,
                    row.checks(),
                    row.starts() - 1,
                    parts.clock().instant());
        }
    }

    private static Move ended(Due row, int checks) {
        return new Move(row.number(), State.DONE, checks, row.starts(), null);
    }

    private void giveUp(Handle handle, Due row, Count count) {
        if (!row.verificationId().isEmpty()) {
            parts.books().giveUp(handle, batch.workspaceId(), ask(row));
        }
        BatchRows.move(
                handle, batch.id(), List.of(new Move(row.number(), State.GIVEN_UP, row.checks(), row.starts(), null)));
        count.add("open", -1).add("given_up", 1);
    }

    private static void counted(Count count, Settled settled) {
        count.add("open", -1);
        count.label(settled.judged().verification().verdict().label());
        if (settled.billing() == Billing.REUSED) {
            count.add("reused", 1);
        }
        if (settled.credits() > 0) {
            count.add("credits", settled.credits());
        }
    }

    private Signal verify(Client client, Due row) {
        try {
            return new Signal.Done(row, parts.books().verify(client, ask(row)));
        } catch (RuntimeException e) {
            return new Signal.Fault(row, e);
        }
    }

    private List<Signal> await() throws InterruptedException {
        var first = signals.poll(WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        var all = new ArrayList<Signal>();
        if (first != null) {
            all.add(first);
        }
        signals.drainTo(all);
        return all;
    }

    private List<Signal> drained() {
        var all = new ArrayList<Signal>();
        signals.drainTo(all);
        return all;
    }

    private void settle(List<Signal> arrived) {
        var seen = new HashMap<Due, Verification>();
        for (var signal : arrived) {
            switch (signal) {
                case Signal.Wake _ -> {
                    // looks again anyway
                }
                case Signal.Done(var row, var verification) -> seen.put(row, verification);
                case Signal.Fault(var row, var cause) -> fault(row, cause);
            }
        }
        if (!seen.isEmpty()) {
            parts.database()
                    .writeEach(parts.database().portions(List.copyOf(seen.keySet())).stream()
                            .<Database.Work<Boolean>>map(portion -> handle -> store(handle, portion, seen))
                            .toList());
            seen.keySet().forEach(this::leave);
        }
    }

    private void leave(Due row) {
        if (running.remove(row.number()) != null) {
            places.verifications().release();
        }
    }

    /**
     * The commit after the last packet (reliability C5): verdict, decision, credit, usage, messages and the row together. A
     * row that is gone, or that somebody else finished, leaves nothing (J2).
     */
    private boolean store(Handle handle, List<Due> portion, Map<Due, Verification> seen) {
        var now = parts.clock().instant();
        var held = BatchRows.hold(
                handle,
                batch.id(),
                portion.stream().map(Due::number).sorted().toList(),
                parts.database().dialect().forUpdate());
        var rows = new HashMap<String, Due>();
        var all = new ArrayList<Seen>();
        for (var row : portion) {
            if (held.contains(row.number())) {
                rows.put(row.verificationId(), row);
                all.add(new Seen(ask(row), requireNonNull(seen.get(row))));
            }
        }
        var count = new Count();
        var moves = new ArrayList<Move>();
        for (var ended : parts.books().end(handle, client(), all)) {
            var row = requireNonNull(rows.get(ended.ask().verificationId()));
            moves.add(moved(row, ended));
            if (ended.isFinal()) {
                counted(count, ended.settled());
            }
        }
        BatchRows.move(handle, batch.id(), moves);
        table.count(handle, name, count, now);
        return true;
    }

    private static Move moved(Due row, Ended ended) {
        return ended.isFinal()
                ? ended(row, ended.checks())
                : new Move(row.number(), State.DUE, ended.checks(), 0, ended.nextCheckAt());
    }

    private void fault(Due row, RuntimeException cause) {
        LOG.error("verification failed batch={} verification={}", batch.id(), row.verificationId(), cause);
        var at = parts.clock().instant().plus(FAULT_WAIT);
        parts.database().write(handle -> {
            BatchRows.move(
                    handle, batch.id(), List.of(new Move(row.number(), State.DUE, row.checks(), row.starts(), at)));
            return true;
        });
        leave(row);
    }
}
