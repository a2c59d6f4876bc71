package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.CallBoard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code call_use}: who calls which account, for other nodes and for the next start. An account's first row, of
 * nobody, is there to be locked. Safe for any thread.
 */
public final class StoredCallBoard implements CallBoard {
    private static final String NOBODY = "";

    /** Marks this old say nothing any more, whatever the longest window of a CRM; unless it asked to wait longer. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final Database database;
    private final Sharing sharing;

    /** Who has this database open. */
    enum Sharing {
        ONE_PROCESS,
        NODES
    }

    /** A PostgreSQL database may have several nodes; the embedded one has one process. */
    public StoredCallBoard(Database database) {
        this(
                database,
                switch (database.dialect()) {
                    case SQLITE -> Sharing.ONE_PROCESS;
                    case POSTGRESQL -> Sharing.NODES;
                });
    }

    StoredCallBoard(Database database, Sharing sharing) {
        this.database = requireNonNull(database, "database");
        this.sharing = requireNonNull(sharing, "sharing");
    }

    @Override
    public boolean isShared() {
        return sharing == Sharing.NODES;
    }

    @Override
    public List<Mark> read(String budget) {
        return database.read(handle -> marks(handle, budget));
    }

    @Override
    public Optional<Mark> change(String budget, String node, Function<List<Mark>, Optional<Mark>> own) {
        return database.write(handle -> {
            lock(handle, budget);
            var mark = own.apply(marks(handle, budget));
            mark.ifPresentOrElse(mine -> put(handle, budget, mine), () -> remove(handle, budget, node));
            mark.ifPresent(mine -> forget(handle, budget, mine.at()));
            return mark;
        });
    }

    private void lock(Handle handle, String budget) {
        handle.createUpdate("""
                        insert into call_use (budget, node, seen_at, part, divisor, closed_until)
                        values (:budget, :nobody, 0, 'none', 1, 0) on conflict (budget, node) do nothing
                        """).bind("budget", budget).bind("nobody", NOBODY).execute();
        handle.createQuery("select node from call_use where budget = :budget and node = :nobody "
                        + database.dialect().forUpdate())
                .bind("budget", budget)
                .bind("nobody", NOBODY)
                .mapTo(String.class)
                .one();
    }

    private static List<Mark> marks(Handle handle, String budget) {
        return handle.createQuery("select * from call_use where budget = :budget and node <> :nobody order by node")
                .bind("budget", budget)
                .bind("nobody", NOBODY)
                .map((row, _) -> new Mark(
                        row.getString("node"),
                        Part.valueOf(row.getString("part").toUpperCase(Locale.ROOT)),
                        row.getInt("divisor"),
                        Instant.ofEpochMilli(row.getLong("seen_at")),
                        Instant.ofEpochMilli(row.getLong("closed_until"))))
                .list();
    }

    private static void put(Handle handle, String budget, Mark mark) {
        handle.createUpdate("""
                        insert into call_use (budget, node, seen_at, part, divisor, closed_until)
                        values (:budget, :node, :at, :part, :divisor, :closed)
                        on conflict (budget, node) do update set seen_at = excluded.seen_at, part = excluded.part,
                            divisor = excluded.divisor, closed_until = excluded.closed_until
                        """)
                .bind("budget", budget)
                .bind("node", mark.node())
                .bind("at", mark.at())
                .bind("part", mark.part().name().toLowerCase(Locale.ROOT))
                .bind("divisor", mark.divisor())
                .bind("closed", mark.closedUntil())
                .execute();
    }

    private static void remove(Handle handle, String budget, String node) {
        handle.createUpdate("delete from call_use where budget = :budget and node = :node")
                .bind("budget", budget)
                .bind("node", node)
                .execute();
    }

    private static void forget(Handle handle, String budget, Instant now) {
        handle.createUpdate("""
                        delete from call_use
                        where budget = :budget and node <> :nobody and seen_at < :old and closed_until < :now
                        """)
                .bind("budget", budget)
                .bind("nobody", NOBODY)
                .bind("old", now.minus(KEPT))
                .bind("now", now)
                .execute();
    }
}
