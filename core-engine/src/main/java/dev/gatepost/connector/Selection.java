package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/** Which of a CRM's contacts to list. */
public sealed interface Selection {
    /** All there are. */
    record All() implements Selection {}

    /**
     * Those created or changed at or after a time, imported ones too.
     *
     * @param since by the CRM's clock; an overlap with what was seen before is already taken off
     * @param bookmark what {@link Listing.Last#bookmark} of the last complete listing said, empty at the first
     */
    record ChangedSince(Instant since, String bookmark) implements Selection {
        public ChangedSince {
            requireNonNull(since, "since");
            requireNonNull(bookmark, "bookmark");
        }
    }

    /** The members of a list, by the CRM's id of the list. */
    record Members(String list) implements Selection {
        public Members {
            requireNonNull(list, "list");
        }
    }
}
