package dev.gatepost.activecampaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatesTest {
    @ParameterizedTest
    @CsvSource({
        "2018-09-28T13:50:41-05:00, 2018-09-28T18:50:41Z",
        "2018-09-28T13:50:41-0500, 2018-09-28T18:50:41Z",
        "2018-09-28T18:50:41Z, 2018-09-28T18:50:41Z",
        "2018-09-28 13:50:41, 2018-09-28T13:50:41Z",
        "2018-12-31, 2018-12-31T00:00:00Z",
    })
    void readsEveryKind(String text, Instant instant) {
        assertThat(Dates.read(text)).contains(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "0000-00-00",
                "0000-00-00 00:00:00",
                "null",
                "yesterday",
                "2018-13-01",
                "2018-09-28T99:00:00Z"
            })
    void readsNoneWhereThereIsNone(String text) {
        assertThat(Dates.read(text)).isEmpty();
    }
}
