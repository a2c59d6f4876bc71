package dev.gatepost.store;

import java.sql.Types;
import java.time.Instant;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.spi.JdbiPlugin;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.jdbi.v3.sqlite3.SQLitePlugin;

/** The two databases, and the few places where their SQL must differ. */
public enum Dialect {
    SQLITE("db/sqlite", "", ""),
    POSTGRESQL("db/postgresql", "for update", "for update skip locked");

    private final String migrations;
    private final String forUpdate;
    private final String forUpdateSkipLocked;

    Dialect(String migrations, String forUpdate, String forUpdateSkipLocked) {
        this.migrations = migrations;
        this.forUpdate = forUpdate;
        this.forUpdateSkipLocked = forUpdateSkipLocked;
    }

    /** Ends a select whose rows this transaction is going to change. Empty on SQLite, which has one writer. */
    public String forUpdate() {
        return forUpdate;
    }

    /** As {@link #forUpdate()}, passing over rows that another transaction holds. */
    public String forUpdateSkipLocked() {
        return forUpdateSkipLocked;
    }

    /** The resource folder with this database's migrations. */
    String migrations() {
        return migrations;
    }

    /**
     * Jdbi as every class of the product gets it: an {@link Instant} is a whole number of milliseconds since 1970 in both
     * databases, so that it sorts, compares and hashes the same.
     */
    Jdbi jdbi(ConnectionFactory connections) {
        return Jdbi.create(connections)
                .installPlugin(plugin())
                .configure(
                        StatementExceptions.class, exceptions -> exceptions.setMessageRendering(Dialect::withoutValues))
                .registerArgument(new InstantAsMillis())
                .registerColumnMapper(
                        Instant.class, (row, column, context) -> Instant.ofEpochMilli(row.getLong(column)));
    }

    /** What failed is logged with the statement, and never with what was bound to it: that may be an address (reliability L1). */
    private static String withoutValues(StatementException e) {
        var context = e.getStatementContext();
        var sql = context == null ? "" : context.getRawSql();
        return sql == null || sql.isEmpty() ? e.getShortMessage() : e.getShortMessage() + " in: " + sql;
    }

    private JdbiPlugin plugin() {
        return switch (this) {
            case SQLITE -> new SQLitePlugin();
            case POSTGRESQL -> new PostgresPlugin();
        };
    }

    private static final class InstantAsMillis extends AbstractArgumentFactory<Instant> {
        InstantAsMillis() {
            super(Types.BIGINT);
        }

        @Override
        protected Argument build(Instant value, ConfigRegistry config) {
            return (position, statement, context) -> statement.setLong(position, value.toEpochMilli());
        }
    }
}
