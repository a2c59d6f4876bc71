package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.LatelyRead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Has a CRM told of what a drain has decided, one call's worth at a time, while the drain reads and verifies the next
 * contacts. What was decided just now goes out before what waits in the table, whose queue may be long. For the drain's
 * thread.
 */
final class Announcing {
    /** How long an interrupted call to the CRM may take to come back. */
    private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(5);

    private final DrainTools tools;
    private final Telling telling;
    private final int batchMax;
    private final Consumer<Told> told;
    /** Decided and not told yet, in order. */
    private final Set<String> decided = new LinkedHashSet<>();

    private Set<String> underWay = Set.of();
    private Thread thread = Thread.ofVirtual().unstarted(() -> {});
    private Duration lastTook = Duration.ZERO;

    /** The CRM was told, or could not be for a fault of ours. */
    record Told(Duration took, Optional<RuntimeException> fault) {}

    /**
     * @param batchMax contacts of one call
     * @param told is called from another thread when the CRM was told; {@link #ended} must follow
     */
    Announcing(DrainTools tools, Telling telling, int batchMax, Consumer<Told> told) {
        this.tools = requireNonNull(tools, "tools");
        this.telling = requireNonNull(telling, "telling");
        this.batchMax = batchMax;
        this.told = requireNonNull(told, "told");
    }

    /** These events were decided. */
    void decided(Collection<String> ids) {
        decided.addAll(ids);
    }

    /**
     * Begins to tell, if nothing is being told.
     *
     * @param due what the table says is due, in any state
     * @return whether it began
     */
    boolean begin(List<EventRow> due) {
        if (!underWay.isEmpty()) {
            return false;
        }
        var next = next(due);
        if (next.isEmpty()) {
            return false;
        }
        underWay = next.keySet();
        decided.removeAll(underWay);
        var events = List.copyOf(next.values());
        thread = Thread.ofVirtual().name("tell-", 0).start(() -> told.accept(tell(events)));
        return true;
    }

    private Map<String, EventRow> next(List<EventRow> due) {
        var next = new LinkedHashMap<String, EventRow>();
        var ids = decided.stream().limit(batchMax).toList();
        var rows = ids.isEmpty()
                ? List.<EventRow>of()
                : tools.database().read(handle -> tools.events().byIds(handle, ids));
        var all = new ArrayList<>(rows);
        all.addAll(due);
        all.stream()
                .filter(event -> event.state() == EventState.DECIDED)
                .takeWhile(_ -> next.size() < batchMax)
                .forEach(event -> next.put(event.id(), event));
        ids.forEach(decided::remove); // those in another state are no longer ours to tell
        return next;
    }

    private Told tell(List<EventRow> events) {
        var began = System.nanoTime();
        Optional<RuntimeException> fault;
        try {
            telling.tell(events);
            fault = Optional.empty();
        } catch (RuntimeException e) {
            fault = Optional.of(e);
        }
        return new Told(Duration.ofNanos(System.nanoTime() - began), fault);
    }

    /** To be called once for each that was told. */
    void ended(Told done) {
        underWay = Set.of();
        lastTook = done.took();
    }

    /** Events the CRM is being told of; empty when it is not. */
    Set<String> underWay() {
        return underWay;
    }

    /** Whether something is to be told, or is being told. */
    boolean isBusy() {
        return !underWay.isEmpty() || !decided.isEmpty();
    }

    /**
     * Whether these contacts are to be read by now. While the CRM is told of others only a full call's worth is, since what
     * comes meanwhile shares one call, and only if it is told of soon, or it would have to be read again.
     */
    boolean takesMore(List<EventRow> next) {
        boolean isQuick = lastTook.compareTo(LatelyRead.AGE_MAX) < 0 && decided.size() < batchMax;
        return underWay.isEmpty() || (isQuick && objects(next) >= batchMax);
    }

    private static long objects(List<EventRow> events) {
        return events.stream().map(EventRow::objectId).distinct().count();
    }

    /** Breaks off what is being told. */
    void interrupt() throws InterruptedException {
        thread.interrupt();
        thread.join(INTERRUPTED_MAX);
    }
}
