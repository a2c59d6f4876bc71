package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;

/**
 * One entry of a reference list that an address matched.
 *
 * @param list which list
 * @param entry the entry as it stands in the list, for example {@code mailinator.com} or {@code sales}
 * @param asOf the day the snapshot of the list was made
 */
public record ListHit(ListName list, String entry, LocalDate asOf) {
    public ListHit {
        requireNonNull(list, "list");
        requireNonNull(entry, "entry");
        requireNonNull(asOf, "asOf");
    }
}
