package dev.gatepost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is given: grants, their expiry, charges given back, and the alarm when little is left. */
@ParameterizedClass
@EnumSource(Dialect.class)
class GrantTest {
    private static final Instant START = Instant.parse("2026-11-23T21:00:00Z");

    private final Stores store;
    private final Ledger ledger;
    private final AtomicReference<Instant> clock = new AtomicReference<>(START);
    private final List<CreditsLow> alarms = new ArrayList<>();

    GrantTest(Dialect dialect) {
        store = Stores.fresh(dialect);
        ledger = new Ledger(store.database(), LedgerTest.KEY, clock::get, (_, low) -> alarms.add(low));
    }

    @BeforeEach
    void createWorkspace() {
        store.database()
                .write(handle ->
                        handle.execute("insert into workspace (id, name, created_at) values ('main', 'Main', 0)"));
        store.database().write(handle -> {
            ledger.alarmBelow(handle, "main", 0);
            return true;
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void refusesMoreThanAWorkspaceMayHold() {
        post(posting -> {
            for (int i = 0; i < 1_000; i++) {
                posting.grant(Grant.of("g" + i, Grant.AMOUNT_MAX, ""));
            }
            return true;
        });

        assertThatThrownBy(() -> grant("one more", 1, null)).hasMessageContaining("amount: the workspace would hold");
    }

    @Test
    void refusesAGrantThatHasExpired() {
        assertThatThrownBy(() -> grant("g", 1, START)).hasMessageContaining("expires_at: must be in the future");
        assertThat(ledger.entries("main", 0, 10)).isEmpty();
    }

    @Test
    @DisplayName("C1: what is left of a grant expires at its end, once")
    void expiresTheUnspentRest() {
        grant("lasting", 5, null);
        grant("short", 10, START.plus(Duration.ofDays(1)));
        spend("a", "b", "c");
        clock.set(START.plus(Duration.ofDays(1)));

        assertThat(ledger.expireDue()).isEqualTo(7);
        assertThat(ledger.expireDue()).isZero();

        assertThat(ledger.balance("main")).isEqualTo(new Balance(5, 0, 3));
        assertThat(ledger.entries("main", 0, 20).getLast())
                .extracting(Entry::kind, Entry::debit, Entry::credit, Entry::amount, Entry::ref)
                .containsExactly(Kind.EXPIRE, LedgerAccount.AVAILABLE, LedgerAccount.ISSUED, 7L, "2");
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
    }

    @Test
    void usesWhatExpiresFirst() {
        grant("later", 10, START.plus(Duration.ofDays(9)));
        grant("sooner", 10, START.plus(Duration.ofDays(1)));
        grant("lasting", 10, null);
        spend("a", "b", "c");

        assertThat(ledger.expiring("main"))
                .extracting(Lot::expiresAt, Lot::rest)
                .containsExactly(tuple(START.plus(Duration.ofDays(1)), 7L), tuple(START.plus(Duration.ofDays(9)), 10L));
    }

    @Test
    void doesNotUseAGrantForWhatWasUsedBeforeIt() {
        grant("lasting", 10, null);
        spend("a", "b", "c");
        grant("short", 10, START.plus(Duration.ofDays(1)));
        clock.set(START.plus(Duration.ofDays(1)));

        assertThat(ledger.expireDue()).isEqualTo(10);
        assertThat(ledger.balance("main").available()).isEqualTo(7);
    }

    @Test
    void leavesAReservationAloneWhoseGrantExpires() {
        grant("short", 2, START.plus(Duration.ofDays(1)));
        post(posting -> posting.reserve("a", "v1"));
        clock.set(START.plus(Duration.ofDays(1)));

        assertThat(ledger.expireDue()).isEqualTo(1);
        assertThat(this.<Charge>post(posting -> posting.settle("a"))).isEqualTo(new Charge.Charged(1));
        assertThat(ledger.balance("main")).isEqualTo(new Balance(0, 0, 1));
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
    }

    @Test
    @DisplayName("C2: a charge is given back at most once, and no more than it was")
    void givesAChargeBackOnce() {
        grant("g", 5, null);
        spend("a");

        assertThat(this.<Reversal>post(posting -> posting.reverse(3, "ticket 12")))
                .isEqualTo(new Reversal.Reversed(1));
        assertThat(this.<Reversal>post(posting -> posting.reverse(3, "ticket 12")))
                .isEqualTo(new Reversal.AlreadyReversed());

        assertThat(ledger.balance("main")).isEqualTo(new Balance(5, 0, 0));
        assertThat(this.<Charge>post(posting -> posting.settle("a"))).isEqualTo(new Charge.AlreadyCharged());
        assertThat(this.<Reservation>post(posting -> posting.reserve("a", "v1")))
                .isEqualTo(Reservation.ALREADY_CLOSED);
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
    }

    @Test
    void givesNothingBackForWhatIsNoSettlement() {
        grant("g", 5, null);
        post(posting -> posting.reserve("a", "v1"));

        for (long seq : new long[] {1, 2, 3, -1}) {
            assertThat(this.<Reversal>post(posting -> posting.reverse(seq, "")))
                    .isEqualTo(new Reversal.NotASettlement());
        }
    }

    @Test
    void raisesOneAlarmWhenCreditsFallBelowTheThreshold() {
        alarmBelow(3);
        grant("g", 4, null);
        post(posting -> posting.reserve("a", "v1"));
        assertThat(alarms).isEmpty();

        post(posting -> posting.reserve("b", "v2"));
        post(posting -> posting.reserve("c", "v3"));

        assertThat(alarms).containsExactly(new CreditsLow("main", 3, 2, 3, START));
        assertThat(ledger.standing("main").lowSince()).contains(START);
        assertThat(ledger.alarms("main", Long.MAX_VALUE, 10)).isEqualTo(alarms);
    }

    @Test
    void raisesNoSecondAlarmWhileReservationsComeAndGo() {
        alarmBelow(3);
        grant("g", 3, null);
        for (int i = 0; i < 5; i++) {
            var key = "k" + i;
            post(posting -> posting.reserve(key, key));
            post(posting -> posting.release(key));
        }

        assertThat(alarms).hasSize(1);
    }

    @Test
    void raisesTheAlarmAgainAfterAGrantLiftedCreditsAboveTheThreshold() {
        alarmBelow(3);
        grant("g", 3, null);
        spend("a");
        grant("h", 1, null);
        assertThat(ledger.standing("main").lowSince()).isEmpty();

        spend("b");

        assertThat(alarms).hasSize(2);
    }

    @Test
    void raisesTheAlarmWhenCreditsExpire() {
        alarmBelow(3);
        grant("g", 5, START.plus(Duration.ofDays(1)));
        clock.set(START.plus(Duration.ofDays(2)));

        ledger.expireDue();

        assertThat(alarms).extracting(CreditsLow::available).containsExactly(0L);
    }

    @Test
    void takesAnAlarmBackWhenItsThresholdIsLowered() {
        alarmBelow(3);
        grant("g", 3, null);
        spend("a");

        alarmBelow(1);

        assertThat(ledger.standing("main").lowSince()).isEmpty();
        assertThatThrownBy(() -> alarmBelow(-1)).hasMessageContaining("low_below:");
    }

    @Test
    void tellsTheAlarmInTheTransactionThatCrosses() {
        alarmBelow(3);
        grant("g", 3, null);

        assertThatThrownBy(() -> store.database().write(handle -> {
                    ledger.post(handle, "main", posting -> posting.reserve("a", "v1"));
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");

        assertThat(ledger.standing("main").lowSince()).isEmpty();
    }

    private void alarmBelow(long below) {
        store.database().write(handle -> {
            ledger.alarmBelow(handle, "main", below);
            return true;
        });
    }

    private void grant(String key, long amount, @Nullable Instant expiresAt) {
        post(posting -> posting.grant(new Grant(key, amount, "", expiresAt)));
    }

    private void spend(String... keys) {
        for (var key : keys) {
            post(posting -> posting.reserve(key, key));
            post(posting -> posting.settle(key));
        }
    }

    private <T> T post(Function<Ledger.Posting, T> postings) {
        return store.database().write(handle -> ledger.post(handle, "main", postings));
    }
}
