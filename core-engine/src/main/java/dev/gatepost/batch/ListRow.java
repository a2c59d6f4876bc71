package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

/**
 * One row of a list as it was handed in.
 *
 * @param email the text in the place of the address; empty when there is none
 * @param own what the list holds in this row, as one line of JSON: an array of cells, or an object
 */
public record ListRow(String email, String own) {
    public ListRow {
        requireNonNull(email, "email");
        requireNonNull(own, "own");
    }
}
