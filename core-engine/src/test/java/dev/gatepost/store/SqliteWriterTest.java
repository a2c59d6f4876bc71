package dev.gatepost.store;

import static dev.gatepost.store.NumberFile.QUEUE;
import static dev.gatepost.store.NumberFile.count;
import static dev.gatepost.store.NumberFile.insert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.NumberFile.Gate;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteWriterTest {
    @TempDir
    private Path folder;

    private NumberFile numbers;
    private SqliteWriter writer;

    @BeforeEach
    void open() {
        numbers = NumberFile.in(folder);
        writer = numbers.writer(Courtesy.here(), System::nanoTime);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    @DisplayName("S1: the settings are those of the contract, read back from the writing connection")
    void setsWhatTheContractSays() {
        for (var pragma : List.of(
                "journal_mode=wal",
                "synchronous=2",
                "foreign_keys=1",
                "busy_timeout=5000",
                "trusted_schema=0",
                "secure_delete=1")) {
            var parts = pragma.split("=", 2);
            String answer = writer.write(handle ->
                    handle.createQuery("pragma " + parts[0]).mapTo(String.class).one());
            assertThat(answer).as(parts[0]).isEqualTo(parts[1]);
        }
    }

    @Test
    @DisplayName("S1, T7: a connection that would not be durable is refused")
    void refusesAConnectionThatIsNotDurable() throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("other.db"));
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> SqliteFile.requireDurable(connection))
                    .isInstanceOfSatisfying(
                            StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("journal_mode"));

            statement.execute("pragma journal_mode=wal");
            statement.execute("pragma synchronous=normal");
            assertThatThrownBy(() -> SqliteFile.requireDurable(connection))
                    .isInstanceOfSatisfying(
                            StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("synchronous"));

            statement.execute("pragma synchronous=full");
            SqliteFile.requireDurable(connection);
        }
    }

    @Test
    @DisplayName("S2: whatever is queued goes into one commit, and no future completes before it")
    void commitsWhatIsQueuedTogether() throws Exception {
        var gate = new Gate(writer);
        var units = new ArrayList<Future<Integer>>();
        for (int i = 0; i < 10; i++) {
            var number = i;
            units.add(writer.submit(handle -> insert(handle, number)));
        }
        var sawUncommitted = writer.submit(handle -> {
            assertThat(units).as("rows are there, but not yet committed").noneMatch(Future::isDone);
            return count(handle);
        });

        gate.open();

        assertThat(sawUncommitted.get()).isEqualTo(10);
        for (var unit : units) {
            assertThat(unit.get()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("S2: when COMMIT fails, every unit of the batch fails, and the next batch passes")
    void failsTheWholeBatchWhenTheCommitFails() throws Exception {
        var gate = new Gate(writer);
        var innocent = writer.submit(handle -> insert(handle, 1));
        var guilty = writer.submit(handle -> handle.execute("insert into child (parent) values (404)"));
        var ownFault = writer.submit(handle -> {
            throw new IllegalStateException("own fault");
        });

        gate.open();

        assertThatThrownBy(innocent::get).isInstanceOf(ExecutionException.class).hasMessageContaining("FOREIGN KEY");
        assertThatThrownBy(guilty::get).hasMessageContaining("FOREIGN KEY");
        assertThatThrownBy(ownFault::get).hasMessageContaining("own fault");
        assertThat(writer.<Integer>write(NumberFile::count)).isZero();
        assertThat(writer.<Integer>write(handle -> insert(handle, 2))).isEqualTo(1);
    }

    @Test
    @DisplayName("S2: when SQLite itself ends the transaction, nobody in it is told that it was stored")
    void failsTheWholeBatchWhenTheTransactionIsGone() throws Exception {
        var gate = new Gate(writer);
        var before = writer.submit(handle -> insert(handle, 1));
        var breaker = writer.submit(handle -> handle.execute("insert or rollback into number (value) values (1)"));
        var after = writer.submit(handle -> insert(handle, 2));

        gate.open();

        for (var unit : List.of(before, breaker)) {
            assertThatThrownBy(unit::get).isInstanceOf(ExecutionException.class);
        }
        assertThat(after.get()).as("in the next transaction").isEqualTo(1);
        assertThat(writer.<Integer>write(NumberFile::count)).isEqualTo(1);
    }

    @Test
    void refusesAUnitThatEndsTheTransactionOfItsNeighbours() {
        assertThatThrownBy(() -> writer.write(Handle::commit)).hasMessageContaining("the writer alone");
        assertThatThrownBy(() -> writer.write(Handle::rollback)).hasMessageContaining("the writer alone");
        assertThatThrownBy(() -> writer.write(handle -> handle.savepoint("mine")))
                .hasMessageContaining("the writer alone");
    }

    @Test
    @DisplayName("P6: a full queue refuses, and what was accepted is stored")
    void refusesWhenTheQueueIsFull() throws Exception {
        var gate = new Gate(writer);
        var accepted = IntStream.range(0, QUEUE)
                .mapToObj(number -> writer.submit(handle -> insert(handle, number)))
                .toList();

        assertThat(writer.waiting()).isEqualTo(QUEUE);
        assertThatThrownBy(() -> writer.submit(handle -> insert(handle, 99))).isInstanceOf(StoreBusy.class);

        gate.open();
        for (var unit : accepted) {
            assertThat(unit.get()).isEqualTo(1);
        }
        assertThat(writer.<Integer>write(NumberFile::count)).isEqualTo(QUEUE);
    }

    @Test
    void finishesWhatWasAcceptedBeforeItCloses() throws Exception {
        var gate = new Gate(writer);
        var accepted = writer.submit(handle -> insert(handle, 1));
        var closing = Thread.ofVirtual().start(writer::close);

        gate.open();
        closing.join();

        assertThat(accepted.get()).isEqualTo(1);
        assertThatThrownBy(() -> writer.write(handle -> insert(handle, 2))).isInstanceOf(StoreBusy.class);
    }

    @Test
    void refusesAUnitThatWaitsForAnother() {
        assertThatThrownBy(() -> writer.write(handle -> writer.write(inner -> insert(inner, 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must not wait for another");
    }

    @Test
    void survivesAUnitThatThrowsAnError() {
        assertThatThrownBy(() -> writer.write(handle -> {
                    throw new StackOverflowError("deep");
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(writer.<Integer>write(handle -> insert(handle, 1))).isEqualTo(1);
    }

    @Test
    void leavesNoStatementOpenThatWouldHoldBackTheCheckpoint() throws Exception {
        writer.write(handle -> {
            IntStream.range(0, 10).forEach(number -> insert(handle, number));
            return handle.createQuery("select value from number")
                    .mapTo(Integer.class)
                    .findFirst();
        });

        try (var connection = DriverManager.getConnection(numbers.file().url())) {
            assertThat(SqliteFile.pragma(connection, "wal_checkpoint(truncate)"))
                    .as("0: not busy")
                    .isEqualTo("0");
        }
    }

    @Test
    void keepsNoLimitOnAStatementForTheNextUnit() {
        writer.write(handle ->
                IntStream.range(0, 10).map(number -> insert(handle, number)).sum());
        var sql = "select value from number";

        List<Integer> few = writer.write(handle ->
                handle.createQuery(sql).setMaxRows(2).mapTo(Integer.class).list());
        List<Integer> all = writer.write(
                handle -> handle.createQuery(sql).mapTo(Integer.class).list());

        assertThat(few).hasSize(2);
        assertThat(all).hasSize(10);
    }

    @Test
    void keepsNoMoreStatementsThanItsBound() throws SQLException {
        for (int i = 0; i < StatementCache.STATEMENTS_MAX + 50; i++) {
            var number = i;
            int seen = writer.write(handle ->
                    handle.createQuery("select " + number).mapTo(Integer.class).one());
            assertThat(seen).isEqualTo(number);
        }
        int again = writer.write(
                handle -> handle.createQuery("select 0").mapTo(Integer.class).one());
        assertThat(again).isZero();
    }
}
