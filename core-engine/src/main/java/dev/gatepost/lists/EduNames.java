package dev.gatepost.lists;

import dev.gatepost.address.Domain;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells domains of schools and universities by the rules of {@code edu.txt}. */
final class EduNames {
    private static final int COUNTRY_LETTERS = 2;

    private final Set<String> rules;
    private final Snapshot list;

    /** Whether {@code ac.cc} or {@code edu.cc} is a registry's or somebody's own name; at most two for each country. */
    private final Map<String, Boolean> suffixes = new ConcurrentHashMap<>();

    EduNames(Snapshot list) {
        this.list = list;
        this.rules = Set.copyOf(list.entries());
    }

    /** {@code mit.edu}, {@code cs.ox.ac.uk}, {@code anu.edu.au}: yes. {@code edu.com}, {@code ac.me.com}: no. */
    Optional<ListHit> find(Domain domain) {
        if (domain.isLiteral()) {
            return Optional.empty();
        }
        var name = domain.ascii();
        var lastDot = name.lastIndexOf('.');
        if (lastDot <= 0) {
            return Optional.empty();
        }
        var top = name.substring(lastDot + 1);
        if (rules.contains(top)) {
            return Optional.of(hit(top));
        }
        var secondDot = name.lastIndexOf('.', lastDot - 1);
        if (secondDot <= 0 || top.length() != COUNTRY_LETTERS) {
            return Optional.empty();
        }
        var suffix = name.substring(secondDot + 1);
        // In some countries anybody could have registered the name.
        return rules.contains(name.substring(secondDot + 1, lastDot) + ".*")
                        && suffixes.computeIfAbsent(suffix, PublicSuffix::isOne)
                ? Optional.of(hit(suffix))
                : Optional.empty();
    }

    private ListHit hit(String entry) {
        return new ListHit(ListName.EDU, entry, list.asOf());
    }
}
