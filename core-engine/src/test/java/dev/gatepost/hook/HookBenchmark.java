package dev.gatepost.hook;

import static org.awaitility.Awaitility.await;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Outgoing webhooks on the embedded store, with receivers on loopback in the same process: from the beginning of the
 * transaction that says what happened to the receiver's handler, at 50 a second; how many a second in a flood to one
 * receiver, and of one event to thousands; and the first again beside a receiver that never answers and has 100,000
 * waiting. Run by {@code ./check bench hooks}.
 */
final class HookBenchmark {
    private static final int PER_SECOND = 50;
    private static final int PACED = 1_000;
    private static final int FLOOD = 30_000;
    private static final int DEAD = 100_000;
    private static final int AT_ONCE = 500;

    /** Nearly as many as a workspace may have. */
    private static final int CROWD = 9_900;

    private static final String BODY = "{\"id\":\"%s\",\"filler\":\"" + "x".repeat(800) + "\"}";

    private HookBenchmark() {}

    public static void main(String[] arguments) {
        try (var world = new HookWorld(Dialect.SQLITE)) {
            world.hooks.start();
            world.subscribe("/alive", HookEvent.VERIFICATION_COMPLETED);
            paced(world, "warm-up");
            paced(world, "50 a second");
            flood(world);
            crowd(world);
            dead(world);
            paced(world, "50 a second beside a dead receiver with " + DEAD + " waiting");
        }
    }

    private static void paced(HookWorld world, String what) {
        var starts = new long[PACED];
        var waits = new long[PACED];
        Map<String, Integer> numbers = new ConcurrentHashMap<>();
        var seen = new AtomicInteger();
        world.watcher = call -> {
            var number = numbers.get(call.body());
            if (number != null) {
                waits[number] = System.nanoTime() - starts[number];
                seen.incrementAndGet();
            }
        };
        var next = System.nanoTime();
        for (int i = 0; i < PACED; i++) {
            var body = BODY.formatted(what + i);
            numbers.put(body, i);
            LockSupport.parkNanos(next - System.nanoTime());
            starts[i] = System.nanoTime();
            world.happens(HookEvent.VERIFICATION_COMPLETED, what + i, body);
            next += Duration.ofSeconds(1).toNanos() / PER_SECOND;
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> seen.get() >= PACED);
        Arrays.sort(waits);
        System.out.printf(
                "%-70s p50 %6.1f ms  p95 %6.1f ms  p99 %6.1f ms%n",
                what, waits[PACED / 2] / 1e6, waits[PACED * 95 / 100] / 1e6, waits[PACED * 99 / 100] / 1e6);
    }

    private static void flood(HookWorld world) {
        var count = new AtomicInteger();
        world.watcher = _ -> count.incrementAndGet();
        var start = System.nanoTime();
        fill(world, HookEvent.VERIFICATION_COMPLETED, "flood", FLOOD);
        await().atMost(Duration.ofMinutes(5)).until(() -> count.get() >= FLOOD);
        var seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%-70s %,8.0f /s%n", FLOOD + " at once to one receiver", FLOOD / seconds);
    }

    private static void crowd(HookWorld world) {
        for (int from = 0; from < CROWD; from += AT_ONCE) {
            int first = from;
            world.store.database().write(handle -> {
                for (int i = first; i < Math.min(first + AT_ONCE, CROWD); i++) {
                    world.hooks.subscribe(
                            handle,
                            By.COMMAND.in("main"),
                            new SubscriptionDraft(
                                    "main",
                                    world.url("/crowd/" + i),
                                    Set.of(HookEvent.CREDITS_LOW),
                                    "",
                                    Set.of(),
                                    Consumer.GENERIC,
                                    ""));
                }
                return true;
            });
            world.hooks.changed();
        }
        var count = new AtomicInteger();
        world.watcher = _ -> count.incrementAndGet();
        var start = System.nanoTime();
        fill(world, HookEvent.CREDITS_LOW, "crowd", 1);
        await().atMost(Duration.ofMinutes(5)).until(() -> count.get() >= CROWD);
        var seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%-70s %,8.0f /s%n", "one event to each of " + CROWD + " receivers", CROWD / seconds);
    }

    private static void dead(HookWorld world) {
        var never = new CountDownLatch(1);
        var url = world.receiver(exchange -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        world.subscribe(new SubscriptionDraft(
                "main", url, Set.of(HookEvent.EMAIL_REJECTED), "", Set.of(), Consumer.GENERIC, ""));
        fill(world, HookEvent.EMAIL_REJECTED, "dead", DEAD);
    }

    private static void fill(HookWorld world, HookEvent event, String name, int rows) {
        for (int from = 0; from < rows; from += AT_ONCE) {
            int first = from;
            world.store.database().write(handle -> {
                for (int i = first; i < Math.min(first + AT_ONCE, rows); i++) {
                    var body = BODY.formatted(name + i);
                    world.outbox.add(
                            handle, new Outbox.Happening("main", event, name + i, "standard", "valid", () -> body));
                }
                return true;
            });
        }
    }
}
