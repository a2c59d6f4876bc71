package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.intake.UsageLog.Filter;
import dev.gatepost.intake.UsageLog.Place;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.Stores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class UsageLogTest {
    private static final int ROWS = 50;

    private final Stores store;

    UsageLogTest(Dialect dialect) {
        store = Stores.fresh(dialect);
    }

    /** Row i at second i / 2, so that two share a time; every tenth is reused, row 7 is of another connection. */
    @BeforeEach
    void fill() {
        store.database().write(handle -> {
            var batch = handle.prepareBatch("""
                    insert into usage_log (verification_id, workspace_id, at, source, connection_id, workflow_id, status,
                        label, decision, billing, credits, duration_ms)
                    values (?, ?, ?, 'api', ?, 'standard', 'valid', ?, 'accept', ?, 1, 12)""");
            for (int i = 0; i < ROWS; i++) {
                batch.bind(0, "v%03d".formatted(i))
                        .bind(1, i == 49 ? "other" : "main")
                        .bind(2, i / 2 * 1_000L)
                        .bind(3, i == 7 ? "c2" : "c1")
                        .bind(4, i % 2 == 0 ? "valid" : "free")
                        .bind(5, i % 10 == 0 ? "reused" : "charged")
                        .add();
            }
            return batch.execute();
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void showsEachRowOnceFromTheNewestToTheOldest() {
        var all = all(new UsageLog(store.database()), Filter.ALL, 7);

        assertThat(all)
                .hasSize(ROWS - 1)
                .startsWith("v048", "v047")
                .endsWith("v001", "v000")
                .doesNotHaveDuplicates();
    }

    @Test
    void filtersByTimeBillingLabelAndConnection() {
        var log = new UsageLog(store.database());

        assertThat(all(log, new Filter(at(10), at(12), null, null, null, null), 3))
                .containsExactly("v023", "v022", "v021", "v020");
        assertThat(all(log, new Filter(null, null, "reused", null, null, null), 3))
                .containsExactly("v040", "v030", "v020", "v010", "v000");
        assertThat(all(log, new Filter(null, at(2), null, "free", null, null), 3))
                .containsExactly("v003", "v001");
        assertThat(all(log, new Filter(null, null, null, null, "c2", null), 3)).containsExactly("v007");
        assertThat(all(log, new Filter(null, null, null, null, null, "nobody's"), 3))
                .isEmpty();
    }

    @Test
    void looksAtABoundedNumberOfRowsForOnePage() {
        var log = new UsageLog(store.database(), 10);
        var filter = new Filter(null, null, null, null, "c2", null);

        var first = log.page("main", filter, Place.TOP, 5);

        assertThat(first.rows()).isEmpty();
        assertThat(first.next()).contains(new Place(at(19), "v039"));
        assertThat(all(log, filter, 5)).containsExactly("v007");
    }

    @Test
    void readsAPlaceBackFromItsText() {
        var place = new Place(at(7), "01j0abc");

        assertThat(Place.parse(place.toString())).contains(place);
        assertThat(Place.parse("7' or 1=1 --")).isEmpty();
        assertThat(Place.parse("")).isEmpty();
    }

    @Test
    void boundsAPage() {
        var log = new UsageLog(store.database());

        assertThatThrownBy(() -> log.page("main", Filter.ALL, Place.TOP, 0)).hasMessageContaining("limit:");
        assertThatThrownBy(() -> log.page("main", Filter.ALL, Place.TOP, UsageLog.PAGE_MAX + 1))
                .hasMessageContaining("limit:");
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }

    private static List<String> all(UsageLog log, Filter filter, int limit) {
        var ids = new ArrayList<String>();
        var page = log.page("main", filter, Place.TOP, limit);
        page.rows().forEach(row -> ids.add(row.verificationId()));
        while (page.next().isPresent()) {
            page = log.page("main", filter, page.next().get(), limit);
            page.rows().forEach(row -> ids.add(row.verificationId()));
        }
        return ids;
    }
}
