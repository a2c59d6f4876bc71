package dev.gatepost.lists;

import dev.gatepost.address.Domain;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Which list a domain stands in: itself, or the nearest parent of it that strangers cannot register below. */
final class DomainLists {
    private final Map<String, ListHit> hits;

    /** Which entries asked for as parents are public suffixes; at most one answer for each entry. */
    private final Map<String, Boolean> suffixes = new ConcurrentHashMap<>();

    private DomainLists(Map<String, ListHit> hits) {
        this.hits = hits;
    }

    /** Where lists disagree about a name, the earlier one given is believed. */
    static DomainLists of(Map<ListName, Collection<String>> byPrecedence, Function<ListName, LocalDate> asOf) {
        var count = byPrecedence.values().stream().mapToInt(Collection::size).sum();
        var hits = HashMap.<String, ListHit>newHashMap(count);
        byPrecedence.forEach((name, entries) -> {
            var day = asOf.apply(name);
            entries.forEach(entry -> hits.putIfAbsent(entry, new ListHit(name, entry, day)));
        });
        return new DomainLists(hits);
    }

    /** The entry for the domain or for its nearest listed parent. The most specific entry knows best. */
    Optional<ListHit> find(Domain domain) {
        if (domain.isLiteral()) {
            return Optional.empty();
        }
        var name = domain.ascii();
        var hit = hits.get(name);
        // The last label alone is never asked for: no list may speak for a whole top-level domain.
        for (var dot = name.indexOf('.'); hit == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            if (name.indexOf('.', dot + 1) >= 0) {
                hit = parentHit(name.substring(dot + 1));
            }
        }
        return Optional.ofNullable(hit);
    }

    /** Whether the very name stands in a list. */
    boolean lists(String name, ListName list) {
        var hit = hits.get(name);
        return hit != null && hit.list() == list;
    }

    private @Nullable ListHit parentHit(String parent) {
        var hit = hits.get(parent);
        return hit == null || suffixes.computeIfAbsent(parent, PublicSuffix::isOne) ? null : hit;
    }
}
