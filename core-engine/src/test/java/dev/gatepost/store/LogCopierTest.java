package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogCopierTest {
    /** More than the pages of a new database, less than the writer lets come together before it copies itself. */
    private static final int BYTES = 2 << 20;

    private static final int QUEUE = 20;

    @TempDir
    private Path folder;

    @Test
    void copiesTheLogIntoTheDatabaseBesideTheWriter() {
        var path = folder.resolve("gatepost.db");
        var writer = new SqliteWriter(new SqliteFile(path), QUEUE, Courtesy.here(), System::nanoTime);
        try {
            writer.write(handle -> {
                handle.execute("create table thing (content blob not null) strict");
                return handle.execute("insert into thing values (randomblob(?))", BYTES);
            });

            await().until(() -> Files.size(path) > BYTES);
            int more = writer.write(handle -> handle.execute("insert into thing values (randomblob(?))", BYTES));
            await().until(() -> Files.size(path) > 2 * BYTES);

            assertThat(more).isOne();
        } finally {
            writer.close();
        }
    }

    @Test
    void copiesSoonerTheMoreThereIs() {
        var second = Duration.ofSeconds(1);

        assertThat(LogCopier.next(second, LogCopier.PAGES_WANTED)).isEqualTo(second);
        assertThat(LogCopier.next(second, LogCopier.PAGES_WANTED / 2)).isEqualTo(second.multipliedBy(2));
        assertThat(LogCopier.next(second, 100L * LogCopier.PAGES_WANTED)).isEqualTo(LogCopier.EVERY_MIN);
        assertThat(LogCopier.next(second, 0)).isEqualTo(LogCopier.EVERY_MAX);
    }

    @Test
    void leavesNothingInTheLogWhenTheWriterHasClosed() {
        var file = new SqliteFile(folder.resolve("gatepost.db"));
        var writer = new SqliteWriter(file, QUEUE, Courtesy.here(), System::nanoTime);
        writer.write(handle -> handle.execute("create table thing (content blob not null) strict"));

        writer.close();

        assertThat(file.logBytes()).isZero();
    }
}
