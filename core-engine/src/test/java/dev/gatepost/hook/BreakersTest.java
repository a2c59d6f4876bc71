package dev.gatepost.hook;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("W6: an answer speaks for one receiver, silence for its machine")
class BreakersTest {
    private static final Instant START = Instant.parse("2026-11-23T21:00:00Z");

    private final Breakers breakers = new Breakers();
    private final Breakers.Pair one = breakers.of(subscription("1", "https://hooks.example.com/1"));
    private final Breakers.Pair neighbour = breakers.of(subscription("2", "https://hooks.example.com/2"));
    private final Breakers.Pair elsewhere = breakers.of(subscription("3", "https://other.example.com/3"));

    @Test
    void leavesOneReceiverAloneForItsAnswers() {
        fail(new Attempt.TryAgain(500, "answered 500", Duration.ZERO));

        assertThat(one.admit(START)).isFalse();
        assertThat(neighbour.admit(START)).isTrue();
    }

    @Test
    void leavesOneReceiverAloneThatAsksForIt() {
        one.learn(new Attempt.Hold(429, "answered 429", Duration.ofMinutes(2)), START);

        assertThat(one.until()).isEqualTo(START.plusSeconds(120));
        assertThat(neighbour.admit(START)).isTrue();
    }

    @Test
    void leavesAMachineAloneWhereNothingAnswers() {
        fail(new Attempt.TryAgain(0, "no connection: ConnectException", Duration.ZERO));

        assertThat(one.admit(START)).isFalse();
        assertThat(neighbour.admit(START)).isFalse();
        assertThat(neighbour.until()).isEqualTo(START.plusSeconds(30));
        assertThat(elsewhere.admit(START)).isTrue();
    }

    @Test
    void triesAMachineAgainWithOneCallOfAnyOfItsReceivers() {
        fail(new Attempt.TryAgain(0, "no connection: ConnectException", Duration.ZERO));
        var later = START.plusSeconds(30);

        assertThat(one.admit(later)).isTrue();
        assertThat(neighbour.admit(later)).as("one at a time").isFalse();
        one.learn(new Attempt.Delivered(200), later);
        assertThat(neighbour.admit(later)).as("not held by its own breaker").isTrue();
    }

    @Test
    void forgetsWhomNobodyTellsAnyMore() {
        fail(new Attempt.TryAgain(0, "no connection: ConnectException", Duration.ZERO));

        breakers.keepOnly(List.of());

        assertThat(breakers.of(subscription("1", "https://hooks.example.com/1")).admit(START))
                .isTrue();
    }

    private void fail(Attempt attempt) {
        for (int i = 0; i < 5; i++) {
            one.learn(attempt, START);
        }
    }

    private static Subscription subscription(String id, String url) {
        var draft = new SubscriptionDraft(
                "main", url, Set.of(HookEvent.VERIFICATION_COMPLETED), "", Set.of(), Consumer.GENERIC, "");
        return new Subscription(id, draft, Subscription.State.ACTIVE, "", null, START, "whsec_", "", null);
    }
}
