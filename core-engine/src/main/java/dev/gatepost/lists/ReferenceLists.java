package dev.gatepost.lists;

import dev.gatepost.address.EmailAddress;
import java.util.List;
import java.util.Optional;

/** The reference lists in use, held in memory; immutable, safe for any thread. */
public final class ReferenceLists {
    private ReferenceLists() {}

    /** The snapshots shipped in the jar. Read once; later calls return the same object. */
    public static ReferenceLists shipped() {
        return new ReferenceLists();
    }

    /** Every entry the address matches, at most one for each list, in the order of {@link ListName}. */
    public List<ListHit> hits(EmailAddress address) {
        throw placeholder();
    }

    /** The address the person may have meant, when the domain is a likely slip of a well-known provider's. */
    public Optional<EmailAddress> suggestion(EmailAddress address) {
        throw placeholder();
    }

    private static RuntimeException placeholder() {
        return new IllegalStateException("placeholder");
    }
}
