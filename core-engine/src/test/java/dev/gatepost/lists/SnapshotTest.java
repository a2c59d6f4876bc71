package dev.gatepost.lists;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class SnapshotTest {
    @Test
    void readsHeaderAndEntries() {
        var list =
                Snapshot.parse("# A list.\n# source: a page\n# licence: CC0-1.0\n# as of: 2026-09-21\na.com\n\nb.com");
        assertThat(list.source()).isEqualTo("a page");
        assertThat(list.licence()).isEqualTo("CC0-1.0");
        assertThat(list.asOf()).isEqualTo(LocalDate.of(2026, 9, 21));
        assertThat(list.entries()).containsExactly("a.com", "b.com");
    }

    @Test
    void refusesAListWithoutADate() {
        assertThatThrownBy(() -> Snapshot.parse("a.com\n")).isInstanceOf(DateTimeException.class);
    }
}
