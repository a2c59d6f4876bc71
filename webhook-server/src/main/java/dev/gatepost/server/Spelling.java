package dev.gatepost.server;

import java.util.Collection;
import java.util.Optional;

/** Finds what somebody may have meant. Pure. */
final class Spelling {

    private Spelling() {}

    /** The nearest of {@code known} within {@code distanceMax} single-character edits, if there is one. */
    static Optional<String> nearest(String word, Collection<String> known, int distanceMax) {
        var best = Optional.<String>empty();
        var least = distanceMax + 1;
        for (var candidate : known) {
            var distance = distance(word, candidate);
            if (distance < least) {
                least = distance;
                best = Optional.of(candidate);
            }
        }
        return best;
    }

    /** Levenshtein's edit distance. */
    private static int distance(String a, String b) {
        var row = new int[b.length() + 1];
        for (var j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (var i = 1; i <= a.length(); i++) {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.length(); j++) {
                var replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
