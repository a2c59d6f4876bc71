package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;

/** A SQLite file with a table of numbers, for tests of its writer. */
record NumberFile(SqliteFile file) {
    /** Units that may wait for a writer. */
    static final int QUEUE = 20;

    /** A new file in the folder. */
    static NumberFile in(Path folder) {
        var numbers = new NumberFile(new SqliteFile(folder.resolve("gatepost.db")));
        try (var writer = numbers.writer(Courtesy.here(), System::nanoTime)) {
            writer.write(handle -> {
                handle.execute("create table number (value integer primary key) strict");
                return handle.execute("""
                        create table child (parent integer references number (value) deferrable initially deferred) strict""");
            });
        }
        return numbers;
    }

    SqliteWriter writer(Courtesy courtesy, LongSupplier nanos) {
        return new SqliteWriter(file, QUEUE, courtesy, nanos);
    }

    /** Rows that another connection sees. */
    int committed() {
        try (var connection = DriverManager.getConnection(file.url());
                var statement = connection.createStatement();
                var row = statement.executeQuery("select count(*) from number")) {
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    static int insert(Handle handle, int number) {
        return handle.createUpdate("insert into number (value) values (:number)")
                .bind("number", number)
                .execute();
    }

    static int count(Handle handle) {
        return handle.createQuery("select count(*) from number")
                .mapTo(Integer.class)
                .one();
    }

    static int waitFor(CountDownLatch latch) {
        try {
            latch.await();
            return 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Keeps a writer busy with a unit of its own, so that what is submitted meanwhile meets in one batch. */
    static final class Gate {
        private final CountDownLatch opened = new CountDownLatch(1);

        Gate(SqliteWriter writer) throws InterruptedException {
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
}
