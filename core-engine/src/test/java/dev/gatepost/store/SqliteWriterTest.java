package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteWriterTest {
    private static final int QUEUE = 20;

    @TempDir
    private Path folder;

    private SqliteFile file;
    private Courtesy courtesy = Courtesy.here();
    private SqliteWriter writer;

    @BeforeEach
    void open() {
        file = new SqliteFile(folder.resolve("gatepost.db"));
        writer = new SqliteWriter(file, QUEUE, courtesy, System::nanoTime);
        writer.write(handle -> {
            handle.execute("create table number (value integer primary key) strict");
            return handle.execute("""
                    create table child (parent integer references number (value) deferrable initially deferred) strict""");
        });
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
        var gate = new Gate();
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
        var gate = new Gate();
        var innocent = writer.submit(handle -> insert(handle, 1));
        var guilty = writer.submit(handle -> handle.execute("insert into child (parent) values (404)"));
        var ownFault = writer.submit(handle -> {
            throw new IllegalStateException("own fault");
        });

        gate.open();

        assertThatThrownBy(innocent::get).isInstanceOf(ExecutionException.class).hasMessageContaining("FOREIGN KEY");
        assertThatThrownBy(guilty::get).hasMessageContaining("FOREIGN KEY");
        assertThatThrownBy(ownFault::get).hasMessageContaining("own fault");
        assertThat(writer.<Integer>write(SqliteWriterTest::count)).isZero();
        assertThat(writer.<Integer>write(handle -> insert(handle, 2))).isEqualTo(1);
    }

    @Test
    @DisplayName("S2: when SQLite itself ends the transaction, nobody in it is told that it was stored")
    void failsTheWholeBatchWhenTheTransactionIsGone() throws Exception {
        var gate = new Gate();
        var before = writer.submit(handle -> insert(handle, 1));
        var breaker = writer.submit(handle -> handle.execute("insert or rollback into number (value) values (1)"));
        var after = writer.submit(handle -> insert(handle, 2));

        gate.open();

        for (var unit : List.of(before, breaker)) {
            assertThatThrownBy(unit::get).isInstanceOf(ExecutionException.class);
        }
        assertThat(after.get()).as("in the next transaction").isEqualTo(1);
        assertThat(writer.<Integer>write(SqliteWriterTest::count)).isEqualTo(1);
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
        var gate = new Gate();
        var accepted = IntStream.range(0, QUEUE)
                .mapToObj(number -> writer.submit(handle -> insert(handle, number)))
                .toList();

        assertThat(writer.waiting()).isEqualTo(QUEUE);
        assertThatThrownBy(() -> writer.submit(handle -> insert(handle, 99))).isInstanceOf(StoreBusy.class);

        gate.open();
        for (var unit : accepted) {
            assertThat(unit.get()).isEqualTo(1);
        }
        assertThat(writer.<Integer>write(SqliteWriterTest::count)).isEqualTo(QUEUE);
    }

    @Test
    @DisplayName("J4: what somebody waits for is written first, and the rest all the same")
    void writesFirstWhatSomebodyWaitsFor() throws Exception {
        var gate = new Gate();
        var order = new ArrayList<String>();
        var rest = IntStream.range(0, QUEUE)
                .mapToObj(number -> writer.submit(handle -> order.add("rest")))
                .toList();
        var awaited = Thread.ofVirtual().start(() -> writer.<Boolean>writeFirst(handle -> order.add("awaited")));
        await().until(() -> writer.waiting() == QUEUE + 1);

        gate.open();

        awaited.join();
        for (var unit : rest) {
            assertThat(unit.get()).isTrue();
        }
        assertThat(order).hasSize(QUEUE + 1).startsWith("awaited");
    }

    @Test
    @DisplayName("J4: what somebody waits for is committed before the rest goes on")
    void commitsWhatSomebodyWaitsForBeforeTheRest() throws Exception {
        restart(() -> 0);
        var gate = new Gate();
        var rest = writer.submit(handle -> committed());
        var awaited = Thread.ofVirtual().start(() -> writer.<Integer>writeFirst(handle -> insert(handle, 1)));
        await().until(() -> writer.waiting() == 2);

        gate.open();

        awaited.join();
        assertThat(rest.get())
                .as("rows that others could see when the rest was written")
                .isOne();
    }

    @Test
    @DisplayName("J4: the rest has its turn however many wait for theirs")
    void doesNotStarveTheRest() throws Exception {
        var nanos = new AtomicLong();
        restart(nanos::get);
        var gate = new Gate();
        var order = new ArrayList<String>();
        var rest = writer.submit(handle -> order.add("rest"));
        var awaited = IntStream.range(0, QUEUE)
                .mapToObj(number -> Thread.ofVirtual()
                        .start(() -> writer.<Boolean>writeFirst(handle -> {
                            nanos.addAndGet(1_000_000);
                            return order.add("awaited");
                        })))
                .toList();
        await().until(() -> writer.waiting() == QUEUE + 1);

        gate.open();

        assertThat(rest.get()).isTrue();
        for (var thread : awaited) {
            thread.join();
        }
        assertThat(order.indexOf("rest")).isEqualTo(SqliteWriter.REST_PATIENCE.toMillis());
        assertThat(order).hasSize(QUEUE + 1);
    }

    @Test
    @DisplayName("J4: portions share a commit while nobody waits, and let in whoever does")
    void letsSomebodyInBetweenPortions() throws Exception {
        restart(() -> 0);
        var gate = new Gate();
        var order = Collections.synchronizedList(new ArrayList<String>());
        var entered = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        List<Database.Work<Integer>> portions = List.of(
                handle -> {
                    order.add("first portion");
                    entered.countDown();
                    return waitFor(go);
                },
                handle -> {
                    order.add("second portion");
                    return committed();
                });
        var list = new FutureTask<>(() -> writer.writeEach(portions));
        Thread.ofVirtual().start(list);
        await().until(() -> writer.waiting() == 2);
        gate.open();
        entered.await();
        var awaited = Thread.ofVirtual()
                .start(() -> writer.<Boolean>writeFirst(handle -> {
                    insert(handle, 1);
                    return order.add("awaited");
                }));
        await().until(() -> writer.waiting() == 2);

        go.countDown();

        awaited.join();
        assertThat(list.get()).as("results in their order").containsExactly(0, 1);
        assertThat(order).containsExactly("first portion", "awaited", "second portion");
    }

    @Test
    void tellsOfAPortionThatFailedWhenTheOthersAreStored() {
        List<Database.Work<Integer>> portions = List.of(
                handle -> insert(handle, 1),
                handle -> {
                    throw new IllegalStateException("second portion");
                },
                handle -> insert(handle, 3));

        assertThatThrownBy(() -> writer.writeEach(portions)).hasMessageContaining("second portion");
        assertThat(writer.<Integer>write(SqliteWriterTest::count)).isEqualTo(2);
        assertThat(writer.writeEach(List.<Database.Work<Integer>>of())).isEmpty();
    }

    @Test
    void endsACommitOfTheRestEarlyWhileSomebodyMayCome() throws Exception {
        var nanos = new AtomicLong();
        restart(nanos::get);
        courtesy.callBegins().close();
        writer.<Integer>writeFirst(handle -> insert(handle, 0));
        var gate = new Gate();
        var long1 = writer.submit(handle -> {
            nanos.addAndGet(SqliteWriter.REST_COMMIT_MAX.toNanos());
            return insert(handle, 1);
        });
        var next = writer.submit(handle -> committed());

        gate.open();

        assertThat(long1.get()).isOne();
        assertThat(next.get()).as("what others could see when the next one ran").isEqualTo(2);
    }

    @Test
    @DisplayName("J4: the rest stands back while a call is on its way, and goes on when it has waited for long")
    void standsBackBehindACallOnItsWay() throws Exception {
        var nanos = new AtomicLong();
        restart(nanos::get);
        var order = Collections.synchronizedList(new ArrayList<String>());
        try (var onItsWay = courtesy.callBegins()) {
            var rest = writer.submit(handle -> order.add("rest"));
            writer.<Boolean>writeFirst(handle -> order.add("awaited"));
            assertThat(rest.isDone()).isFalse();

            nanos.addAndGet(SqliteWriter.REST_PATIENCE.toNanos());
            onItsWay.step();

            assertThat(rest.get()).isTrue();
        }
        assertThat(order).containsExactly("awaited", "rest");
    }

    @Test
    void finishesWhatWasAcceptedBeforeItCloses() throws Exception {
        var gate = new Gate();
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

        try (var connection = DriverManager.getConnection(file.url())) {
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

    /** Keeps the writer busy with a unit of its own, so that what is submitted meanwhile meets in one batch. */
    private final class Gate {
        private final CountDownLatch opened = new CountDownLatch(1);

        Gate() throws InterruptedException {
            var reached = new CountDownLatch(1);
            var blocking = writer.submit(handle -> {
                reached.countDown();
                return waitFor(opened);
            });
            reached.await();
            assertThat(blocking).isNotDone();
        }

        void open() {
            opened.countDown();
        }
    }

    private void restart(LongSupplier nanos) {
        writer.close();
        courtesy = new Courtesy(nanos, _ -> {}, 1);
        writer = new SqliteWriter(file, QUEUE, courtesy, nanos);
    }

    /** Rows that another connection sees. */
    private int committed() {
        try (var connection = DriverManager.getConnection(file.url());
                var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from number")) {
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int insert(Handle handle, int number) {
        return handle.createUpdate("insert into number (value) values (:number)")
                .bind("number", number)
                .execute();
    }

    private static int waitFor(CountDownLatch latch) {
        try {
            latch.await();
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int count(Handle handle) {
        return handle.createQuery("select count(*) from number")
                .mapTo(Integer.class)
                .one();
    }
}
