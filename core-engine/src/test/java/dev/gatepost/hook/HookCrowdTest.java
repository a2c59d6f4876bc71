package dev.gatepost.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** As many subscriptions as a workspace may have. */
class HookCrowdTest {
    private static final Duration SOON = Duration.ofMinutes(3);
    private static final int ALL = Subscriptions.PER_WORKSPACE_MAX;
    private static final int IN_ONE_COMMIT = 100;
    private static final int PAGE = 100;
    private static final int CALLERS = 128;

    private final HookWorld world = new HookWorld(Dialect.SQLITE);

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("Bad input: 10,000 subscriptions are made, listed by page, each told of one event once, and ended; "
            + "one more is refused")
    void manages10000Subscriptions() {
        world.hooks.start();
        var made = subscribeAll();
        assertThat(listed()).isEqualTo(made);
        assertThatThrownBy(() -> subscribeOnce(ALL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 10000 webhook subscriptions")
                .hasMessageContaining("remove some");

        Set<String> paths = ConcurrentHashMap.newKeySet();
        var calls = new AtomicInteger();
        world.watcher = seen -> {
            paths.add(seen.path());
            calls.incrementAndGet();
        };
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");
        await().atMost(SOON).until(() -> paths.size() == ALL);
        await().atMost(SOON).until(() -> waiting() == 0);
        assertThat(calls).hasValue(ALL);

        assertThat(unsubscribe(made)).isEqualTo(ALL);
        assertThat(listed()).isEmpty();
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v2", "{}");
        assertThat(rows()).as("what was told went with its subscription").isZero();
    }

    private List<String> subscribeAll() {
        var made = new ArrayList<String>();
        for (int from = 0; from < ALL; from += IN_ONE_COMMIT) {
            int first = from;
            made.addAll(world.store.database().<List<String>>write(handle -> {
                var ids = new ArrayList<String>();
                for (int i = first; i < first + IN_ONE_COMMIT; i++) {
                    ids.add(world.hooks
                            .subscribe(handle, By.COMMAND.in("main"), draft(i))
                            .id());
                }
                return ids;
            }));
            world.hooks.changed();
        }
        return made;
    }

    private Subscription subscribeOnce(int number) {
        return world.subscribe(draft(number));
    }

    private SubscriptionDraft draft(int number) {
        return new SubscriptionDraft(
                "main",
                world.url("/" + number),
                Set.of(HookEvent.VERIFICATION_COMPLETED),
                "",
                Set.of(),
                Consumer.ZAPIER,
                "");
    }

    /** Many at once, as when many people switch their Zaps off; how many were there. */
    private int unsubscribe(List<String> ids) {
        var removed = new AtomicInteger();
        try (var callers =
                Executors.newFixedThreadPool(CALLERS, Thread.ofVirtual().factory())) {
            ids.forEach(id -> callers.execute(
                    () -> removed.addAndGet(world.hooks.unsubscribe(By.COMMAND.in("main"), id) ? 1 : 0)));
        }
        return removed.get();
    }

    private List<String> listed() {
        var ids = new ArrayList<String>();
        while (true) {
            var page = world.hooks.page("main", ids.isEmpty() ? "" : ids.getLast(), PAGE);
            page.forEach(each -> ids.add(each.id()));
            if (page.size() < PAGE) {
                assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
                return ids;
            }
        }
    }

    private long waiting() {
        return count("select count(*) from hook_delivery where due_at is not null");
    }

    private long rows() {
        return count("select count(*) from hook_delivery");
    }

    private long count(String sql) {
        return world.store
                .database()
                .<Long>read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }
}
