package dev.gatepost.lists;

import dev.gatepost.address.Domain;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Finds the provider's domain somebody meant who typed another; never leads away from a domain that is known itself. */
final class ProviderSlips {
    /** Names this short are near to thousands of real ones, so that only a slip in their ending tells anything. */
    private static final int NAME_TOO_SHORT = 3;

    /** At this length only swapped or doubled letters count: mail, live and their neighbours are all words. */
    private static final int NAME_SHORT = 4;

    /** Up to this length one edit is enough to make another word. */
    private static final int NAME_MEDIUM = 5;

    /** From this length on two full edits are still recognisable. */
    private static final int NAME_LONG = 7;

    /** A top-level domain in use is taken for a slip only behind names of this length that are all but a trade mark. */
    private static final int NAME_BEFORE_REAL_ENDING_MIN = 5;

    private static final int UNLIKE = Integer.MAX_VALUE;

    private final Map<String, Provider> byDomain;
    private final Map<String, Ending> slips;
    private final Set<String> realDomains;
    private final Predicate<String> isListed;

    /** Takes {@code isListed} to tell whether a name stands in a list that makes it a mail domain of its own. */
    ProviderSlips(Snapshot providers, Snapshot slips, Snapshot realDomains, Predicate<String> isListed) {
        var byDomain = new LinkedHashMap<String, Provider>();
        providers.entries().stream().map(Provider::parse).forEach(p -> byDomain.put(p.domain(), p));
        this.byDomain = Collections.unmodifiableMap(byDomain);
        this.slips = endings(slips);
        this.realDomains = Set.copyOf(realDomains.entries());
        this.isListed = isListed;
    }

    /** The domains slips are corrected to, in A-label form. */
    Set<String> providerDomains() {
        return byDomain.keySet();
    }

    /** Whether the domain is a provider's, or is listed as somebody's true mail domain. */
    boolean isKnown(Domain domain) {
        return byDomain.containsKey(domain.ascii())
                || realDomains.contains(domain.ascii())
                || isListed.test(domain.ascii());
    }

    /** The domain meant in A-label form, or nothing where {@code typed} is known or near to nothing. */
    Optional<String> meantBy(Domain typed) {
        if (typed.isLiteral() || isKnown(typed)) {
            return Optional.empty();
        }
        var readable = typed.unicode();
        var dot = readable.indexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        var name = readable.substring(0, dot);
        var ending = readable.substring(dot + 1);
        var nearest = nearest(new Typed(name, ending, slips.get(ending), letters(name)));
        return nearest.isPresent() ? nearest : withEndingMended(typed.ascii());
    }

    /** Of equally near providers the one with the most addresses, then the one listed first. */
    private Optional<String> nearest(Typed typed) {
        var best = Optional.<Provider>empty();
        var bestCost = UNLIKE;
        for (var provider : byDomain.values()) {
            var cost = cost(typed, provider);
            var isHeavier = best.isPresent() && provider.weight() > best.get().weight();
            if (cost < bestCost || (cost == bestCost && isHeavier)) {
                best = Optional.of(provider);
                bestCost = cost;
            }
        }
        return best.map(Provider::domain);
    }

    private static int cost(Typed typed, Provider provider) {
        if (differTooMuch(typed, provider)) {
            return UNLIKE;
        }
        if (typed.ending().equals(provider.ending())) {
            return nameCost(typed.name(), provider.name());
        }
        var slip = typed.slip();
        if (slip == null || !slip.meant().equals(provider.ending())) {
            return UNLIKE;
        }
        if (slip.isReal() && provider.name().length() < NAME_BEFORE_REAL_ENDING_MIN) {
            return UNLIKE;
        }
        var nameCost = nameCost(typed.name(), provider.name());
        // Behind a top-level domain in use, a name that is more than a slip of the hand away is another name.
        var nameCostMax = slip.isReal() ? TypingSlip.SLIP : 2 * TypingSlip.EDIT;
        return nameCost > nameCostMax ? UNLIKE : nameCost + TypingSlip.SLIP;
    }

    /** Each letter that only one of the two names has needs an edit of its own: spares most comparisons. */
    private static boolean differTooMuch(Typed typed, Provider provider) {
        var onlyTyped = Long.bitCount(typed.letters() & ~provider.letters());
        var onlyMeant = Long.bitCount(provider.letters() & ~typed.letters());
        return Math.max(onlyTyped, onlyMeant) * TypingSlip.SLIP
                > costMax(provider.name().length());
    }

    /** The set of letters in a name, as bits; two letters may share a bit, which only makes names look nearer. */
    private static long letters(String name) {
        var letters = 0L;
        for (var i = 0; i < name.length(); i++) {
            letters |= 1L << name.charAt(i);
        }
        return letters;
    }

    private static int nameCost(String typed, String meant) {
        if (typed.equals(meant)) {
            return 0;
        }
        if (meant.length() <= NAME_TOO_SHORT || Math.abs(typed.length() - meant.length()) > 2) {
            return UNLIKE;
        }
        var cost = TypingSlip.cost(typed, meant);
        if (cost > costMax(meant.length()) || (cost > TypingSlip.EDIT && typed.charAt(0) != meant.charAt(0))) {
            return UNLIKE;
        }
        var changesALetter = typed.length() == meant.length() && !sameLetters(typed, meant);
        return meant.length() <= NAME_SHORT && changesALetter ? UNLIKE : cost;
    }

    private static int costMax(int length) {
        if (length <= NAME_SHORT) {
            return TypingSlip.SLIP;
        }
        if (length <= NAME_MEDIUM) {
            return TypingSlip.EDIT;
        }
        return length < NAME_LONG ? TypingSlip.EDIT + TypingSlip.SLIP : 2 * TypingSlip.EDIT;
    }

    private static boolean sameLetters(String a, String b) {
        return a.chars()
                .sorted()
                .boxed()
                .toList()
                .equals(b.chars().sorted().boxed().toList());
    }

    /** An ending that no registry has is a slip whatever stands before it. */
    private Optional<String> withEndingMended(String domain) {
        var dot = domain.lastIndexOf('.');
        var slip = slips.get(domain.substring(dot + 1));
        return slip == null || slip.isReal()
                ? Optional.empty()
                : Optional.of(domain.substring(0, dot + 1) + slip.meant());
    }

    private static Map<String, Ending> endings(Snapshot list) {
        var endings = new HashMap<String, Ending>();
        for (var entry : list.entries()) {
            var words = entry.split(" ", -1);
            endings.put(words[0], new Ending(words[1], words.length > 2));
        }
        return Map.copyOf(endings);
    }

    /**
     * What is typed for an ending.
     *
     * @param isReal whether the slip is a top-level domain in use
     */
    private record Ending(String meant, boolean isReal) {}

    /**
     * A domain cut at its first dot.
     *
     * @param slip what the ending may have been meant for, if it is a known slip
     * @param letters the set of letters in the name
     */
    private record Typed(
            String name, String ending, @Nullable Ending slip, long letters) {}

    /**
     * A provider's domain, cut at its first dot.
     *
     * @param weight rough share of addresses, no unit: the higher, the likelier
     */
    private record Provider(String name, String ending, String domain, long letters, int weight) {
        static Provider parse(String entry) {
            var words = entry.split(" ", -1);
            var dot = words[0].indexOf('.');
            var name = words[0].substring(0, dot);
            return new Provider(
                    name,
                    words[0].substring(dot + 1),
                    words[0],
                    ProviderSlips.letters(name),
                    Integer.parseInt(words[1]));
        }
    }
}
