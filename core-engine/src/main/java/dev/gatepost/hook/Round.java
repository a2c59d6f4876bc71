package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.RetryPlan;
import dev.gatepost.hook.DeliveryRows.Change;
import dev.gatepost.hook.HookDelivery.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers what is due to one receiver, several messages side by side, until nothing is due or the receiver is to be left
 * alone. One runs in the cluster for each subscription; one thread runs it, and only {@link #wake()} and {@link #stop()} may
 * be called from others.
 */
final class Round {
    /** Calls to one receiver at once. */
    private static final int CALLS_MAX = 32;

    private static final Duration TURN_WAIT_MAX = Duration.ofMillis(250);

    /** Reliability W6: a receiver that failed for so long without one success is given up. */
    private static final Duration FAILING_MAX = Duration.ofDays(5);

    private static final Logger LOG = LoggerFactory.getLogger(Round.class);

    private final HookTools tools;
    private final Subscription subscription;
    private final Breakers.Pair breakers;
    private final LinkedBlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Set<String> running = new HashSet<>();
    private final Set<String> subjects = new HashSet<>();
    private boolean isFailing = true; // not known: the first success says so
    private boolean isOver;
    private volatile boolean stopping;

    Round(HookTools tools, Subscription subscription, Breakers.Pair breakers) {
        this.tools = requireNonNull(tools, "tools");
        this.subscription = requireNonNull(subscription, "subscription");
        this.breakers = requireNonNull(breakers, "breakers");
    }

    private sealed interface Signal {
        record Wake() implements Signal {}

        record Done(HookDelivery delivery, Attempt attempt) implements Signal {}
    }

    void wake() {
        signals.add(new Signal.Wake());
    }

    void stop() {
        stopping = true;
        wake();
    }

    /** Works until nothing is to be done now. */
    void run() throws InterruptedException {
        while (true) {
            var begun = stopping || isOver ? 0 : begin();
            if (begun == 0 && running.isEmpty() && signals.isEmpty()) {
                return;
            }
            takeIn(await());
        }
    }

    /** Starts as many calls as there is room for; returns how many. */
    private int begin() {
        int room = CALLS_MAX - running.size();
        if (room <= 0 || tools.clock().instant().isBefore(breakers.until())) {
            return 0;
        }
        var due = tools.read(handle ->
                DeliveryRows.due(handle, subscription.id(), tools.clock().instant(), CALLS_MAX + running.size()));
        int begun = 0;
        for (var delivery : due) {
            if (begun == room) {
                break;
            }
            if (running.contains(delivery.id()) || subjects.contains(delivery.subject())) {
                continue;
            }
            if (!breakers.admit(tools.clock().instant())) {
                break;
            }
            running.add(delivery.id());
            subjects.add(delivery.subject());
            begun++;
            Thread.ofVirtual().name("hook-", 0).start(() -> signals.add(new Signal.Done(delivery, call(delivery))));
        }
        return begun;
    }

    private Attempt call(HookDelivery delivery) {
        try {
            return tools.call().post(subscription, delivery.id(), delivery.event(), delivery.body());
        } catch (RuntimeException e) {
            LOG.error("delivery failed here delivery={}", delivery.id(), e);
            return new Attempt.TryAgain(0, "internal error", Duration.ZERO);
        }
    }

    private List<Signal> await() throws InterruptedException {
        var all = new ArrayList<Signal>();
        var first = signals.poll(TURN_WAIT_MAX.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            all.add(first);
        }
        signals.drainTo(all);
        return all;
    }

    /** One commit for whatever has come back. */
    private void takeIn(List<Signal> arrived) {
        var done = arrived.stream()
                .filter(Signal.Done.class::isInstance)
                .map(Signal.Done.class::cast)
                .toList();
        if (done.isEmpty()) {
            return;
        }
        var now = tools.clock().instant();
        var changes = done.stream().map(each -> change(each, now)).toList();
        var delivered = done.stream().anyMatch(each -> each.attempt() instanceof Attempt.Delivered);
        var gone = done.stream().anyMatch(each -> each.attempt() instanceof Attempt.Gone);
        var failed = done.stream()
                .anyMatch(each -> each.attempt() instanceof Attempt.TryAgain || each.attempt() instanceof Attempt.Hold);
        tools.database().write(handle -> {
            DeliveryRows.change(handle, changes, now);
            if (gone) {
                tools.subscriptions()
                        .setState(handle, subscription.id(), Subscription.State.DISABLED, "the receiver answered 410");
                DeliveryRows.giveUp(handle, subscription.id(), "the receiver is gone", now);
            } else if (delivered && isFailing) {
                Subscriptions.succeeding(handle, subscription.id());
            } else if (failed && !delivered) {
                fail(handle, now);
            }
            return true;
        });
        isFailing = !delivered && (isFailing || failed);
        done.forEach(each -> {
            running.remove(each.delivery().id());
            subjects.remove(each.delivery().subject());
        });
        if (gone) {
            isOver = true;
            LOG.info("subscription ended by its receiver subscription={}", subscription.id());
        }
    }

    private void fail(Handle handle, Instant now) {
        Subscriptions.failing(handle, subscription.id(), now);
        var since = tools.subscriptions()
                .find(handle, subscription.draft().workspaceId(), subscription.id())
                .map(Subscription::failingSince);
        if (since.isPresent() && since.get().isBefore(now.minus(FAILING_MAX))) {
            var why = "no success since " + since.get();
            tools.subscriptions().setState(handle, subscription.id(), Subscription.State.DISABLED, why);
            DeliveryRows.giveUp(handle, subscription.id(), why, now);
            isOver = true;
            LOG.warn("subscription disabled subscription={}: {}", subscription.id(), why);
        }
    }

    private Change change(Signal.Done done, Instant now) {
        var delivery = done.delivery();
        breakers.learn(done.attempt(), now);
        return switch (done.attempt()) {
            case Attempt.Delivered(var status) ->
                new Change(delivery, State.DELIVERED, delivery.attempts() + 1, null, status, "delivered");
            case Attempt.Gone gone ->
                new Change(delivery, State.DEAD, delivery.attempts() + 1, null, gone.status(), gone.outcome());
            case Attempt.Refused(var status, var outcome) ->
                new Change(delivery, State.DEAD, delivery.attempts() + 1, null, status, outcome);
            case Attempt.Hold(var status, var outcome, var atLeast) ->
                new Change(
                        delivery,
                        State.WAITING,
                        delivery.attempts(),
                        now.plus(RetryPlan.free(atLeast)),
                        status,
                        outcome);
            case Attempt.TryAgain(var status, var outcome, var atLeast) -> {
                int failures = delivery.attempts() + 1;
                yield RetryPlan.after(failures, atLeast, tools.random())
                        .map(wait -> new Change(delivery, State.WAITING, failures, now.plus(wait), status, outcome))
                        .orElseGet(() -> new Change(delivery, State.DEAD, failures, null, status, outcome));
            }
        };
    }
}
