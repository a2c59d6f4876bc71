package dev.gatepost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class LedgerTest {
    static final SecretKey KEY =
            new SecretKeySpec("0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8), "HmacSHA256");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-23T21:00:00.123456Z"));

    private final Stores store;
    private final Ledger ledger;

    LedgerTest(Dialect dialect) {
        store = Stores.fresh(dialect);
        ledger = new Ledger(store.database(), KEY, CLOCK);
    }

    @BeforeEach
    void createWorkspaces() {
        for (var id : List.of("main", "other")) {
            store.database()
                    .write(handle ->
                            handle.execute("insert into workspace (id, name, created_at) values (?, ?, 0)", id, id));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void startsEmpty() {
        assertThat(ledger.balance("main")).isEqualTo(Balance.EMPTY);
        assertThat(ledger.entries("main", 0, 10)).isEmpty();
        assertThat(ledger.check()).isEqualTo(new LedgerCheck.Sound(0, Map.of()));
    }

    @Test
    void movesACreditFromAvailableOverReservedToSpent() {
        grant(10);

        assertThat(this.<Reservation>post(posting -> posting.reserve("a", "v1")))
                .isEqualTo(Reservation.RESERVED);
        assertThat(ledger.balance("main")).isEqualTo(new Balance(9, 1, 0));

        assertThat(this.<Charge>post(posting -> posting.settle("a"))).isEqualTo(new Charge.Charged(1));
        assertThat(ledger.balance("main")).isEqualTo(new Balance(9, 0, 1));
        assertThat(ledger.balance("main").issued()).isEqualTo(10);
    }

    @Test
    void givesAReleasedCreditBack() {
        grant(1);
        post(posting -> posting.reserve("a", "v1"));

        assertThat(this.<Boolean>post(posting -> posting.release("a"))).isTrue();

        assertThat(ledger.balance("main")).isEqualTo(new Balance(1, 0, 0));
    }

    @Test
    @DisplayName("C3: a charge key is charged once, however often it is tried")
    void chargesAChargeKeyOnce() {
        grant(10);
        for (int attempt = 0; attempt < 3; attempt++) {
            post(posting -> posting.reserve("a", "v1"));
            post(posting -> posting.settle("a"));
            post(posting -> posting.release("a"));
        }

        assertThat(ledger.balance("main")).isEqualTo(new Balance(9, 0, 1));
        assertThat(this.<Charge>post(posting -> posting.settle("a"))).isEqualTo(new Charge.AlreadyCharged());
        assertThat(this.<Reservation>post(posting -> posting.reserve("a", "v1")))
                .isEqualTo(Reservation.ALREADY_CLOSED);
    }

    @Test
    void chargesAChargeKeyOnceAlsoWithinOnePosting() {
        grant(10);

        var charges = this.<List<Object>>post(posting -> List.of(
                posting.reserve("a", "v1"),
                posting.reserve("a", "v1"),
                posting.settle("a"),
                posting.settle("a"),
                posting.release("a")));

        assertThat(charges)
                .containsExactly(
                        Reservation.RESERVED,
                        Reservation.ALREADY_RESERVED,
                        new Charge.Charged(1),
                        new Charge.AlreadyCharged(),
                        false);
        assertThat(ledger.balance("main")).isEqualTo(new Balance(9, 0, 1));
    }

    @Test
    void chargesNothingThatWasNotReservedOrWasReleased() {
        grant(1);
        assertThat(this.<Charge>post(posting -> posting.settle("a"))).isEqualTo(new Charge.NotReserved());
        assertThat(this.<Boolean>post(posting -> posting.release("a"))).isFalse();

        post(posting -> posting.reserve("a", "v1"));
        post(posting -> posting.release("a"));

        assertThat(this.<Charge>post(posting -> posting.settle("a"))).isEqualTo(new Charge.NotReserved());
        assertThat(ledger.balance("main")).isEqualTo(new Balance(1, 0, 0));
    }

    @Test
    @DisplayName("C2: nobody spends what is not there")
    void reservesNoMoreThanIsAvailable() {
        grant(2);

        var reservations = this.<List<Reservation>>post(
                posting -> List.of(posting.reserve("a", "v1"), posting.reserve("b", "v2"), posting.reserve("c", "v3")));

        assertThat(reservations).containsExactly(Reservation.RESERVED, Reservation.RESERVED, Reservation.INSUFFICIENT);
        assertThat(ledger.balance("main")).isEqualTo(new Balance(0, 2, 0));
    }

    @Test
    void takesAReservationUpAgainThatWasRefusedForLackOfCredits() {
        assertThat(this.<Reservation>post(posting -> posting.reserve("a", "v1")))
                .isEqualTo(Reservation.INSUFFICIENT);

        grant(1);

        assertThat(this.<Reservation>post(posting -> posting.reserve("a", "v1")))
                .isEqualTo(Reservation.RESERVED);
    }

    @Test
    void grantsOnceForOneGrantKey() {
        post(posting -> {
            posting.grant(Grant.of("first", 5, "welcome"));
            posting.grant(Grant.of("first", 5, "welcome"));
            return 0;
        });
        post(posting -> {
            posting.grant(Grant.of("first", 7, "again"));
            return 0;
        });

        assertThat(ledger.balance("main").available()).isEqualTo(5);
    }

    @Test
    void refusesToGrantNothing() {
        assertThatThrownBy(() -> grant(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keepsWorkspacesApart() {
        grant(5);
        post(posting -> posting.reserve("a", "v1"));

        assertThat(ledger.balance("other")).isEqualTo(Balance.EMPTY);
        assertThat(store.database()
                        .<Reservation>write(
                                handle -> ledger.post(handle, "other", posting -> posting.reserve("a", "v1"))))
                .isEqualTo(Reservation.INSUFFICIENT);
    }

    @Test
    @DisplayName("C8: the ledger holds no address, neither in clear nor the same in two workspaces")
    void keepsChargeKeysAsKeyedHashes() {
        var key = "crm:c1:42:jane@example.com:1";
        grant(1);
        post(posting -> posting.reserve(key, "v1"));
        store.database()
                .<Integer>write(handle -> ledger.post(handle, "other", posting -> {
                    posting.grant(Grant.of("first", 1, ""));
                    posting.reserve(key, "v1");
                    return 0;
                }));

        var mine = ledger.entries("main", 1, 10).getFirst();
        var theirs = ledger.entries("other", 1, 10).getFirst();

        assertThat(mine.toString()).doesNotContain("jane");
        assertThat(mine.chargeKey()).hasSize(64).isNotEqualTo(theirs.chargeKey());
    }

    @Test
    void listsEntriesInTheirOrder() {
        grant(3);
        post(posting -> posting.reserve("a", "v1"));
        post(posting -> posting.settle("a"));

        assertThat(ledger.entries("main", 0, 10))
                .extracting(Entry::seq, Entry::kind, Entry::debit, Entry::credit, Entry::amount, Entry::ref)
                .containsExactly(
                        tuple(1L, Kind.GRANT, LedgerAccount.ISSUED, LedgerAccount.AVAILABLE, 3L, ""),
                        tuple(2L, Kind.RESERVE, LedgerAccount.AVAILABLE, LedgerAccount.RESERVED, 1L, "v1"),
                        tuple(3L, Kind.SETTLE, LedgerAccount.RESERVED, LedgerAccount.SPENT, 1L, "v1"));
        assertThat(ledger.entries("main", 1, 1)).extracting(Entry::seq).containsExactly(2L);
        assertThat(ledger.entries("main", 0, 1).getFirst().createdAt())
                .isEqualTo(Instant.parse("2026-11-23T21:00:00.123Z"));
    }

    @Test
    void takesManyPostingsAtOnce() {
        grant(1_500);
        var keys = IntStream.range(0, 1_200).mapToObj(i -> "k" + i).toList();

        post(posting -> {
            posting.expect(keys);
            keys.forEach(key -> posting.reserve(key, key));
            return 0;
        });
        var charges = this.<List<Charge>>post(posting -> {
            posting.expect(keys);
            return keys.stream().map(posting::settle).toList();
        });

        assertThat(charges).hasSize(1_200).containsOnly(new Charge.Charged(1));
        assertThat(ledger.balance("main")).isEqualTo(new Balance(300, 0, 1_200));
        assertThat(ledger.check()).isEqualTo(new LedgerCheck.Sound(2_401, Map.of("main", new Balance(300, 0, 1_200))));
    }

    @Test
    @DisplayName("P5: threads that compete for the last credits never get one twice")
    void givesEachCreditToOneOfManyThreads() throws Exception {
        grant(20);

        var reservations = new ArrayList<Future<Reservation>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                var key = "k" + i;
                reservations.add(threads.submit(() -> this.<Reservation>post(posting -> posting.reserve(key, key))));
            }
        }

        assertThat(reservations.stream().map(Future::resultNow).filter(Reservation.RESERVED::equals))
                .hasSize(20);
        assertThat(ledger.balance("main")).isEqualTo(new Balance(0, 20, 0));
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
    }

    @Test
    @DisplayName("P5: of 50 that want the last credit at once, one is charged")
    void chargesOneOfFiftyForTheLastCredit() throws Exception {
        grant(1);

        var charges = new ArrayList<Future<Charge>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                var key = "k" + i;
                charges.add(threads.submit(() -> {
                    post(posting -> posting.reserve(key, key));
                    return this.<Charge>post(posting -> posting.settle(key));
                }));
            }
        }

        assertThat(charges.stream().map(Future::resultNow).filter(new Charge.Charged(1)::equals))
                .hasSize(1);
        assertThat(ledger.balance("main")).isEqualTo(new Balance(0, 0, 1));
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
    }

    @Test
    @DisplayName("C1: rows are never changed or deleted")
    void refusesToChangeOrDeleteATransfer() {
        grant(1);

        assertThatThrownBy(() -> store.database().write(handle -> handle.execute("update transfer set amount = 100")))
                .hasMessageContaining("transfers are never changed");
        assertThatThrownBy(() -> store.database().write(handle -> handle.execute("delete from transfer")))
                .hasMessageContaining("transfers are never deleted");
        if (store.dialect() == Dialect.POSTGRESQL) {
            assertThatThrownBy(() -> store.database().write(handle -> handle.execute("truncate transfer cascade")))
                    .hasMessageContaining("transfers are never deleted");
        }
    }

    @Test
    @DisplayName("C3: the database itself refuses a second settlement, whatever the program does")
    void refusesASecondSettlementInTheDatabase() {
        grant(2);
        post(posting -> posting.reserve("a", "v1"));
        post(posting -> posting.settle("a"));

        assertThatThrownBy(() -> store.database().write(handle -> handle.execute("""
                insert into transfer (workspace_id, seq, kind, debit, credit, amount, charge_key, step, ref, note,
                    created_at, previous_hash, hash)
                select workspace_id, 4, 'release', 'reserved', 'available', amount, charge_key, 1, ref, note, created_at,
                    previous_hash, hash
                from transfer where kind = 'settle'""")))
                .hasStackTraceContaining(store.dialect() == Dialect.SQLITE ? "UNIQUE" : "transfer_once");
    }

    @Test
    void refusesAPostingWithinAPosting() {
        grant(2);

        assertThatThrownBy(() -> store.database()
                        .write(handle -> ledger.post(handle, "main", outer -> {
                            outer.reserve("a", "v1");
                            return ledger.post(handle, "main", inner -> inner.reserve("b", "v2"));
                        })))
                .hasMessageContaining("transfer");

        assertThat(ledger.balance("main")).isEqualTo(new Balance(2, 0, 0));
    }

    private void grant(long amount) {
        post(posting -> {
            posting.grant(Grant.of("grant", amount, "for the test"));
            return 0;
        });
    }

    private <T> T post(Function<Ledger.Posting, T> postings) {
        return store.database().write(handle -> ledger.post(handle, "main", postings));
    }
}
