package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a CRM's contacts. */
public sealed interface Listing {
    /**
     * A page with more behind it. It may be empty.
     *
     * @param cursor where the next page begins; stays good when the process is restarted in between
     */
    record Page(List<Listed> contacts, String cursor) implements Listing {
        public Page {
            contacts = List.copyOf(contacts);
            requireNonNull(cursor, "cursor");
        }
    }

    /**
     * The last page.
     *
     * @param bookmark kept for the next {@link Selection.ChangedSince}, for CRMs that number contacts; may be empty
     */
    record Last(List<Listed> contacts, String bookmark) implements Listing {
        public Last {
            contacts = List.copyOf(contacts);
            requireNonNull(bookmark, "bookmark");
        }
    }

    /** The CRM could not answer now; ask for the same page again. */
    record RetryLater(Duration after, String why) implements Listing {
        public RetryLater {
            requireNonNull(after, "after");
            requireNonNull(why, "why");
        }
    }

    /** The CRM does not let us in any more; a person must act. */
    record Refused(Refusal refusal, String why) implements Listing {
        public Refused {
            requireNonNull(refusal, "refusal");
            requireNonNull(why, "why");
        }
    }

    /** The CRM cannot list these contacts at all, for example since there is no such list. */
    record Impossible(String why) implements Listing {
        public Impossible {
            requireNonNull(why, "why");
        }
    }

    /**
     * One contact of a page.
     *
     * @param id the contact
     * @param email its address as typed, empty when it has none
     * @param changedAt when it was last created or changed, by the CRM's clock
     * @param checkedAt what our own field says of its last verification; null when it is empty or the listing does not
     *     tell
     */
    record Listed(
            String id,
            String email,
            Instant changedAt,
            @Nullable Instant checkedAt) {
        public Listed {
            requireNonNull(id, "id");
            requireNonNull(email, "email");
            requireNonNull(changedAt, "changedAt");
        }
    }
}
