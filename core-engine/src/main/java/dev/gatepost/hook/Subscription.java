package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is told.
 *
 * @param state whether it is told now
 * @param stateReason why it is not, for people
 * @param failingSince the first failure after the last success; null while all is well
 * @param secret the signing secret, {@code whsec_…}
 * @param previousSecret valid beside it until {@code previousUntil}; empty when there is none
 */
public record Subscription(
        String id,
        SubscriptionDraft draft,
        State state,
        String stateReason,
        @Nullable Instant failingSince,
        Instant createdAt,
        String secret,
        String previousSecret,
        @Nullable Instant previousUntil) {
    public Subscription {
        requireNonNull(id, "id");
        requireNonNull(draft, "draft");
        requireNonNull(state, "state");
        requireNonNull(stateReason, "stateReason");
        requireNonNull(createdAt, "createdAt");
        requireNonNull(secret, "secret");
        requireNonNull(previousSecret, "previousSecret");
    }

    /** Whether somebody is told. */
    public enum State {
        ACTIVE,
        /** The receiver is gone or failed for days; a person may start it again. */
        DISABLED;

        /** The word in JSON and tables. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }

    boolean isActive() {
        return state == State.ACTIVE;
    }

    /** The receiver's machine, which others may use too. */
    String host() {
        return String.valueOf(URI.create(draft.url()).getAuthority());
    }

    /** Without secrets; the URL of some receivers is one. */
    @Override
    public String toString() {
        return "Subscription[" + id + ", " + host() + ", " + state + "]";
    }
}
