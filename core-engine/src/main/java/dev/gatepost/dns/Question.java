package dev.gatepost.dns;

import java.util.Locale;

/**
 * What is asked of DNS; the key of the cache.
 *
 * @param name lower case, without trailing dot
 */
record Question(String name, RecordType type) {
    static Question of(String name, RecordType type) {
        var lower = name.toLowerCase(Locale.ROOT);
        return new Question(lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower, type);
    }
}
