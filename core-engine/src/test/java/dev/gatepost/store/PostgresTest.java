package dev.gatepost.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTest {
    @Test
    @DisplayName("S5: a server with fsync off is refused")
    void refusesAServerThatDoesNotWaitForItsDisk() {
        try (var store = Stores.fresh(Dialect.POSTGRESQL)) {
            var settings = (DatabaseSettings.Postgres) store.settings();

            assertThatThrownBy(() -> Database.open(
                            new DatabaseSettings.Postgres(settings.login(), 2, 10, DatabaseSettings.Fsync.REQUIRED)))
                    .isInstanceOfSatisfying(
                            StoreUnusable.class, e -> assertThat(e.code()).isEqualTo("fsync_off"));
        }
    }

    @Test
    @DisplayName("S5: every session commits synchronously, whatever the server's default")
    void setsSynchronousCommitForEachSession() {
        try (var store = Stores.fresh(Dialect.POSTGRESQL)) {
            String name = store.database()
                    .read(handle -> handle.createQuery("select current_database()")
                            .mapTo(String.class)
                            .one());
            store.database()
                    .write(handle -> handle.execute("alter database " + name + " set synchronous_commit = off"));

            String answer = store.reopen()
                    .write(handle -> handle.createQuery("show synchronous_commit")
                            .mapTo(String.class)
                            .one());

            assertThat(answer).isEqualTo("on");
        }
    }

    @Test
    void triesTheLoserOfADeadlockAgain() throws Exception {
        try (var store = Stores.fresh(Dialect.POSTGRESQL)) {
            store.database().write(handle -> {
                handle.execute("create table counter (id integer primary key, value integer not null)");
                return handle.execute("insert into counter values (1, 0), (2, 0)");
            });
            var runs = new AtomicInteger();
            var bothHoldOne = new CountDownLatch(2);

            var forth = lockBoth(store, runs, bothHoldOne, 1, 2);
            var back = lockBoth(store, runs, bothHoldOne, 2, 1);

            assertThat(forth.get() + back.get()).isEqualTo(4);
            assertThat(runs).hasValue(3);
            int sum = store.database()
                    .read(handle -> handle.createQuery("select sum(value) from counter")
                            .mapTo(Integer.class)
                            .one());
            assertThat(sum).isEqualTo(4);
        }
    }

    private static Future<Integer> lockBoth(
            Stores store, AtomicInteger runs, CountDownLatch bothHoldOne, int first, int second) {
        return store.database().submit(handle -> {
            runs.incrementAndGet();
            var rows = raise(handle, first);
            bothHoldOne.countDown();
            try {
                bothHoldOne.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return rows + raise(handle, second);
        });
    }

    private static int raise(Handle handle, int id) {
        return handle.execute("update counter set value = value + 1 where id = ?", id);
    }

    @Test
    @DisplayName("P6: more work than the bound is refused")
    void refusesMoreWorkThanItsBound() throws Exception {
        try (var store = Stores.fresh(Dialect.POSTGRESQL)) {
            var settings = (DatabaseSettings.Postgres) store.settings();
            try (var narrow = Database.open(
                    new DatabaseSettings.Postgres(settings.login(), 2, 1, DatabaseSettings.Fsync.MAY_BE_OFF))) {
                var release = new CountDownLatch(1);
                var one = narrow.submit(handle -> {
                    try {
                        release.await();
                        return 1;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });

                assertThatThrownBy(() -> narrow.write(handle -> 2)).isInstanceOf(StoreBusy.class);
                assertThat(narrow.waiting()).isEqualTo(1);

                release.countDown();
                assertThat(one.get()).isEqualTo(1);
            }
        }
    }

    @Test
    void saysThatTheServerCannotBeReachedWithoutThePassword() {
        var login = PostgresLogin.parse("postgresql://me:s3cret@127.0.0.1:1/none");

        assertThatThrownBy(() -> Database.open(DatabaseSettings.Postgres.at(login)))
                .isInstanceOfSatisfying(StoreUnusable.class, e -> {
                    assertThat(e.code()).isEqualTo("database_unreachable");
                    assertThat(e.getMessage()).contains("127.0.0.1:1").doesNotContain("s3cret");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            postgresql://me:p%40ss@db.example:5433/gate?sslmode=require | jdbc:postgresql://db.example:5433/gate?sslmode=require | me | p@ss
            postgres://me@db.example/gate                               | jdbc:postgresql://db.example/gate                      | me | ''
            postgresql://db.example/gate                                | jdbc:postgresql://db.example/gate                      | '' | ''
            postgresql://me:a+b@db.example/gate                         | jdbc:postgresql://db.example/gate                      | me | a+b
            postgresql://me:a:b@[::1]:5432/gate                         | jdbc:postgresql://[::1]:5432/gate                      | me | a:b
            jdbc:postgresql://db.example/gate?user=me                   | jdbc:postgresql://db.example/gate?user=me              | '' | ''
            """)
    void readsTheAddressOfAServer(String url, String jdbcUrl, String user, String password) {
        assertThat(PostgresLogin.parse(url)).isEqualTo(new PostgresLogin(jdbcUrl, user, password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db.example",
                "mysql://me:s3cret@db/gate",
                "postgresql://",
                "postgresql://me:s3cret@db ex/gate"
            })
    void refusesWhatIsNoAddressOfAServerWithoutRepeatingIt(String url) {
        assertThatThrownBy(() -> PostgresLogin.parse(url)).isInstanceOfSatisfying(StoreUnusable.class, e -> {
            assertThat(e.code()).isEqualTo("database_url_wrong");
            assertThat(e.getMessage()).doesNotContain("s3cret");
        });
    }

    @Test
    void printsNoPassword() {
        assertThat(PostgresLogin.parse("postgresql://me:s3cret@db/gate"))
                .asString()
                .doesNotContain("s3cret");
    }
}
