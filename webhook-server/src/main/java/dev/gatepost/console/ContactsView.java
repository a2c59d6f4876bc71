package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Everything on the page that moves.
 *
 * @param notices what waits for a person, at most {@value #NOTICES_MAX}
 * @param tiles the figures
 * @param rows the latest verifications, newest first, at most {@value #ROWS_MAX}
 */
public record ContactsView(List<Notice> notices, Tiles tiles, List<ContactRow> rows) {

    /** Rows on the page. */
    public static final int ROWS_MAX = 25;

    /** Notices on the page; of more, the others come when these are mended. */
    public static final int NOTICES_MAX = 2;

    public ContactsView {
        notices = List.copyOf(notices);
        requireNonNull(tiles, "tiles");
        rows = List.copyOf(rows);
    }

    /** Without notices. */
    public ContactsView(Tiles tiles, List<ContactRow> rows) {
        this(List.of(), tiles, rows);
    }
}
