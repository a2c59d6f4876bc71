package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatementCacheTest {
    private final List<String> prepared = new ArrayList<>();
    private Connection connection;
    private Handle handle;

    @BeforeEach
    void open() throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        var counting = (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (_, method, arguments) -> {
                    if (method.getName().equals("prepareStatement")) {
                        prepared.add((String) arguments[0]);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        var cache = new StatementCache();
        handle = Jdbi.create(() -> counting)
                .setStatementBuilderFactory(_ -> cache)
                .open();
        handle.execute("create table number (value integer primary key, name text) strict");
        prepared.clear();
    }

    @AfterEach
    void close() {
        handle.close();
    }

    @Test
    void preparesAStatementWithNamedParametersOnce() {
        for (int i = 0; i < 10; i++) {
            handle.createUpdate("insert into number (value, name) values (:value, :name)")
                    .bind("value", i)
                    .bind("name", "n" + i)
                    .execute();
            assertThat(handle.createQuery("select name from number where value = :value")
                            .bind("value", i)
                            .mapTo(String.class)
                            .one())
                    .isEqualTo("n" + i);
        }
        assertThat(prepared).hasSize(2);
    }

    @Test
    void preparesABatchOnceAndForgetsItsRows() {
        for (int i = 0; i < 10; i++) {
            var batch = handle.prepareBatch("insert into number (value, name) values (:value, :name)");
            batch.bind("value", 2 * i).bind("name", "even").add();
            batch.bind("value", 2 * i + 1).bind("name", "odd").add();
            assertThat(batch.execute()).containsExactly(1, 1);
        }
        assertThat(prepared).hasSize(1);
        assertThat(handle.createQuery("select count(*) from number")
                        .mapTo(Integer.class)
                        .one())
                .isEqualTo(20);
    }

    @Test
    void leavesAFailedStatementFitForItsNextUse() {
        var sql = "insert into number (value, name) values (:value, 'x')";
        handle.createUpdate(sql).bind("value", 1).execute();
        try {
            handle.createUpdate(sql).bind("value", 1).execute();
        } catch (RuntimeException _) {
            // the key is taken
        }
        assertThat(handle.createUpdate(sql).bind("value", 2).execute()).isOne();
    }
}
