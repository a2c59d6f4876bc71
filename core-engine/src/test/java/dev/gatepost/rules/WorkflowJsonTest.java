package dev.gatepost.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Status;
import dev.gatepost.verify.Trait;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowJsonTest {
    @Test
    void readsEveryKindOfCondition() {
        assertThat(when("""
                {"all": [
                  {"any": [{"status_in": ["risky"]}, {"trait": "accept_all"}, {"score_below": 40}]},
                  {"not": {"reason_in": ["greylisted", "timeout"]}},
                  {"domain_in": ["Example.ORG", "münchen.de", "ru"]},
                  {"address_in": ["Ann@Example.org"]},
                  {"provider_in": ["Gmail"]}]}
                """))
                .isEqualTo(new Condition.All(List.of(
                        new Condition.Any(List.of(
                                new Condition.StatusIn(Set.of(Status.RISKY)),
                                new Condition.HasTrait(Trait.ACCEPT_ALL),
                                new Condition.ScoreBelow(40))),
                        new Condition.Not(new Condition.ReasonIn(Set.of(Reason.GREYLISTED, Reason.TIMEOUT))),
                        new Condition.DomainIn(Set.of("example.org", "xn--mnchen-3ya.de", "ru")),
                        new Condition.AddressIn(Set.of("ann@example.org")),
                        new Condition.ProviderIn(Set.of("Gmail")))));
    }

    @ParameterizedTest
    @MethodSource("dev.gatepost.rules.ReadyMade#all")
    void readsBackTheReadyMadeOnes(Workflow readyMade) {
        var workflow = readyMade;

        assertThat(good(WorkflowJson.write(workflow)).as(workflow.id(), 0)).isEqualTo(workflow);
    }

    @ParameterizedTest
    @ValueSource(longs = {20261123, 20261125, 4})
    void readsBackWhateverItWrites(long seed) {
        var random = new RandomRules(seed);
        for (int run = 0; run < 3_000; run++) {
            var workflow = random.sound();
            assertThat(good(WorkflowJson.write(workflow)))
                    .as("seed %d run %d", seed, run)
                    .isEqualTo(workflow);
            assertThat(good(WorkflowJson.writePretty(workflow))).isEqualTo(workflow);
            assertThat(WorkflowJson.readStored(WorkflowJson.write(workflow))).isEqualTo(workflow);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            # condition                                    ; path                 ; what must be otherwise
            {"score_below": 0}                             ; .score_below         ; must be 1-100
            {"score_below": 101}                           ; .score_below         ; must be 1-100
            {"score_below": "50"}                          ; .score_below         ; must be 1-100
            {"score_below": 99999999999999999999}          ; .score_below         ; must be 1-100
            {"score_below": 1.5}                           ; .score_below         ; must be 1-100
            {"score_under": 50}                            ; .score_under         ; unknown key; there is address_in, all, any
            {}                                             ;                      ; says nothing; give it one of
            []                                             ;                      ; must be an object
            null                                           ;                      ; must be an object
            {"trait": "free", "score_below": 5}            ;                      ; must have just one key; put several into "all"
            {"trait": "fre"}                               ; .trait               ; there is no "fre"; there is accept_all, disposable
            {"trait": ["free"]}                            ; .trait               ; must be a text
            {"status_in": "valid"}                         ; .status_in           ; must be a list
            {"status_in": []}                              ; .status_in           ; must not be empty
            {"status_in": ["valid", "good"]}               ; .status_in[1]        ; there is no "good"; there is invalid, risky
            {"status_in": ["valid", "valid"]}              ; .status_in[1]        ; stands in the list already
            {"reason_in": ["bounced"]}                     ; .reason_in[0]        ; there is no "bounced"
            {"domain_in": ["@example.org"]}                ; .domain_in[0]        ; "@example.org" is not a domain; write it like example.org
            {"domain_in": ["a b"]}                         ; .domain_in[0]        ; "a b" is not a domain
            {"domain_in": ["example.org", "EXAMPLE.org"]}  ; .domain_in[1]        ; stands in the list already
            {"domain_in": [7]}                             ; .domain_in[0]        ; must be a text
            {"address_in": ["ann"]}                        ; .address_in[0]       ; "ann" is not an address
            {"address_in": ["a@b.org", "A@b.org"]}         ; .address_in[1]       ; stands in the list already
            {"provider_in": ["gmail"]}                     ; .provider_in[0]      ; there is no provider "gmail"; there is Barracuda
            {"all": []}                                    ; .all                 ; must not be empty
            {"any": {}}                                    ; .any                 ; must be a list
            {"not": []}                                    ; .not                 ; must be an object
            {"not": {"all": [{"not": {"any": []}}]}}       ; .not.all[0].not.any  ; must not be empty
            {"all": [{"trait": "free"}, {"score_below": 0}]} ; .all[1].score_below ; must be 1-100
            {"trait": "free", "trait": "role"}             ; .trait               ; is given twice
            {"all": [{"status_in": ["valid"]}, {"status_in": ["risky"]}]} ; .all[1] ; excludes all[0], so both never hold at once
            {"all": [{"trait": "free"}, {"not": {"trait": "free"}}]}      ; .all[1] ; excludes all[0]
            {"any": [{"all": [{"domain_in": ["a.org"]}, {"domain_in": ["b.org"]}]}]} ; .any[0].all[1] ; excludes all[0]
            """)
    void saysWhereAConditionIsWrong(String condition, String path, String text) {
        var mistakes = wrong(workflow(rule("one", condition))).mistakes();

        assertThat(mistakes).hasSize(1);
        assertThat(mistakes.getFirst().path()).isEqualTo("rules[0].when" + (path == null ? "" : path));
        assertThat(mistakes.getFirst().text()).startsWith(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
            # workflow                                          ; mistakes
            []                                                  ; workflow: must be an object
            null                                                ; workflow: must be an object
            {"name":"W","rules":[],"default":"accept"} x        ; workflow: is not JSON
            {"name":"W","rules":[]                              ; workflow: is not JSON
            {}                                                  ; name: is missing | rules: is missing | default: is missing; it must be accept, flag or reject
            {"name":"","rules":[],"default":"accept"}           ; name: must not be empty
            {"name":" W","rules":[],"default":"accept"}         ; name: must not begin or end with a blank
            {"name":"W\\u0000","rules":[],"default":"accept"}   ; name: must be one line without control characters
            {"name":7,"rules":{},"default":"allow"}             ; name: must be a text | rules: must be a list | default: must be accept, flag or reject
            {"name":"W","rules":[],"default":"accept","id":"x"} ; id: unknown key; there is default, default_message, name, rules
            {"name":"W","name":"V","rules":[],"default":"flag"} ; name: is given twice
            {"name":"W","rules":[7],"default":"flag"}           ; rules[0]: must be an object
            {"name":"W","rules":[{"name":"default","when":{"trait":"free"},"then":"flag"}],"default":"flag"} ; rules[0].name: "default" stands for no rule at all
            {"name":"W","rules":[{"name":"a","when":{"trait":"free"},"then":"drop","message":5,"why":""}],"default":"flag"} ; rules[0].why: unknown key | rules[0].then: must be accept, flag or reject | rules[0].message: must be a text
            """)
    void namesEveryMistakeAtOnce(String json, String mistakes) {
        var expected = Arrays.stream(mistakes.split(" \\| ")).toList();
        var found = wrong(json).mistakes();

        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).toString()).startsWith(expected.get(i));
        }
    }

    @Test
    void refusesTwoRulesOfOneName() {
        assertThat(wrong(workflow(rule("a", "{\"trait\":\"free\"}"), rule("a", "{\"trait\":\"role\"}")))
                        .sentence())
                .isEqualTo("rules[1].name: another rule is named \"a\" already");
    }

    @Test
    void refusesListsThatContradict() {
        var wrong = wrong("""
                {"name": "W", "default": "accept", "rules": [
                  {"name": "allow", "then": "accept", "when": {"any": [
                    {"domain_in": ["example.org"]}, {"address_in": ["ann@other.net"]}]}},
                  {"name": "block", "then": "reject", "when": {"domain_in": ["mail.example.org", "fine.org"]}},
                  {"name": "block too", "then": "reject", "when": {"any": [
                    {"trait": "free"}, {"address_in": ["ann@other.net", "bob@example.org", "eve@other.net"]}]}},
                  {"name": "allow more", "then": "accept", "when": {"domain_in": ["example.org", "more.org"]}}]}
                """);

        assertThat(wrong.mistakes().stream().map(Mistake::toString))
                .containsExactly(
                        "rules[1].when.domain_in: mail.example.org is decided by rules[0] (\"allow\", accept) already,"
                                + " so it can never be reject here; take it out of one of both",
                        "rules[2].when.any[1].address_in: ann@other.net is decided by rules[0] (\"allow\", accept)"
                                + " already, so it can never be reject here; take it out of one of both",
                        "rules[2].when.any[1].address_in: bob@example.org is decided by rules[0] (\"allow\", accept)"
                                + " already, so it can never be reject here; take it out of one of both");
    }

    @Test
    void letsAnExceptionComeBeforeItsRule() {
        assertThat(good("""
                {"name": "W", "default": "accept", "rules": [
                  {"name": "allow", "then": "accept", "when": {"domain_in": ["mail.example.org"]}},
                  {"name": "block", "then": "reject", "when": {"domain_in": ["example.org"]}}]}
                """).rules()).hasSize(2);
    }

    @Test
    void refusesTenThousandConditionsAtTheFirstOneTooMany() {
        var many =
                IntStream.range(0, 10_000).mapToObj(_ -> "{\"trait\":\"free\"}").collect(Collectors.joining(","));

        assertThat(wrong(workflow(rule("many", "{\"any\":[" + many + "]}"))).sentence())
                .isEqualTo("rules[0].when.any[999]: is one condition too many; a workflow may have 1,000");
    }

    @Test
    void refusesConditionsThatStandDeeperThanAllowed() {
        assertThat(good(workflow(rule("deep", nested(7)))).rules()).hasSize(1);
        assertThat(wrong(workflow(rule("deep", nested(8)))).sentence())
                .isEqualTo("rules[0].when" + ".not".repeat(8)
                        + ": stands too deep; conditions may stand 8 deep in each other");
    }

    @Test
    void refusesTextNestedAThousandfoldWithoutFallingOver() {
        assertThat(wrong(workflow(rule("deep", nested(100_000)))).sentence()).startsWith("workflow: is not JSON");
    }

    @Test
    void refusesWhatIsTooLong() {
        var domains =
                IntStream.range(0, 10_001).mapToObj(i -> "\"d" + i + ".org\"").collect(Collectors.joining(","));
        var rules = IntStream.range(0, 101)
                .mapToObj(i -> rule("r" + i, "{\"trait\":\"free\"}"))
                .toArray(String[]::new);

        assertThat(wrong(workflow(rule("list", "{\"domain_in\":[" + domains + "]}")))
                        .sentence())
                .isEqualTo("rules[0].when.domain_in: has 10,001 entries; at most 10,000 are allowed");
        assertThat(wrong(workflow(rules)).sentence()).isEqualTo("rules: has 101 entries; at most 100 are allowed");
        assertThat(wrong(workflow(rule("n".repeat(81), "{\"trait\":\"free\"}"))).sentence())
                .isEqualTo("rules[0].name: is 81 characters long; at most 80 are allowed");
        assertThat(wrong("{\"name\":\"W\",\"rules\":[],\"default\":\"flag\",\"default_message\":\"" + "m".repeat(301)
                                + "\"}")
                        .sentence())
                .isEqualTo("default_message: is 301 characters long; at most 300 are allowed");
        assertThat(wrong(" ".repeat(2_000_000)).sentence())
                .isEqualTo("workflow: is 2,000,000 characters long; at most 1,048,576 are allowed");
    }

    @Test
    void countsMistakesBeyondAHundred() {
        var wrongOnes = IntStream.range(0, 150).mapToObj(_ -> "\"-\"").collect(Collectors.joining(","));

        var wrong = wrong(workflow(rule("list", "{\"domain_in\":[" + wrongOnes + "]}")));

        assertThat(wrong.mistakes()).hasSize(100);
        assertThat(wrong.more()).isEqualTo(50);
        assertThat(wrong.sentence()).endsWith("; and 50 more");
    }

    @Test
    void readsAStoredProviderThatIsNoLongerKnown() {
        var stored = workflow(rule("p", "{\"provider_in\":[\"Gone Mail\"]}"));

        assertThat(WorkflowJson.readStored(stored).rules().getFirst().when())
                .isEqualTo(new Condition.ProviderIn(Set.of("Gone Mail")));
        assertThatThrownBy(() -> WorkflowJson.readStored("{}"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("name: is missing");
    }

    private static Condition when(String condition) {
        return good(workflow(rule("one", condition))).rules().getFirst().when();
    }

    private static Workflow good(String json) {
        assertThat(WorkflowJson.read(json)).isInstanceOf(Reading.Good.class);
        return ((Reading.Good) WorkflowJson.read(json)).workflow();
    }

    private static Reading.Wrong wrong(String json) {
        assertThat(WorkflowJson.read(json)).isInstanceOf(Reading.Wrong.class);
        return (Reading.Wrong) WorkflowJson.read(json);
    }

    private static String nested(int levels) {
        return "{\"not\":".repeat(levels) + "{\"trait\":\"free\"}" + "}".repeat(levels);
    }

    private static String rule(String name, String condition) {
        return "{\"name\":\"" + name + "\",\"when\":" + condition + ",\"then\":\"flag\"}";
    }

    private static String workflow(String... rules) {
        return "{\"name\":\"W\",\"rules\":[" + String.join(",", rules) + "],\"default\":\"accept\"}";
    }
}
