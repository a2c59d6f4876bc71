package dev.gatepost.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;

/**
 * Lists for {@code in (…)}: in parts, each as long as a power of two, so that lists of every length need few distinct
 * statements, which stay prepared.
 */
public final class Padded {
    /** Values in one statement; well below both databases' bounds on parameters, and a power of two. */
    public static final int PART_MAX = 256;

    private Padded() {}

    /** The values without their repetitions; the last of a part repeated until the part is as long as a power of two. */
    public static <T> List<List<T>> parts(Collection<T> values) {
        var distinct = values.stream().distinct().toList();
        var parts = new ArrayList<List<T>>();
        for (int from = 0; from < distinct.size(); from += PART_MAX) {
            parts.add(padded(distinct.subList(from, Math.min(distinct.size(), from + PART_MAX))));
        }
        return parts;
    }

    private static <T> List<T> padded(List<T> part) {
        var length = part.size() == 1 ? 1 : Integer.highestOneBit(part.size() - 1) << 1;
        var padded = new ArrayList<>(part);
        padded.addAll(Collections.nCopies(length - part.size(), part.getLast()));
        return padded;
    }
}
