package dev.gatepost.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ReplyClassifier;
import dev.gatepost.smtp.ReplyParser;
import dev.gatepost.smtp.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/verdicts.md} says what the code says. */
class VerdictsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "verdicts.md");

    /** The first example reply of a row, where it is all there is to see. */
    private static final Pattern EXAMPLE = Pattern.compile("`([245]\\d\\d[^`]*)`");

    private static List<List<String>> rows(String heading) throws IOException {
        var section =
                Files.readString(PAGE).split("\n## " + heading + "\n", 2)[1].split("\n## ", 2)[0];
        return section.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line ->
                        Arrays.stream(line.split("\\|", -1)).map(String::strip).toList())
                .map(cells -> cells.subList(1, cells.size() - 1))
                .toList();
    }

    private static Stream<List<String>> reasons() throws IOException {
        return rows("Reasons").stream();
    }

    @Test
    void namesEachStatusTraitAndReasonOnceAndInOrder() throws IOException {
        assertThat(rows("Statuses"))
                .extracting(List::getFirst)
                .containsExactlyElementsOf(
                        Arrays.stream(Status.values()).map(s -> code(s.word())).toList());
        assertThat(rows("Traits"))
                .extracting(List::getFirst)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Trait.values()).map(t -> code(t.word())).toList());
        assertThat(rows("Reasons"))
                .extracting(List::getFirst)
                .containsExactlyElementsOf(
                        Arrays.stream(Reason.values()).map(r -> code(r.code())).toList());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reasons")
    void saysOfAReasonWhatTheCodeSays(List<String> row) {
        var reason = Reason.valueOf(row.getFirst().replace("`", "").toUpperCase(Locale.ROOT));
        assertThat(row.get(1)).isEqualTo(code(reason.status().word()));
        assertThat(row.get(2)).isEqualTo(reason.sentence());
        assertThat(row.get(4)).as("what to do").isNotEmpty();
        assertThat(row.get(4).contains("Asked again")).as("asked again").isEqualTo(asksAgain(reason));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("reasons")
    void givesExamplesThatAreUnderstoodSo(List<String> row) {
        var example = EXAMPLE.matcher(row.get(3));
        if (!example.matches()) {
            return; // no reply, or one that is not enough by itself
        }
        var reply = ReplyParser.parse(example.group(1));
        var answered = new Evidence.RecipientAnswered(
                "mx.firm.example",
                reply,
                ReplyClassifier.meaning(Stage.RCPT, reply),
                AcceptAll.NO,
                ReplyClassifier.saysMailboxExists(reply));
        assertThat(code(Verdict.of(List.of(answered)).reason().code())).isEqualTo(row.getFirst());
    }

    /** In progress changes by itself, without asking again. */
    private static boolean asksAgain(Reason reason) {
        return reason.mayChange() && reason != Reason.IN_PROGRESS;
    }

    private static String code(String word) {
        return "`" + word + "`";
    }
}
