package dev.gatepost.ledger;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a grant cannot be, wherever it is to be stored. */
class GrantBoundsTest {
    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, Grant.AMOUNT_MAX + 1})
    @DisplayName("C1: an amount is positive, and no sum of them overflows")
    void refusesAnAmountOutOfBounds(long amount) {
        assertThatThrownBy(() -> Grant.of("k", amount, ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("amount: credits are granted in whole numbers from 1 to " + Grant.AMOUNT_MAX)
                .hasMessageContaining(String.valueOf(amount));
    }

    @ParameterizedTest
    @ValueSource(strings = {"paid by jane@example.com", "two\nlines"})
    @DisplayName("C8: a note cannot bring an address into the ledger")
    void refusesANoteThatMustNotStayForEver(String note) {
        assertThatThrownBy(() -> Grant.of("k", 1, note)).hasMessageContaining("note: must");
    }
}
