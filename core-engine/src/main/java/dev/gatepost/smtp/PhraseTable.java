package dev.gatepost.smtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Phrases and what they mean, in order of precedence, from a resource with lines of
 * {@code meaning ; when ; phrase | phrase ; who says so}. {@code when} is the beginning of the basic code, an enhanced
 * code as {@code x.4.1}, or {@code *}; a phrase that begins with {@code *} is sought inside words, for scripts without
 * spaces, and {@code *} alone is always there. Immutable; a lookup looks at each word a bounded number of times.
 */
final class PhraseTable {
    private final Map<String, List<Entry>> byFirstWord = new HashMap<>();
    private final List<Entry> byFirstStem = new ArrayList<>();
    private final List<Entry> anywhere = new ArrayList<>();

    private record Entry(int order, ReplyMeaning meaning, String when, Phrase phrase, String stem) {}

    private PhraseTable() {}

    /**
     * One line of a table.
     *
     * @param when where it applies, see the class
     * @param phrases as written, see {@link Phrase}
     * @param source who says so
     */
    record Line(ReplyMeaning meaning, String when, List<String> phrases, String source) {
        Line {
            phrases = List.copyOf(phrases);
        }
    }

    static PhraseTable load(String resource) {
        return of(lines(resource));
    }

    static List<Line> lines(String resource) {
        return ResourceTable.rows(resource, 4).stream()
                .map(fields -> new Line(
                        ResourceTable.meaning(fields.getFirst()),
                        fields.get(1),
                        Arrays.stream(fields.get(2).split("\\|", -1))
                                .map(String::strip)
                                .toList(),
                        fields.get(3)))
                .toList();
    }

    static PhraseTable of(List<Line> lines) {
        var table = new PhraseTable();
        for (int order = 0; order < lines.size(); order++) {
            var line = lines.get(order);
            for (var written : line.phrases()) {
                table.add(order, line.meaning(), line.when(), written);
            }
        }
        return table;
    }

    private void add(int order, ReplyMeaning meaning, String when, String written) {
        if (written.startsWith("*")) {
            var stem = String.join(" ", ReplyText.split(written));
            anywhere.add(new Entry(order, meaning, when, new Phrase(List.of(new Phrase.Step(List.of(), false))), stem));
            return;
        }
        var phrase = Phrase.parse(written);
        for (var choice : phrase.steps().getFirst().choices()) {
            var first = choice.getFirst();
            var entry = new Entry(order, meaning, when, phrase, first);
            if (first.endsWith("*")) {
                byFirstStem.add(entry);
            } else {
                byFirstWord.computeIfAbsent(first, _ -> new ArrayList<>()).add(entry);
            }
        }
    }

    /** The meaning of the earliest line that fits, if any. */
    Optional<ReplyMeaning> first(Reply reply, ReplyText text) {
        return best(reply, text).map(Entry::meaning);
    }

    private Optional<Entry> best(Reply reply, ReplyText text) {
        Entry best = null;
        var words = text.words();
        for (int at = 0; at < words.size(); at++) {
            var word = words.get(at);
            for (var entry : byFirstWord.getOrDefault(word, List.of())) {
                best = better(best, entry, reply, at, words);
            }
            for (var entry : byFirstStem) {
                if (Phrase.matches(entry.stem(), word)) {
                    best = better(best, entry, reply, at, words);
                }
            }
        }
        var joined = text.joined();
        for (var entry : anywhere) {
            if (isEarlier(entry, best) && applies(entry.when(), reply) && joined.contains(entry.stem())) {
                best = entry;
            }
        }
        return Optional.ofNullable(best);
    }

    private static @Nullable Entry better(@Nullable Entry best, Entry entry, Reply reply, int at, List<String> words) {
        boolean wins = isEarlier(entry, best)
                && applies(entry.when(), reply)
                && entry.phrase().startsAt(at, words);
        return wins ? entry : best;
    }

    private static boolean isEarlier(Entry entry, @Nullable Entry best) {
        return best == null || entry.order() < best.order();
    }

    static boolean applies(String when, Reply reply) {
        if (when.equals("*")) {
            return true;
        }
        if (when.startsWith("x.")) {
            int subject = reply.enhancedCode().indexOf('.');
            return subject > 0 && reply.enhancedCode().substring(subject).equals(when.substring(1));
        }
        return Integer.toString(reply.code()).startsWith(when);
    }
}
