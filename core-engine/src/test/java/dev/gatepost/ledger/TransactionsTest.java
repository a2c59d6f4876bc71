package dev.gatepost.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.ledger.Transactions.Filter;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class TransactionsTest {
    private static final Instant START = Instant.parse("2026-11-23T21:00:00Z");

    private final Stores store;
    private final Ledger ledger;
    private final AtomicReference<Instant> clock = new AtomicReference<>(START);

    TransactionsTest(Dialect dialect) {
        store = Stores.fresh(dialect);
        ledger = new Ledger(store.database(), LedgerTest.KEY, clock::get);
    }

    /** Entry 1 is a grant at the start, entry n + 1 a reservation n minutes later. */
    @BeforeEach
    void fill() {
        store.database()
                .write(handle ->
                        handle.execute("insert into workspace (id, name, created_at) values ('main', 'Main', 0)"));
        for (int minute = 0; minute <= 20; minute++) {
            var key = "k" + minute;
            clock.set(START.plus(Duration.ofMinutes(minute)));
            store.database()
                    .<Object>write(handle -> ledger.post(
                            handle,
                            "main",
                            posting -> key.equals("k0")
                                    ? posting.grant(Grant.of("g", 100, ""))
                                    : posting.reserve(key, key)));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void pagesFromTheNewestToTheOldest() {
        var seen = new ArrayList<Long>();
        long before = Long.MAX_VALUE;
        for (var page = page(Filter.ALL, before, 4); !page.isEmpty(); page = page(Filter.ALL, before, 4)) {
            page.forEach(entry -> seen.add(entry.seq()));
            before = page.getLast().seq();
        }

        assertThat(seen)
                .hasSize(21)
                .isSortedAccordingTo((a, b) -> Long.compare(b, a))
                .startsWith(21L)
                .endsWith(1L);
    }

    @Test
    void findsTheEntriesOfATime() {
        var from = START.plus(Duration.ofMinutes(5));
        var to = START.plus(Duration.ofMinutes(8));

        assertThat(page(new Filter(from, to, null), Long.MAX_VALUE, 100))
                .extracting(Entry::seq)
                .containsExactly(8L, 7L, 6L);
        assertThat(page(new Filter(from.plusMillis(1), to.plusMillis(1), null), Long.MAX_VALUE, 100))
                .extracting(Entry::seq)
                .containsExactly(9L, 8L, 7L);
        assertThat(page(new Filter(START.plus(Duration.ofDays(1)), null, null), Long.MAX_VALUE, 100))
                .isEmpty();
        assertThat(page(new Filter(null, START, null), Long.MAX_VALUE, 100)).isEmpty();
    }

    @Test
    void findsAKind() {
        assertThat(page(new Filter(null, null, Kind.GRANT), Long.MAX_VALUE, 100))
                .extracting(Entry::seq)
                .containsExactly(1L);
        assertThat(page(new Filter(null, null, Kind.RESERVE), 5, 100))
                .extracting(Entry::seq)
                .containsExactly(4L, 3L, 2L);
        assertThat(page(new Filter(null, null, Kind.SETTLE), Long.MAX_VALUE, 100))
                .isEmpty();
    }

    @Test
    void boundsAPage() {
        assertThatThrownBy(() -> page(Filter.ALL, Long.MAX_VALUE, Transactions.PAGE_MAX + 1))
                .hasMessageContaining("limit:");
        assertThatThrownBy(() -> page(Filter.ALL, Long.MAX_VALUE, 0)).hasMessageContaining("limit:");
    }

    @Test
    void keepsTimesInOrderWhenTheClockIsSetBack() {
        clock.set(START);
        store.database().<Object>write(handle -> ledger.post(handle, "main", posting -> posting.reserve("x", "x")));

        assertThat(page(Filter.ALL, Long.MAX_VALUE, 1).getFirst().createdAt())
                .isEqualTo(START.plus(Duration.ofMinutes(20)));
    }

    private List<Entry> page(Filter filter, long before, int limit) {
        return ledger.transactions().page("main", filter, before, limit);
    }
}
