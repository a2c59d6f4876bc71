package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** S6: what holds on both databases. */
@ParameterizedClass
@EnumSource(Dialect.class)
class DatabaseTest {
    private final Stores store;

    DatabaseTest(Dialect dialect) {
        store = Stores.fresh(dialect);
    }

    @BeforeEach
    void createTables() {
        store.database().write(handle -> {
            handle.execute("create table number (value integer primary key)");
            return handle.execute("""
                    create table child (parent integer references number (value) deferrable initially deferred)""");
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void showsToEveryReaderWhatAWriteReturned() {
        store.database().write(handle -> insert(handle, 7));

        assertThat(numbers()).containsExactly(7);
    }

    @Test
    void keepsWhatWasWrittenOverARestart() {
        store.database().write(handle -> insert(handle, 7));

        store.reopen();

        assertThat(numbers()).containsExactly(7);
    }

    @Test
    @DisplayName("L1: what a failed statement says names the statement and none of its values")
    void saysNoValuesOfWhatFailed() {
        var secret = "jane.doe@acme.example";
        store.database().write(handle -> handle.execute("create table word (value text primary key)"));
        Consumer<Handle> one = handle -> handle.createUpdate("insert into word (value) values (:value)")
                .bind("value", secret)
                .execute();
        Consumer<Handle> many = handle -> {
            var batch = handle.prepareBatch("insert into word (value) values (:value)");
            batch.bind("value", secret).add();
            batch.bind("value", secret).add();
            batch.execute();
        };
        for (var work : List.of(one, many)) {
            var thrown = catchThrowable(() -> store.database().write(handle -> {
                work.accept(handle);
                work.accept(handle);
                return true;
            }));
            var trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            assertThat(trace.toString()).contains("insert into word").doesNotContain(secret);
        }
    }

    @Test
    @DisplayName("S2: a unit that throws is undone alone")
    void undoesAUnitThatThrowsAlone() throws Exception {
        var units = new ArrayList<Future<Integer>>();
        for (int i = 0; i < 100; i++) {
            var number = i;
            units.add(store.database().submit(handle -> {
                insert(handle, number);
                if (number % 10 == 3) {
                    throw new IllegalArgumentException("unit " + number);
                }
                return number;
            }));
        }

        for (int i = 0; i < 100; i++) {
            var unit = units.get(i);
            if (i % 10 == 3) {
                assertThatThrownBy(unit::get)
                        .isInstanceOf(ExecutionException.class)
                        .hasRootCauseMessage("unit " + i);
            } else {
                assertThat(unit.get()).isEqualTo(i);
            }
        }
        assertThat(numbers()).hasSize(90).noneMatch(number -> number % 10 == 3);
    }

    @Test
    void throwsToTheCallerWhatItsUnitThrew() {
        assertThatThrownBy(() -> store.database().write(handle -> {
                    throw new IllegalStateException("mine");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("mine");
    }

    @Test
    void undoesAUnitWhoseStatementFails() {
        store.database().write(handle -> insert(handle, 1));

        assertThatThrownBy(() -> store.database().write(handle -> insert(handle, 2) + insert(handle, 1)))
                .hasMessageContaining("number");

        assertThat(numbers()).containsExactly(1);
    }

    @Test
    @DisplayName("S2: when the commit fails, the caller learns it and nothing is stored")
    void tellsTheCallerThatTheCommitFailed() {
        assertThatThrownBy(() ->
                        store.database().write(handle -> handle.execute("insert into child (parent) values (404)")))
                .hasStackTraceContaining(store.dialect() == Dialect.SQLITE ? "FOREIGN KEY" : "foreign key");

        store.database().write(handle -> insert(handle, 1));
        assertThat(numbers()).containsExactly(1);
    }

    @Test
    void letsAReaderChangeNothing() {
        assertThatThrownBy(() -> store.database().read(handle -> insert(handle, 1)))
                .hasStackTraceContaining(store.dialect() == Dialect.SQLITE ? "READONLY" : "read-only");
    }

    @Test
    void readsOneStateOfTheDatabaseInOneTransaction() {
        store.database().write(handle -> insert(handle, 1));

        List<List<Integer>> seen = store.database().read(handle -> {
            var before = numbers(handle);
            store.database().write(other -> insert(other, 2));
            return List.of(before, numbers(handle));
        });

        assertThat(seen).containsExactly(List.of(1), List.of(1));
        assertThat(numbers()).containsExactly(1, 2);
    }

    @Test
    void writesForManyThreadsAtOnce() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 500; i++) {
                var number = i;
                threads.execute(() -> store.database().write(handle -> insert(handle, number)));
            }
        }

        assertThat(numbers()).hasSize(500);
    }

    @Test
    void keepsInstantsToTheMillisecond() {
        var instant = Instant.parse("2026-11-23T21:00:00.123Z");

        var read = store.database()
                .<Instant>read(handle -> handle.createQuery("select cast(:at as bigint)")
                        .bind("at", instant)
                        .mapTo(Instant.class)
                        .one());

        assertThat(read).isEqualTo(instant);
    }

    @Test
    void runsATransactionOfItsOwnInsideTheUnits() {
        store.database().write(handle -> handle.inTransaction(inner -> insert(inner, 1)));

        assertThat(numbers()).containsExactly(1);
    }

    @Test
    void keepsAnInterruptAndStillAnswers() {
        Thread.currentThread().interrupt();

        int rows = store.database().write(handle -> insert(handle, 1));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(rows).isEqualTo(1);
    }

    @Test
    void refusesWorkAfterItsEnd() {
        store.database().close();

        assertThatThrownBy(() -> store.database().write(handle -> insert(handle, 1)))
                .isInstanceOf(StoreBusy.class)
                .hasMessage("the store is closing");
        store.reopen();
        assertThat(numbers()).isEmpty();
    }

    private static int insert(Handle handle, int number) {
        return handle.createUpdate("insert into number (value) values (:number)")
                .bind("number", number)
                .execute();
    }

    private List<Integer> numbers() {
        return store.database().read(DatabaseTest::numbers);
    }

    private static List<Integer> numbers(Handle handle) {
        return handle.createQuery("select value from number order by value")
                .mapTo(Integer.class)
                .list();
    }
}
