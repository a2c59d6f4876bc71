package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.smtp.ReplyRows.Row;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Five-fold cross-check: each fifth of the labelled replies is read with tables from which every word was taken out
 * that no reply of the other four fifths uses. What is left is what the tables know about replies they never saw.
 */
final class CrossCheckTest {
    private static final int FOLDS = 5;

    /** What the product promises for replies it was not made from. */
    private static final double MACRO_F1_MIN = 0.93;

    /** Lower: hardly two of these lines share a wording, so that most lose the only other witness of their words. */
    private static final double HELD_OUT_F1_MIN = 0.90;

    /** Lines that rest on a document or a dictionary, not on replies: they stay in. */
    private static final List<String> VOUCHED_FOR = List.of(
            "RFC",
            "postmaster",
            "error codes",
            "non-delivery reports",
            "language",
            "German",
            "French",
            "Italian",
            "Spanish",
            "Portuguese",
            "Dutch",
            "Polish",
            "Russian",
            "Nordic",
            "Japanese",
            "words joined",
            "GoDaddy");

    private static final List<Row> COLLECTED = ReplyRows.collected();
    private static final List<Row> HELD_OUT = ReplyRows.heldOut();
    private static final List<Row> ALL = Stream.of(COLLECTED, HELD_OUT, ReplyRows.own())
            .flatMap(List::stream)
            .toList();
    private static final List<ReplyText> TEXTS =
            ALL.stream().map(row -> ReplyText.of(row.reply().text())).toList();
    private static final List<String> TABLES = List.of(
            ReplyClassifier.Words.MARKERS,
            ReplyClassifier.Words.ABOUT_US,
            ReplyClassifier.Words.ABOUT_RECIPIENT,
            ReplyClassifier.Words.VAGUE);

    @Test
    void understandsCollectedRepliesWithoutTheirOwnWords() {
        assertThat(score("collected replies, no word vouched for", COLLECTED, 0, foundBy(folds(false))))
                .isGreaterThanOrEqualTo(MACRO_F1_MIN);
    }

    @Test
    void understandsHeldOutLinesWithoutTheirOwnWords() {
        assertThat(score("held-out lines", HELD_OUT, COLLECTED.size(), foundBy(folds(true))))
                .isGreaterThanOrEqualTo(HELD_OUT_F1_MIN);
    }

    @Test
    @DisplayName("P7: no reply that is not about the recipient makes an address invalid")
    void blamesNobodyForWhatIsNotAboutThem() {
        assertThat(ALL).noneMatch(row -> blames(row.found()) && !blames(row.expected()));
    }

    /** A phrase that one collected reply uses, and nothing else, was lifted from that reply. */
    @Test
    void hasNoPhraseLiftedFromASingleReply() {
        var lifted = new ArrayList<String>();
        for (var table : TABLES) {
            for (var line : PhraseTable.lines(table)) {
                for (var written : line.phrases()) {
                    var rows = rows(line.when(), written);
                    int first = rows.nextSetBit(0);
                    if (rows.cardinality() == 1
                            && first < COLLECTED.size()
                            && ALL.get(first).expected() == line.meaning()
                            && !isVouchedFor(line)) {
                        lifted.add(table + ": " + written + " <- " + ALL.get(first));
                    }
                }
            }
        }
        assertThat(lifted).isEmpty();
    }

    /** {@code from}: where in {@link #ALL} the rows begin. */
    private static double score(String what, List<Row> rows, int from, List<ReplyMeaning> found) {
        double score = ReplyRows.macroF1(rows, found.subList(from, from + rows.size()));
        System.out.printf("cross-checked macro-F1 on %s: %.3f%n", what, score);
        return score;
    }

    private static List<ReplyMeaning> foundBy(List<ReplyClassifier.Words> folds) {
        return IntStream.range(0, ALL.size())
                .mapToObj(i -> ReplyClassifier.meaning(
                        folds.get(i % FOLDS), ALL.get(i).stage(), ALL.get(i).reply()))
                .toList();
    }

    private static boolean blames(ReplyMeaning meaning) {
        return meaning == ReplyMeaning.MAILBOX_NOT_FOUND || meaning == ReplyMeaning.DISABLED;
    }

    private static boolean isVouchedFor(PhraseTable.Line line) {
        return VOUCHED_FOR.stream().anyMatch(line.source()::contains);
    }

    private static List<ReplyClassifier.Words> folds(boolean keepsVouchedFor) {
        return IntStream.range(0, FOLDS)
                .mapToObj(fold -> TABLES.stream()
                        .map(table -> tableWithout(fold, table, keepsVouchedFor))
                        .toList())
                .map(t -> new ReplyClassifier.Words(t.get(0), t.get(1), t.get(2), t.get(3)))
                .toList();
    }

    private static PhraseTable tableWithout(int fold, String table, boolean keepsVouchedFor) {
        return PhraseTable.of(PhraseTable.lines(table).stream()
                .map(line -> keepsVouchedFor && isVouchedFor(line) ? line : lineWithout(fold, line))
                .toList());
    }

    private static PhraseTable.Line lineWithout(int fold, PhraseTable.Line line) {
        var kept = line.phrases().stream()
                .map(written -> phraseWithout(fold, line.when(), written))
                .filter(written -> !written.isEmpty())
                .toList();
        return new PhraseTable.Line(line.meaning(), line.when(), kept, line.source());
    }

    /** The phrase without the choices that only rows of the fold use; empty when nothing is left. */
    private static String phraseWithout(int fold, String when, String written) {
        var rows = rows(when, written);
        if (rows.stream().noneMatch(i -> i % FOLDS == fold)) {
            return written;
        }
        if (written.startsWith("*")) {
            return rows.stream().allMatch(i -> i % FOLDS == fold) ? "" : written;
        }
        var steps = Phrase.parse(written).steps();
        var kept = new StringBuilder();
        for (int s = 0; s < steps.size(); s++) {
            var choices = new ArrayList<String>();
            for (var choice : steps.get(s).choices()) {
                var phrase = narrowed(steps, s, choice);
                var users = rows.stream()
                        .filter(i -> isIn(TEXTS.get(i), phrase))
                        .boxed()
                        .toList();
                if (users.isEmpty() || users.stream().anyMatch(i -> i % FOLDS != fold)) {
                    choices.add(String.join(" ", choice));
                }
            }
            if (choices.isEmpty()) {
                return "";
            }
            kept.append(steps.get(s).afterGap() ? ".. {" : "{")
                    .append(String.join(",", choices))
                    .append("} ");
        }
        return kept.toString().strip();
    }

    private static Phrase narrowed(List<Phrase.Step> steps, int at, List<String> choice) {
        var copy = new ArrayList<>(steps);
        copy.set(at, new Phrase.Step(List.of(choice), steps.get(at).afterGap()));
        return new Phrase(copy);
    }

    private static boolean isIn(ReplyText text, Phrase phrase) {
        return IntStream.range(0, text.words().size()).anyMatch(at -> phrase.startsAt(at, text.words()));
    }

    private static final Map<String, BitSet> ROWS = new HashMap<>();

    /** The replies that use the phrase, by their number in {@link #ALL}. */
    private static BitSet rows(String when, String written) {
        return ROWS.computeIfAbsent(when + " ; " + written, _ -> {
            var rows = new BitSet();
            var matches = matcher(written);
            for (int i = 0; i < ALL.size(); i++) {
                if (PhraseTable.applies(when, ALL.get(i).reply()) && matches.test(TEXTS.get(i))) {
                    rows.set(i);
                }
            }
            return rows;
        });
    }

    private static Predicate<ReplyText> matcher(String written) {
        if (written.startsWith("*")) {
            var stem = String.join(" ", ReplyText.split(written));
            return text -> text.joined().contains(stem);
        }
        var phrase = Phrase.parse(written);
        return text -> isIn(text, phrase);
    }
}
