package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.gatepost.egress.UrlRules;
import dev.gatepost.hook.Subscription.State;
import dev.gatepost.store.Database;
import dev.gatepost.store.JobScheduler;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import okhttp3.OkHttpClient;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outgoing webhooks: who is told, and the telling. One task for each subscription with something due, run by db-scheduler on
 * one node of the cluster at a time, so that a receiver that is slow or dead holds up nobody else. Safe for any thread.
 */
public final class Hooks implements AutoCloseable {
    private static final String TASK = "hook";

    /** Receivers called on this node at once; each is one mostly waiting virtual thread. */
    private static final int ROUNDS_MAX = 1_000;

    /** How soon rows are looked for whose transaction was under way when they were announced. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);
    private static final Duration REFRESH_EVERY = Duration.ofMillis(500);
    private static final Duration CALLBACKS_EVERY = Duration.ofMillis(200);
    private static final Duration PURGE_EVERY = Duration.ofMinutes(1);

    /** How long ended deliveries are kept (reliability L3). */
    private static final Duration KEPT = Duration.ofDays(7);

    private static final int PURGED_AT_ONCE = 500;

    /** How long an announced subscription is looked at so often; after it the sweep finds what is due. */
    private static final Duration ANNOUNCED_MAX = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(Hooks.class);

    private final HookParts parts;
    private final HookTools tools;
    private final CallbackCalls callbackCalls;
    private final Farewells farewells;
    private final Map<String, Round> running = new ConcurrentHashMap<>();
    private final Breakers breakers = new Breakers();
    private final Map<String, Instant> announced = new ConcurrentHashMap<>();
    private final OneTimeTask<Void> task;
    private final Scheduler scheduler;
    private final Thread waker;
    private volatile boolean closing;

    /**
     * What it is built from.
     *
     * @param jobs where db-scheduler keeps its table
     * @param clients HTTP clients that reach only what each kind of receiver may be at
     * @param urls the same rules, for URLs that are saved
     * @param zapierHosts names at and below which Zaps are called
     * @param agent the header {@code User-Agent}
     */
    public record HookParts(
            Database database,
            DataSource jobs,
            Subscriptions subscriptions,
            Outbox outbox,
            Function<Set<String>, OkHttpClient> clients,
            Function<Set<String>, UrlRules> urls,
            Set<String> zapierHosts,
            String agent,
            InstantSource clock,
            RandomGenerator random) {
        /** Names at and below which a receiver must be; empty is any. */
        Set<String> hosts(Consumer consumer) {
            return switch (consumer) {
                case GENERIC -> Set.of();
                case ZAPIER -> zapierHosts;
            };
        }
    }

    /** Built, not yet started. */
    public Hooks(HookParts parts) {
        this.parts = requireNonNull(parts, "parts");
        var call = new HookCall(consumer -> parts.clients().apply(parts.hosts(consumer)), parts.clock(), parts.agent());
        this.tools = new HookTools(parts.database(), parts.subscriptions(), call, parts.clock(), parts.random());
        this.callbackCalls = new CallbackCalls(tools);
        this.farewells = new Farewells(tools);
        this.task = Tasks.oneTime(TASK).execute((instance, _) -> round(instance.getId()));
        this.scheduler = JobScheduler.of(
                parts.jobs(),
                List.of(task),
                Thread.ofVirtual().name("hooks-", 0).factory(),
                ROUNDS_MAX);
        this.waker = Thread.ofPlatform().daemon().name("hook-waker").unstarted(this::wake);
    }

    /** Starts telling, also what was left by an earlier run. */
    public void start() {
        parts.subscriptions().refresh();
        scheduler.start();
        waker.start();
    }

    /** What is wrong with a URL to be told at, or the URL as it will be called. */
    public UrlRules.Outcome check(Consumer consumer, String url) {
        return parts.urls().apply(parts.hosts(consumer)).check(url);
    }

    /**
     * Adds a subscription within the caller's transaction; {@link #changed()} after it. Its secret is for the one who asked.
     *
     * @param by who asks; it stands in the audit log
     * @param draft with a URL that {@link #check} accepted
     * @throws IllegalArgumentException when the workspace has as many as it may have
     */
    public Subscription subscribe(Handle handle, By by, SubscriptionDraft draft) {
        var made = parts.subscriptions().add(handle, draft);
        parts.subscriptions().note(handle, by, AuditAction.HOOK_MADE, made.id(), "");
        return made;
    }

    /** Subscriptions were changed here: what is in memory is brought up to date at once. */
    public void changed() {
        parts.subscriptions().refresh();
    }

    /** Ends a subscription of the workspace as its receiver wishes; false when there is none. */
    public boolean unsubscribe(By by, String id) {
        return end(by, id, (handle, found) -> parts.subscriptions().remove(handle, by.workspaceId(), found.id()));
    }

    /** Ends a subscription of which its receiver does not know yet: a Zap is told. False when there is none. */
    public boolean end(By by, String id) {
        var now = parts.clock().instant();
        return end(by, id, (handle, found) -> farewells.end(handle, found, now));
    }

    private boolean end(By by, String id, BiPredicate<Handle, Subscription> ending) {
        boolean removed = parts.database().write(handle -> {
            var found = parts.subscriptions().find(handle, by.workspaceId(), id);
            var isGone = found.isPresent() && ending.test(handle, found.get());
            if (isGone) {
                parts.subscriptions().note(handle, by, AuditAction.HOOK_REMOVED, id, "");
            }
            return isGone;
        });
        if (removed) {
            parts.subscriptions().removed(id);
        }
        return removed;
    }

    /** Makes a new secret, which is for the one who asked; the old one goes on for a day. */
    public Optional<String> rotate(By by, String id) {
        var secret = parts.database().<Optional<String>>write(handle -> {
            var fresh = parts.subscriptions().rotate(handle, by.workspaceId(), id);
            fresh.ifPresent(_ -> parts.subscriptions().note(handle, by, AuditAction.HOOK_CHANGED, id, "a new secret"));
            return fresh;
        });
        changed();
        return secret;
    }

    /** Starts a disabled subscription again; false when it was not disabled, or there is none. */
    public boolean enable(By by, String id) {
        boolean started = parts.database().write(handle -> {
            var isStarted =
                    parts.subscriptions().find(handle, by.workspaceId(), id).isPresent()
                            && parts.subscriptions().setState(handle, id, State.ACTIVE, "");
            if (isStarted) {
                parts.subscriptions().note(handle, by, AuditAction.HOOK_CHANGED, id, "enabled");
            }
            return isStarted;
        });
        changed();
        return started;
    }

    /** One subscription. */
    public Optional<Subscription> find(String workspaceId, String id) {
        return parts.database().read(handle -> parts.subscriptions().find(handle, workspaceId, id));
    }

    /** At most {@code limit} after the one with {@code afterId}, oldest first. */
    public List<Subscription> page(String workspaceId, String afterId, int limit) {
        return parts.database().read(handle -> parts.subscriptions().page(handle, workspaceId, afterId, limit));
    }

    /** The latest deliveries of one subscription before {@code beforeId} (empty: from the newest), newest first. */
    public List<HookDelivery> deliveries(String workspaceId, String id, String beforeId, int limit) {
        return parts.database()
                .read(handle ->
                        parts.subscriptions().find(handle, workspaceId, id).isEmpty()
                                ? List.<HookDelivery>of()
                                : DeliveryRows.latest(handle, id, beforeId, limit));
    }

    /** Sends one delivery again; false when there is none. */
    public boolean redeliver(String workspaceId, String id, String deliveryId) {
        boolean again = parts.database()
                .write(handle ->
                        parts.subscriptions().find(handle, workspaceId, id).isPresent()
                                && DeliveryRows.again(
                                        handle, id, deliveryId, parts.clock().instant()));
        if (again) {
            parts.outbox().touched().add(id);
        }
        return again;
    }

    /** Posts a sample to a receiver now, and says how that went. Nothing of it is stored. */
    public Attempt test(Subscription subscription, String body) {
        return tools.call()
                .post(
                        subscription,
                        "msg_test_" + subscription.id(),
                        HookSamples.event(subscription).word(),
                        body);
    }

    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(waker);
        running.values().forEach(Round::stop);
        scheduler.stop();
    }

    private void round(String id) {
        var subscription = parts.subscriptions().known(id).filter(Subscription::isActive);
        if (subscription.isEmpty()) {
            return;
        }
        var round = new Round(tools, subscription.get(), breakers.of(subscription.get()));
        running.put(id, round);
        try {
            round.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("deliveries failed subscription={}; resumed in a second", id, e);
        } finally {
            running.remove(id);
        }
    }

    /** Looks at once for what was announced, and each second for whatever the table says is due. */
    private void wake() {
        var sweep = new Every(SWEEP_EVERY);
        var callbacks = new Every(CALLBACKS_EVERY);
        var refresh = new Every(REFRESH_EVERY);
        var purge = new Every(PURGE_EVERY);
        while (!closing) {
            try {
                announced();
                if (callbacks.isTime()) {
                    callbackCalls.sweep();
                }
                if (refresh.isTime()) {
                    parts.subscriptions().refresh();
                }
                if (sweep.isTime()) {
                    farewells.sweep();
                    sweep(ids(parts.subscriptions().active()));
                }
                if (purge.isTime()) {
                    purge();
                }
            } catch (RuntimeException e) {
                LOG.error("looking for due deliveries failed; tried again in a second", e);
                LockSupport.parkNanos(SWEEP_EVERY.toNanos());
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    private static Set<String> ids(List<Subscription> subscriptions) {
        return subscriptions.stream().map(Subscription::id).collect(toSet());
    }

    private void announced() {
        var now = parts.clock().instant();
        var touched = parts.outbox().touched();
        for (var id : Set.copyOf(touched)) {
            touched.remove(id);
            announced.put(id, now);
        }
        if (announced.isEmpty()) {
            return;
        }
        sweep(Set.copyOf(announced.keySet()));
        announced.values().removeIf(since -> since.isBefore(now.minus(ANNOUNCED_MAX)));
    }

    /** Lets go on whoever has something due and may be called; of more than can be called at once, those with the lowest ids. */
    private void sweep(Set<String> among) {
        var now = parts.clock().instant();
        var due = parts.database().<List<String>>read(handle -> DeliveryRows.subscriptionsDue(handle, among, now));
        due.stream().map(running::get).filter(Objects::nonNull).forEach(Round::wake);
        due.stream()
                .filter(id -> !running.containsKey(id))
                .filter(id -> parts.subscriptions()
                        .known(id)
                        .filter(known -> !now.isBefore(breakers.of(known).until()))
                        .isPresent())
                .limit(Math.max(0, ROUNDS_MAX - running.size()))
                .forEach(id -> scheduler.scheduleIfNotExists(task.instance(id), Instant.now()));
    }

    private void purge() {
        breakers.keepOnly(parts.subscriptions().active());
        var now = parts.clock().instant();
        var before = now.minus(KEPT);
        parts.database().<Integer>write(handle -> Callbacks.purge(handle, before, now, PURGED_AT_ONCE));
        while (!closing
                && parts.database().<Integer>write(handle -> DeliveryRows.purge(handle, before, PURGED_AT_ONCE))
                        == PURGED_AT_ONCE) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Says when it is time again. */
    private static final class Every {
        private final Duration period;
        private long next = System.nanoTime();

        Every(Duration period) {
            this.period = period;
        }

        boolean isTime() {
            if (System.nanoTime() - next < 0) {
                return false;
            }
            next = System.nanoTime() + period.toNanos();
            return true;
        }
    }
}
