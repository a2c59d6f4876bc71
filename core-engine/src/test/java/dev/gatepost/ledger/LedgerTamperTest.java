package dev.gatepost.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** C7: what is done to the tables behind the ledger's back is found, at the row where it was done. */
@ParameterizedClass
@EnumSource(Dialect.class)
class LedgerTamperTest {
    private final Stores store;
    private final Ledger ledger;

    LedgerTamperTest(Dialect dialect) {
        store = Stores.fresh(dialect);
        ledger = new Ledger(store.database(), LedgerTest.KEY, InstantSource.fixed(Instant.EPOCH));
    }

    /** Entries 1 grant, 2 and 3 reserve, 4 settle, 5 release, 6 reserve. */
    @BeforeEach
    void fill() {
        store.database()
                .write(handle ->
                        handle.execute("insert into workspace (id, name, created_at) values ('main', 'main', 0)"));
        store.database()
                .<Integer>write(handle -> ledger.post(handle, "main", posting -> {
                    posting.grant(Grant.of("first", 10, ""));
                    posting.reserve("a", "v1");
                    posting.reserve("b", "v2");
                    posting.settle("a");
                    posting.release("b");
                    posting.reserve("c", "v3");
                    return 0;
                }));
        assertThat(ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        store.database().write(handle -> {
            for (var trigger : new String[] {"transfer_no_update", "transfer_no_delete"}) {
                handle.execute(
                        "drop trigger " + trigger + (store.dialect() == Dialect.POSTGRESQL ? " on transfer" : ""));
            }
            return 0;
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    @ParameterizedTest(name = "{0}")
    @DisplayName("C7: finds the first wrong row")
    @CsvSource(delimiter = ';', textBlock = """
            an amount raised                 ; update transfer set amount = 1000 where seq = 1                     ; 1
            a reservation moved in time      ; update transfer set created_at = 5 where seq = 3                    ; 3
            a charge turned into a release   ; update transfer set kind = 'release', credit = 'available' where seq = 4 ; 4
            an account swapped               ; update transfer set credit = 'available' where seq = 4              ; 4
            a reference changed              ; update transfer set ref = 'v9' where seq = 6                        ; 6
            a link to another entry          ; update transfer set previous_hash = hash where seq = 2              ; 2
            an entry deleted                 ; delete from transfer where seq = 4                                  ; 4
            the first entry deleted          ; delete from transfer where seq = 1                                  ; 1
            the last entry deleted           ; delete from transfer where seq = 6                                  ; 6
            all entries deleted              ; delete from transfer                                                ; 1
            the balance raised               ; update balance set available = 500                                  ; 0
            the balance's place moved back   ; update balance set seq = 5                                          ; 5
            the balance row deleted          ; delete from balance                                                 ; 0
            """)
    void findsTheFirstWrongRow(String what, String tampering, long wrong) {
        int rows = store.database().write(handle -> handle.execute(tampering));

        assertThat(rows).as(what).isPositive();
        assertThat(ledger.check())
                .isInstanceOfSatisfying(
                        LedgerCheck.Broken.class,
                        broken -> assertThat(broken.seq()).as(broken.why()).isEqualTo(wrong));
    }
}
