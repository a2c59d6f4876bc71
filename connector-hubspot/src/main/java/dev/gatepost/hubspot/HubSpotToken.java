package dev.gatepost.hubspot;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import dev.gatepost.hubspot.HubSpotOAuth.Grant;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where a portal's access token comes from. Safe for any thread. */
sealed interface HubSpotToken {
    /** The token to call with now. */
    Held held();

    /** Scopes we ask for that the last token was given without; empty while that is not known. */
    default List<String> missingScopes() {
        return List.of();
    }

    /** HubSpot says this token has expired: whether it is worth another try with a new one. */
    default boolean renews(String token) {
        return false;
    }

    /** What asking for the token brought. */
    sealed interface Held {
        /** It. */
        record Good(String token) implements Held {
            /** Without the token. */
            @Override
            public String toString() {
                return "Good";
            }
        }

        /** There is none; why stands in the answer. */
        record None(HubSpotAnswer answer) implements Held {
            public None {
                requireNonNull(answer, "answer");
            }
        }
    }

    /** One that does not expire: of a static app, a private app or a service key. */
    record Lasting(String token) implements HubSpotToken {
        @Override
        public Held held() {
            return new Held.Good(token);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return "Lasting";
        }
    }

    /** None any more: the refresh token has ended, and was erased. Only connecting again helps. */
    record Ended() implements HubSpotToken {
        /** What a person can do about it. */
        static final String MEND = "The app was taken out of the portal, or its access was revoked: connect again";

        @Override
        public Held held() {
            return new Held.None(new Denied(Refusal.NEEDS_REAUTH, "HubSpot ended the refresh token. " + MEND));
        }
    }

    /** Where what becomes of a refresh token is told. */
    interface Keeper {
        /** This one is to be used from now on. */
        void changed(String refreshToken);

        /** HubSpot takes this one no more. */
        void ended(String refreshToken);
    }

    /** One that lives half an hour and is had anew for a refresh token, early, by one thread while the others wait. */
    final class Renewed implements HubSpotToken {
        /** How long before its end a token is renewed. */
        static final Duration EARLY = Duration.ofMinutes(5);

        private final HubSpotOAuth oauth;
        private final InstantSource clock;
        private final Keeper keeper;
        private final ReentrantLock renewing = new ReentrantLock();
        /** Guarded by {@link #renewing}. */
        private String refreshToken;
        /** What is answered once HubSpot takes the refresh token no more. Guarded by {@link #renewing}. */
        private @Nullable Held ended;

        private volatile List<String> missing = List.of();
        private volatile Access access = new Access("", Instant.MIN);

        private record Access(String token, Instant renewAt) {}

        Renewed(HubSpotOAuth oauth, InstantSource clock, String refreshToken, Keeper keeper) {
            this.oauth = requireNonNull(oauth, "oauth");
            this.clock = requireNonNull(clock, "clock");
            this.refreshToken = requireNonNull(refreshToken, "refreshToken");
            this.keeper = requireNonNull(keeper, "keeper");
        }

        /** Begins with a token that is there already; called before the first use. */
        void begin(String token, Instant until) {
            access = new Access(token, until.minus(EARLY));
        }

        @Override
        public Held held() {
            var seen = access;
            return isGood(seen) ? new Held.Good(seen.token()) : renew();
        }

        @Override
        public List<String> missingScopes() {
            return missing;
        }

        @Override
        public boolean renews(String expired) {
            renewing.lock();
            try {
                if (access.token().equals(expired)) {
                    access = new Access("", Instant.MIN);
                }
                return true;
            } finally {
                renewing.unlock();
            }
        }

        private boolean isGood(Access seen) {
            return clock.instant().isBefore(seen.renewAt());
        }

        private Held renew() {
            renewing.lock();
            try {
                if (ended != null) {
                    return ended;
                }
                var seen = access;
                return isGood(seen) ? new Held.Good(seen.token()) : take(oauth.refresh(refreshToken));
            } finally {
                renewing.unlock();
            }
        }

        private Held take(Grant grant) {
            return switch (grant) {
                case Grant.Granted(var token, var refresh, var life, var _, var scopes) -> {
                    missing = scopes.isEmpty()
                            ? List.of()
                            : HubSpotOAuth.SCOPES.stream()
                                    .filter(scope -> !scopes.contains(scope))
                                    .toList();
                    if (!refresh.isEmpty() && !refresh.equals(refreshToken)) {
                        keeper.changed(refresh);
                        refreshToken = refresh;
                    }
                    var early = life.compareTo(EARLY.multipliedBy(2)) > 0 ? EARLY : life.dividedBy(2);
                    access = new Access(token, clock.instant().plus(life).minus(early));
                    yield new Held.Good(token);
                }
                case Grant.Refused refused -> {
                    var none = new Held.None(new Denied(Refusal.NEEDS_REAUTH, refused.why() + ". " + Ended.MEND));
                    if (refused.endsRefreshToken()) {
                        ended = none; // asking for a dead token again is one more error
                        keeper.ended(refreshToken);
                    }
                    yield none;
                }
                case Grant.Later(var after, var why) -> new Held.None(new Later(after, why, Attempt.COUNTED));
            };
        }
    }
}
