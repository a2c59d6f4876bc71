package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The operator's own lists.
 *
 * @param allow what no other list may say anything against
 * @param block what counts as disposable
 * @param optOut domains and mail hosts that are never asked for a mailbox
 */
public record OwnLists(OwnList allow, OwnList block, OwnList optOut) {
    /** Nothing of one's own. */
    public static final OwnLists NONE =
            new OwnLists(OwnList.empty(ListName.ALLOW), OwnList.empty(ListName.BLOCK), OwnList.empty(ListName.OPTOUT));

    public OwnLists {
        requireNonNull(allow, "allow");
        requireNonNull(block, "block");
        requireNonNull(optOut, "optOut");
    }

    boolean isEmpty() {
        return all().stream().allMatch(list -> list.entries().isEmpty());
    }

    /** All three. */
    public List<OwnList> all() {
        return List.of(allow, block, optOut);
    }
}
