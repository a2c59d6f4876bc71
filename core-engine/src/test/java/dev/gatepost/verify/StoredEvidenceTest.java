package dev.gatepost.verify;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays evidence as it was stored, so that a change of judgement shows as a change of a file: the same evidence gives
 * the same verdict for ever, unless somebody decided otherwise.
 */
class StoredEvidenceTest {
    private static final Path CORPUS = Path.of("src/test/resources/dev/gatepost/verify/corpus");

    /** Writes what the engine says now into the files, for a reviewer to read as a diff. */
    private static final String REWRITE = "corpus.rewrite";

    private static final String HOW_TO_CHANGE = "The judgement of stored evidence has changed. If that is meant, run"
            + " mvn -pl core-engine test -Dtest=StoredEvidenceTest -D" + REWRITE + "=true, review the diff of "
            + CORPUS + " and say the reason in CHANGELOG.md";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    record Case(Path file, ObjectNode content) {
        static Case read(Path file) {
            try {
                return new Case(file, (ObjectNode) JSON.readTree(file.toFile()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String evidence() {
            return content.path("evidence").toString();
        }

        List<Evidence> seen() {
            return EvidenceJson.read(evidence());
        }

        @Override
        public String toString() {
            return file.getFileName() + ": " + content.path("why").asText();
        }
    }

    static Stream<Case> cases() throws IOException {
        try (var files = Files.list(CORPUS)) {
            return files.sorted(comparing(Path::toString)).map(Case::read).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void judgesStoredEvidenceAsBefore(Case stored) throws IOException {
        var judged = judgement(Verdict.of(stored.seen()));
        if (Boolean.getBoolean(REWRITE)) {
            stored.content().set("expected", judged);
            Files.writeString(stored.file(), JSON.writeValueAsString(stored.content()) + "\n");
        }

        assertThat(stored.content().path("expected")).as(HOW_TO_CHANGE).isEqualTo(judged);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void writesEvidenceAsItWasStored(Case stored) throws JsonProcessingException {
        assertThat(JSON.readTree(EvidenceJson.write(stored.seen()))).isEqualTo(JSON.readTree(stored.evidence()));
    }

    @Test
    void holdsACaseForEachReason() throws IOException {
        assertThat(everyCase(stored -> Stream.of(Verdict.of(stored.seen()).reason())))
                .containsAll(Arrays.asList(Reason.values()));
    }

    @Test
    void holdsEachTrait() throws IOException {
        assertThat(everyCase(stored -> Verdict.of(stored.seen()).traits().stream()))
                .containsAll(Arrays.asList(Trait.values()));
    }

    @Test
    void holdsEachKindOfEvidence() throws IOException {
        assertThat(everyCase(stored -> stored.seen().stream().map(Object::getClass)))
                .hasSize(Evidence.class.getPermittedSubclasses().length);
    }

    private static <T> List<T> everyCase(Function<Case, Stream<T>> part) throws IOException {
        return cases().flatMap(part).distinct().collect(Collectors.toList());
    }

    private static JsonNode judgement(Verdict verdict) {
        var judged = JSON.createObjectNode()
                .put("reason", verdict.reason().code())
                .put("label", verdict.label().word())
                .put("score", verdict.score());
        var traits = judged.putArray("traits");
        verdict.traits().stream().map(Trait::word).sorted().forEach(traits::add);
        return judged;
    }
}
