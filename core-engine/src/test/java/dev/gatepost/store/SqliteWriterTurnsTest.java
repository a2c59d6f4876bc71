package dev.gatepost.store;

import static dev.gatepost.store.NumberFile.QUEUE;
import static dev.gatepost.store.NumberFile.insert;
import static dev.gatepost.store.NumberFile.waitFor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.store.NumberFile.Gate;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose turn it is at the writer. Time stands still but for what a test lets pass. */
class SqliteWriterTurnsTest {
    @TempDir
    private Path folder;

    private final AtomicLong nanos = new AtomicLong();
    private final Courtesy courtesy = new Courtesy(nanos::get, _ -> {}, 1);
    private NumberFile numbers;
    private SqliteWriter writer;

    @BeforeEach
    void open() {
        numbers = NumberFile.in(folder);
        writer = numbers.writer(courtesy, nanos::get);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    @DisplayName("J4: what somebody waits for is written first, and the rest all the same")
    void writesFirstWhatSomebodyWaitsFor() throws Exception {
        var gate = new Gate(writer);
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
        var gate = new Gate(writer);
        var rest = writer.submit(handle -> numbers.committed());
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
        var gate = new Gate(writer);
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
        var gate = new Gate(writer);
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
                    return numbers.committed();
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
        assertThat(writer.<Integer>write(NumberFile::count)).isEqualTo(2);
        assertThat(writer.writeEach(List.<Database.Work<Integer>>of())).isEmpty();
    }

    @Test
    void endsACommitOfTheRestEarlyWhileSomebodyMayCome() throws Exception {
        courtesy.callBegins().close();
        writer.<Integer>writeFirst(handle -> insert(handle, 0));
        var gate = new Gate(writer);
        var long1 = writer.submit(handle -> {
            nanos.addAndGet(SqliteWriter.REST_COMMIT_MAX.toNanos());
            return insert(handle, 1);
        });
        var next = writer.submit(handle -> numbers.committed());

        gate.open();

        assertThat(long1.get()).isOne();
        assertThat(next.get()).as("what others could see when the next one ran").isEqualTo(2);
    }

    @Test
    @DisplayName("J4: the rest stands back while a call is on its way, and goes on when it has waited for long")
    void standsBackBehindACallOnItsWay() throws Exception {
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
}
