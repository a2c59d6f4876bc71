package dev.gatepost.lists;

import dev.gatepost.address.EmailAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Tells local parts that name a function: the name alone, or followed by digits or by tokens behind {@code - _ .} */
final class RoleNames {
    private final Set<String> names;
    private final Snapshot list;

    RoleNames(Snapshot list) {
        this.list = list;
        this.names = Set.copyOf(list.entries());
    }

    /** {@code sales}, {@code sales+eu}, {@code Sales-EU}, {@code info2}: yes. {@code salesman}, {@code informatik}: no. */
    Optional<ListHit> find(EmailAddress address) {
        var localPart = address.localPartWithoutTag().toLowerCase(Locale.ROOT);
        // Longest first, so that no-reply is found before a shorter name in front of its hyphen could be.
        for (var end = localPart.length(); end > 0; end--) {
            if ((end == localPart.length() || separates(localPart.charAt(end)))
                    && names.contains(localPart.substring(0, end))) {
                return Optional.of(new ListHit(ListName.ROLE, localPart.substring(0, end), list.asOf()));
            }
        }
        return Optional.empty();
    }

    private static boolean separates(char c) {
        return c == '-' || c == '_' || c == '.' || (c >= '0' && c <= '9');
    }
}
