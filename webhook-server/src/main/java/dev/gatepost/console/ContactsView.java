package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Everything on the page that moves.
 *
 * @param tiles the figures
 * @param rows the latest verifications, newest first, at most {@value #ROWS_MAX}
 */
public record ContactsView(Tiles tiles, List<ContactRow> rows) {

    /** Rows on the page. */
    public static final int ROWS_MAX = 25;

    public ContactsView {
        requireNonNull(tiles, "tiles");
        rows = List.copyOf(rows);
    }
}
