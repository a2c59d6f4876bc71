package dev.gatepost.verify;

import static java.util.Objects.requireNonNull;

import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.smtp.ProviderTable;
import java.util.function.Supplier;

/**
 * What a verifier knows before it asks anybody.
 *
 * @param lists the lists in use; asked for once in each verification, which sees one consistent edition
 * @param providers who runs mail hosts
 */
public record Knowledge(Supplier<ReferenceLists> lists, ProviderTable providers) {
    public Knowledge {
        requireNonNull(lists, "lists");
        requireNonNull(providers, "providers");
    }

    /** What comes with the program. */
    public static Knowledge shipped() {
        return new Knowledge(ReferenceLists::shipped, ProviderTable.shipped());
    }
}
