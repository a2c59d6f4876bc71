package dev.gatepost.hook;

import static java.util.stream.Collectors.toSet;

import dev.gatepost.egress.RetryPlan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who is left alone for a while (reliability W6): one receiver for what it answers, since others at the same host, such as
 * other people's Zaps, may be well; all receivers at one host when nothing answers there. Safe for any thread.
 */
final class Breakers {
    private final Map<String, Breaker> subscriptions = new ConcurrentHashMap<>();
    private final Map<String, Breaker> hosts = new ConcurrentHashMap<>();

    /** Both breakers that a call to one receiver must pass. */
    record Pair(Breaker subscription, Breaker host) {
        /** Whether a call may be made now; it must be made then, and {@link #learn} told of it. */
        boolean admit(Instant now) {
            if (!subscription.admits(now)) {
                return false;
            }
            if (!host.admits(now)) {
                subscription.spared();
                return false;
            }
            return true;
        }

        /** When a call may be made at the earliest. */
        Instant until() {
            return subscription.until().isAfter(host.until()) ? subscription.until() : host.until();
        }

        /** How a call went. */
        void learn(Attempt attempt, Instant now) {
            switch (attempt) {
                case Attempt.Delivered _, Attempt.Gone _, Attempt.Refused _ -> {
                    subscription.succeeded(now);
                    host.succeeded(now);
                }
                case Attempt.Hold(var _, var _, var atLeast) -> {
                    subscription.holdUntil(now.plus(RetryPlan.free(atLeast)));
                    host.succeeded(now);
                }
                case Attempt.TryAgain(var status, var _, var _) -> {
                    subscription.failed(now);
                    if (status == 0) {
                        host.failed(now);
                    } else {
                        host.succeeded(now);
                    }
                }
            }
        }
    }

    Pair of(Subscription subscription) {
        return new Pair(
                subscriptions.computeIfAbsent(subscription.id(), _ -> new Breaker()),
                hosts.computeIfAbsent(subscription.host(), _ -> new Breaker()));
    }

    /** Forgets receivers, and hosts, that nobody is told at any more. */
    void keepOnly(List<Subscription> told) {
        subscriptions.keySet().retainAll(told.stream().map(Subscription::id).collect(toSet()));
        hosts.keySet().retainAll(told.stream().map(Subscription::host).collect(toSet()));
    }
}
