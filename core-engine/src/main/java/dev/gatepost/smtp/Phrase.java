package dev.gatepost.smtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A few words to find in a reply. Written {@code word word}, {@code wo*} for a word's beginning, {@code {a,b c}} for
 * a choice, and {@code ..} for up to {@value #GAP_WORDS_MAX} words between.
 *
 * @param steps what must follow each other
 */
record Phrase(List<Step> steps) {
    /** Longest gap, in words: further apart two words seldom belong to one clause. */
    static final int GAP_WORDS_MAX = 7;

    Phrase {
        steps = List.copyOf(steps);
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("empty phrase");
        }
    }

    /**
     * One place in a phrase.
     *
     * @param choices each a run of words, the last character {@code *} standing for any ending
     * @param afterGap whether other words may come before it
     */
    record Step(List<List<String>> choices, boolean afterGap) {
        Step {
            choices = List.copyOf(choices);
        }
    }

    static Phrase parse(String written) {
        var steps = new ArrayList<Step>();
        boolean gap = false;
        var rest = written.strip();
        while (!rest.isEmpty()) {
            int end;
            if (rest.startsWith("..")) {
                gap = true;
                end = 2;
            } else {
                boolean choice = rest.charAt(0) == '{';
                end = choice ? rest.indexOf('}') + 1 : wordEnd(rest);
                var inner = choice ? rest.substring(1, end - 1) : rest.substring(0, end);
                steps.add(new Step(choices(inner), gap && !steps.isEmpty()));
                gap = false;
            }
            rest = rest.substring(end).strip();
        }
        if (gap) {
            throw new IllegalArgumentException("a gap ends " + written);
        }
        return new Phrase(steps);
    }

    private static int wordEnd(String text) {
        int space = text.indexOf(' ');
        return space < 0 ? text.length() : space;
    }

    private static List<List<String>> choices(String inner) {
        return Arrays.stream(inner.split(",", -1)).map(Phrase::words).toList();
    }

    /** Folds the words just as {@link ReplyText} folds a reply, keeping the star. */
    private static List<String> words(String run) {
        var words = new ArrayList<String>();
        for (var part : run.strip().split(" ", -1)) {
            var folded = ReplyText.split(part);
            if (folded.size() != 1) {
                throw new IllegalArgumentException("not one word: " + part);
            }
            words.add(part.endsWith("*") ? folded.getFirst() + "*" : folded.getFirst());
        }
        return words;
    }

    /** Whether the phrase begins at word {@code at} of {@code text}. */
    boolean startsAt(int at, List<String> text) {
        return follows(0, at, text);
    }

    private boolean follows(int step, int at, List<String> text) {
        if (step == steps.size()) {
            return true;
        }
        var here = steps.get(step);
        int last = Math.min(here.afterGap() ? at + GAP_WORDS_MAX : at, text.size() - 1);
        for (int start = at; start <= last; start++) {
            for (var choice : here.choices()) {
                if (isAt(choice, start, text) && follows(step + 1, start + choice.size(), text)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean isAt(List<String> choice, int at, List<String> text) {
        if (at + choice.size() > text.size()) {
            return false;
        }
        for (int i = 0; i < choice.size(); i++) {
            if (!matches(choice.get(i), text.get(at + i))) {
                return false;
            }
        }
        return true;
    }

    static boolean matches(String written, String word) {
        int stem = written.length() - 1;
        return written.charAt(stem) == '*' ? word.regionMatches(0, written, 0, stem) : written.equals(word);
    }
}
