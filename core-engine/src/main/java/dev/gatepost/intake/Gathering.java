package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.store.StoreUnusable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Brings what many callers want of the store for one workspace into one unit of work: whoever comes while a unit waits for
 * its turn joins it, and nobody waits for others to come. Safe for any thread.
 *
 * @param <I> what one caller brings
 * @param <O> what it gets
 */
final class Gathering<I, O> {
    /** Callers in one unit; some milliseconds of the writer, which bounds how long the first of them waits for the last. */
    static final int MEMBERS_MAX = 256;

    private final Database database;
    private final Together<I, O> together;
    private final ReentrantLock doors = new ReentrantLock();
    private final Map<String, Party> open = new HashMap<>();

    Gathering(Database database, Together<I, O> together) {
        this.database = requireNonNull(database, "database");
        this.together = requireNonNull(together, "together");
    }

    /** The work. */
    interface Together<I, O> {
        /**
         * Does for all members what each of them wants, in one transaction.
         *
         * @param members to be asked for as late as possible: nobody joins after
         * @return for each member, in their order
         */
        List<O> on(Handle handle, String workspaceId, Supplier<List<I>> members);
    }

    /**
     * Waits until the commit is durable.
     *
     * @throws StoreBusy when too much work waits; nothing was stored
     */
    O write(String workspaceId, I item) {
        var place = join(workspaceId, item);
        if (place.number() == 0) {
            place.party().write();
        }
        try {
            return place.party().outcome.join().get(place.number());
        } catch (CompletionException e) {
            return alone(place, item, e.getCause() == null ? e : e.getCause());
        }
    }

    /** What fails for one member must not fail for the others. */
    private O alone(Place<I, O> place, I item, Throwable failure) {
        if (failure instanceof StoreBusy
                || failure instanceof StoreUnusable
                || place.party().members().size() == 1) {
            throw unchecked(failure);
        }
        return database.writeFirst(handle -> together.on(handle, place.party().workspaceId, () -> List.of(item))
                .getFirst());
    }

    private static RuntimeException unchecked(Throwable failure) {
        return switch (failure) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            default -> new IllegalStateException(failure);
        };
    }

    private record Place<I, O>(Gathering<I, O>.Party party, int number) {}

    private Place<I, O> join(String workspaceId, I item) {
        doors.lock();
        try {
            var party = open.get(workspaceId);
            if (party == null || party.items.size() == MEMBERS_MAX) {
                party = new Party(workspaceId);
                open.put(workspaceId, party);
            }
            party.items.add(item);
            return new Place<>(party, party.items.size() - 1);
        } finally {
            doors.unlock();
        }
    }

    /** Callers whose work is done together; the first of them brings it to the store. */
    private final class Party {
        private final String workspaceId;
        private final List<I> items = new ArrayList<>();
        private final CompletableFuture<List<O>> outcome = new CompletableFuture<>();

        Party(String workspaceId) {
            this.workspaceId = workspaceId;
        }

        void write() {
            try {
                outcome.complete(database.writeFirst(handle -> together.on(handle, workspaceId, this::members)));
            } catch (RuntimeException | Error e) {
                members();
                outcome.completeExceptionally(e);
            }
        }

        /** Nobody joins after; the same at each call, for a unit may run again. */
        List<I> members() {
            doors.lock();
            try {
                open.remove(workspaceId, this);
                return List.copyOf(items);
            } finally {
                doors.unlock();
            }
        }
    }
}
