package dev.gatepost.store;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps the statements of one SQLite connection prepared between units of work; SQLite would otherwise parse and plan
 * each anew. Used by the writer thread alone.
 */
final class StatementCache implements StatementBuilder {
    /** The product has fewer distinct statements; lists of varying length ({@code in (…)}) push the oldest out. */
    static final int STATEMENTS_MAX = 256;

    private final LinkedHashMap<String, PreparedStatement> idle = new LinkedHashMap<>();

    /** What each statement in use was prepared from. Jdbi tells it at the beginning only, at the end what was written. */
    private final IdentityHashMap<Statement, String> used = new IdentityHashMap<>();

    @Override
    public Statement create(Connection connection, StatementContext context) throws SQLException {
        return connection.createStatement();
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        if (context.isReturningGeneratedKeys()) {
            throw new IllegalArgumentException("use returning instead of generated keys: " + sql);
        }
        var known = idle.remove(sql);
        var statement = known != null ? known : connection.prepareStatement(sql);
        used.put(statement, sql);
        return statement;
    }

    @Override
    public CallableStatement createCall(Connection connection, String sql, StatementContext context)
            throws SQLException {
        return connection.prepareCall(sql);
    }

    @Override
    public void close(Connection connection, String written, Statement statement) throws SQLException {
        var sql = used.remove(statement);
        if (sql == null || !(statement instanceof PreparedStatement prepared) || hasLimits(prepared)) {
            statement.close();
            return;
        }
        var results = prepared.getResultSet();
        if (results != null) {
            results.close();
        }
        prepared.clearBatch();
        prepared.clearParameters();
        var twin = idle.put(sql, prepared);
        if (twin != null) {
            twin.close();
        }
        if (idle.size() > STATEMENTS_MAX) {
            idle.pollFirstEntry().getValue().close();
        }
    }

    /** Limits set through {@link SqlStatements} would stay on the statement, for whoever takes it next. */
    private static boolean hasLimits(PreparedStatement statement) throws SQLException {
        return statement.getMaxRows() != 0 || statement.getQueryTimeout() != 0;
    }
}
