package dev.gatepost.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Trait;
import dev.gatepost.verify.Verdict;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkflowTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            MAILBOX_NOT_FOUND ;                 ; reject ; reject invalid
            ACCEPTED          ; DISPOSABLE      ; reject ; reject disposable
            ACCEPT_ALL        ; ACCEPT_ALL      ; flag   ; flag risky or unknown
            TIMEOUT           ;                 ; flag   ; flag risky or unknown
            ACCEPTED          ; ROLE            ; flag   ; flag role
            ACCEPTED          ; FREE            ; accept ; default
            ACCEPTED          ;                 ; accept ; default
            """)
    void theStandardWorkflowTurnsAwayMarksAndLetsIn(Reason reason, String trait, String decision, String rule) {
        var traits = trait == null ? Set.<Trait>of() : Set.of(Trait.valueOf(trait));

        var decided = Workflow.STANDARD.decide(subject(reason, traits, 50, "ann@example.org"));

        assertThat(decided.word()).isEqualTo(decision);
        assertThat(decided.rule()).isEqualTo(rule);
    }

    @Test
    void matchesADomainAndWhatIsBelowItAtLabelBoundariesOnly() {
        var listed = new Condition.DomainIn(Set.of("example.org"));

        assertThat(listed.holds(subject(Reason.ACCEPTED, Set.of(), 95, "ann@example.org")))
                .isTrue();
        assertThat(listed.holds(subject(Reason.ACCEPTED, Set.of(), 95, "ann@mail.example.org")))
                .isTrue();
        assertThat(listed.holds(subject(Reason.ACCEPTED, Set.of(), 95, "ann@notexample.org")))
                .isFalse();
    }

    @Test
    void theFirstRuleThatAppliesDecides() {
        var always = new Condition.All(List.of());
        var workflow = Workflow.draft(
                "W",
                List.of(
                        new Rule("never", new Condition.Any(List.of()), Outcome.REJECT),
                        new Rule("first", always, Outcome.FLAG, "Look twice."),
                        new Rule("second", always, Outcome.REJECT)),
                Outcome.ACCEPT,
                "");

        assertThat(workflow.decide(subject(Reason.ACCEPTED, Set.of(), 95, "ann@example.org")))
                .isEqualTo(new Decision.Flag("first", "Look twice."));
    }

    @Test
    void saysTheDefaultsMessageWhenNoRuleApplies() {
        var workflow = Workflow.draft("W", List.of(), Outcome.REJECT, "Not today.");

        assertThat(workflow.decide(subject(Reason.ACCEPTED, Set.of(), 95, "ann@example.org")))
                .isEqualTo(new Decision.Reject(Workflow.BY_DEFAULT, "Not today."));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            # workflow            ; reason            ; trait      ; decision
            newsletter-sign-up    ; ACCEPT_ALL        ;            ; accept
            newsletter-sign-up    ; MAILBOX_FULL      ;            ; accept
            newsletter-sign-up    ; ACCEPTED          ; FREE       ; accept
            newsletter-sign-up    ; TIMEOUT           ;            ; flag
            newsletter-sign-up    ; NO_DOMAIN         ;            ; reject
            newsletter-sign-up    ; ACCEPTED          ; DISPOSABLE ; reject
            paying-users          ; ACCEPTED          ;            ; accept
            paying-users          ; ACCEPT_ALL        ;            ; reject
            paying-users          ; MAILBOX_NOT_FOUND ;            ; reject
            paying-users          ; GREYLISTED        ;            ; flag
            paying-users          ; ACCEPTED          ; DISPOSABLE ; reject
            b2b-leads             ; ACCEPTED          ; FREE       ; reject
            b2b-leads             ; ACCEPTED          ; ROLE       ; flag
            b2b-leads             ; ACCEPT_ALL        ;            ; flag
            b2b-leads             ; ACCEPTED          ;            ; accept
            """)
    void theReadyMadeWorkflowsDoWhatTheirNamesSay(String id, Reason reason, String trait, String decision) {
        var workflow = ReadyMade.all().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        var traits = trait == null ? Set.<Trait>of() : Set.of(Trait.valueOf(trait));

        assertThat(workflow.decide(subject(reason, traits, 50, "ann@example.org"))
                        .word())
                .isEqualTo(decision);
    }

    private static Subject subject(Reason reason, Set<Trait> traits, int score, String address) {
        return new Subject(
                new Verdict(reason, traits, score, List.of()),
                address,
                address.substring(address.indexOf('@') + 1),
                "");
    }
}
