package dev.gatepost.store;

import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.Ledger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.crypto.spec.SecretKeySpec;

/**
 * How fast the store is on this machine's disk. Run by hand: a class with a main method on the test class path, the
 * number of seconds for each measurement as its argument (5), and {@code POSTGRESQL} as a second for that database.
 */
public final class StoreBenchmark {
    private static final int GROUP = 100;

    private final Database database;
    private final Duration each;

    private StoreBenchmark(Database database, Duration each) {
        this.database = database;
        this.each = each;
    }

    public static void main(String[] arguments) throws Exception {
        var seconds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        var dialect = arguments.length > 1 ? Dialect.valueOf(arguments[1]) : Dialect.SQLITE;
        for (int i = 0; i < 2; i++) {
            var start = System.nanoTime();
            Stores.fresh(dialect).close();
            System.out.printf("making and closing a new store %10.1f ms%n", millis(System.nanoTime() - start));
        }
        try (var store = Stores.fresh(dialect)) {
            for (int i = 0; i < 3; i++) {
                var start = System.nanoTime();
                store.reopen();
                System.out.printf("opening an existing store      %10.1f ms%n", millis(System.nanoTime() - start));
            }
            new StoreBenchmark(store.database(), Duration.ofSeconds(seconds)).run();
        }
    }

    private void run() throws Exception {
        database.write(handle -> {
            handle.execute("create table thing (id varchar(40) primary key, body text not null)");
            return handle.execute("insert into workspace (id, name, created_at) values ('main', 'Main', 0)");
        });
        var ids = new AtomicInteger();
        Database.Work<Integer> insert =
                handle -> handle.createUpdate("insert into thing (id, body) values (:id, :body)")
                        .bind("id", "t" + ids.incrementAndGet())
                        .bind("body", "x".repeat(300))
                        .execute();
        measure("rows, one each, 1 caller", 1, 1, any -> () -> database.write(insert));
        measure("rows, one each, 64 callers", 64, 1, any -> () -> database.write(insert));
        measure("rows, one each, 256 callers", 256, 1, any -> () -> database.write(insert));
        measure(
                "rows, 100 each, 8 callers",
                8,
                GROUP,
                any -> () -> database.write(handle -> {
                    var batch = handle.prepareBatch("insert into thing (id, body) values (?, ?)");
                    for (int i = 0; i < GROUP; i++) {
                        batch.bind(0, "t" + ids.incrementAndGet())
                                .bind(1, "x".repeat(300))
                                .add();
                    }
                    return batch.execute().length;
                }));
        ledger(ids);
        measure(
                "reads by key, 64 callers",
                64,
                1,
                any -> () -> database.read(handle -> handle.createQuery("select body from thing where id = :id")
                        .bind("id", "t" + (any + 1))
                        .mapTo(String.class)
                        .one()));
    }

    private void ledger(AtomicInteger ids) throws Exception {
        var key = new SecretKeySpec("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        var ledger = new Ledger(database, key, InstantSource.system());
        database.<Integer>write(handle -> ledger.post(handle, "main", posting -> {
            posting.grant(Grant.of("benchmark", 1_000_000_000, ""));
            return 0;
        }));
        measure("credits reserved and settled, 100 each, 4 callers", 4, GROUP, any -> () -> {
            var keys = IntStream.range(0, GROUP)
                    .mapToObj(i -> "crm:c1:" + ids.incrementAndGet())
                    .toList();
            database.<Integer>write(handle -> ledger.post(handle, "main", posting -> {
                posting.expect(keys);
                keys.forEach(each -> posting.reserve(each, "v"));
                return 0;
            }));
            return database.<Integer>write(handle -> ledger.post(handle, "main", posting -> {
                posting.expect(keys);
                keys.forEach(posting::settle);
                return 0;
            }));
        });
        var start = System.nanoTime();
        var check = ledger.check();
        System.out.printf("ledger check                   %10.1f ms  %s%n", millis(System.nanoTime() - start), check);
    }

    private void measure(String what, int callers, int unitsEach, IntFunction<Call> calls) throws Exception {
        var deadline = System.nanoTime() + each.toNanos();
        var start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var results = IntStream.range(0, callers)
                    .mapToObj(caller -> threads.submit(() -> loop(calls.apply(caller), deadline)))
                    .toList();
            var waits = results.stream()
                    .flatMapToLong(StoreBenchmark::waits)
                    .sorted()
                    .toArray();
            var seconds = (System.nanoTime() - start) / 1e9;
            System.out.printf(
                    "%-50s %,10.0f /s   p50 %6.2f ms  p99 %6.2f ms%n",
                    what,
                    waits.length * (double) unitsEach / seconds,
                    millis(waits[waits.length / 2]),
                    millis(waits[(int) (waits.length * 0.99)]));
        }
    }

    private static long[] loop(Call call, long deadline) throws Exception {
        var waits = new long[1 << 16];
        int count = 0;
        for (long now = System.nanoTime(); now < deadline; now = System.nanoTime()) {
            call.run();
            if (count == waits.length) {
                waits = Arrays.copyOf(waits, waits.length * 2);
            }
            waits[count++] = System.nanoTime() - now;
        }
        return Arrays.copyOf(waits, count);
    }

    private static LongStream waits(Future<long[]> result) {
        try {
            return Arrays.stream(result.get());
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static double millis(long nanos) {
        return nanos / 1e6;
    }

    private interface Call {
        Object run() throws Exception;
    }
}
