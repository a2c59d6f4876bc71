package dev.gatepost.rules;

import java.util.ArrayList;
import java.util.List;

/** Collects mistakes while one workflow is read. For one thread. */
final class Mistakes {
    private final List<Mistake> named = new ArrayList<>();
    private int more;

    void add(String path, String text) {
        add(Mistake.Kind.WRONG, path, text);
    }

    void add(Mistake.Kind kind, String path, String text) {
        if (named.size() < RuleLimits.MISTAKES_MAX) {
            named.add(new Mistake(kind, path, text));
        } else {
            more++;
        }
    }

    boolean isEmpty() {
        return named.isEmpty();
    }

    Reading.Wrong wrong() {
        return new Reading.Wrong(named, more);
    }
}
