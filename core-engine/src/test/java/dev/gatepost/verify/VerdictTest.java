package dev.gatepost.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.gatepost.address.Defect;
import dev.gatepost.dns.Answer;
import dev.gatepost.dns.DomainPolicy;
import dev.gatepost.dns.DomainPolicy.Dmarc;
import dev.gatepost.dns.DomainPolicy.MtaSts;
import dev.gatepost.dns.DomainPolicy.Spf;
import dev.gatepost.lists.ListHit;
import dev.gatepost.lists.ListName;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Trouble;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Stage;
import dev.gatepost.smtp.Trust;
import dev.gatepost.verify.Evidence.CrmSaid.CrmMeaning;
import dev.gatepost.verify.Verdict.ScoreStep;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class VerdictTest {
    private static final Evidence.MailHosts HOSTS =
            new Evidence.MailHosts(List.of("mx.example.org"), false, "", Trust.MEDIUM, List.of());

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            250 ; ACCEPT             ; NO        ; ACCEPTED            ; refuses others, takes this one
            250 ; ACCEPT             ; NOT_ASKED ; ACCEPTED            ; known not to be accept-all
            250 ; ACCEPT             ; YES       ; ACCEPT_ALL          ; takes a name nobody has
            250 ; ACCEPT             ; UNCLEAR   ; ACCEPT_ALL_UNCLEAR  ; a 4xx to the random name settles nothing
            550 ; MAILBOX_NOT_FOUND  ; NO        ; MAILBOX_NOT_FOUND   ; a permanent refusal of this recipient
            550 ; MAILBOX_NOT_FOUND  ; YES       ; CONFLICTING_ANSWERS ; refuses the real one, takes the random one
            450 ; MAILBOX_NOT_FOUND  ; NOT_ASKED ; TEMPORARY           ; a soft user unknown wants us to come back
            550 ; DISABLED           ; NO        ; MAILBOX_DISABLED    ; the mailbox was closed
            450 ; DISABLED           ; NO        ; TEMPORARY           ; not permanent
            552 ; MAILBOX_FULL       ; NOT_ASKED ; MAILBOX_FULL        ; exists, but full
            451 ; GREYLISTED         ; NOT_ASKED ; GREYLISTED          ; come back later
            452 ; RATE_LIMITED       ; NOT_ASKED ; RATE_LIMITED        ; about us
            550 ; BLOCKED_REPUTATION ; NOT_ASKED ; BLOCKED             ; about our address
            550 ; POLICY             ; NOT_ASKED ; SMTP_POLICY         ; about nobody in particular
            550 ; AUTH_REQUIRED      ; NOT_ASKED ; SMTP_POLICY         ; about us
            550 ; RELAY_DENIED       ; NOT_ASKED ; RELAY_DENIED        ; the wrong host
            530 ; TLS_REQUIRED       ; NOT_ASKED ; TLS_REQUIRED        ; about the line
            501 ; SYNTAX             ; NOT_ASKED ; PROTOCOL            ; our fault or theirs
            451 ; TEMPORARY          ; NOT_ASKED ; TEMPORARY           ; a passing problem
            """)
    void concludesFromTheAnswerToTheRecipient(
            int code, ReplyMeaning meaning, AcceptAll acceptAll, Reason expected, String why) {
        var verdict = Verdict.of(List.of(HOSTS, answered(code, meaning, acceptAll)));

        assertThat(verdict.reason()).as(why).isEqualTo(expected);
        assertThat(verdict.status()).isEqualTo(expected.status());
    }

    /** The iron rule: who refuses us, says nothing about the mailbox. */
    @ParameterizedTest
    @EnumSource(ReplyMeaning.class)
    void neverCallsAnAddressInvalidForARefusalOfUs(ReplyMeaning meaning) {
        for (var stage : Stage.values()) {
            for (var code : new int[] {421, 450, 550, 554}) {
                var refused =
                        new Evidence.SenderRefused("mx.example.org", stage, new Reply(code, "5.1.1", "no"), meaning);

                assertThat(Verdict.of(List.of(HOSTS, refused)).status())
                        .as("%s %s %d", meaning, stage, code)
                        .isEqualTo(Status.UNKNOWN);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Trouble.class)
    void neverCallsAnAddressInvalidForSilence(Trouble trouble) {
        assertThat(Verdict.of(List.of(HOSTS, new Evidence.NoAnswer("mx.example.org", trouble)))
                        .status())
                .isEqualTo(Status.UNKNOWN);
    }

    @Test
    void onlyTwoMeaningsOfARefusalAtRcptMakeAnAddressInvalid() {
        var invalid = new ArrayList<ReplyMeaning>();
        for (var meaning : ReplyMeaning.values()) {
            if (Verdict.of(List.of(HOSTS, answered(550, meaning, AcceptAll.NO))).status() == Status.INVALID) {
                invalid.add(meaning);
            }
        }
        assertThat(invalid).containsExactly(ReplyMeaning.MAILBOX_NOT_FOUND, ReplyMeaning.DISABLED);
    }

    @Test
    void keepsFactsOfDnsApartFromDnsThatCouldNotBeAsked() {
        assertThat(Verdict.of(List.of(new Evidence.NoDomain())).reason()).isEqualTo(Reason.NO_DOMAIN);
        assertThat(Verdict.of(List.of(new Evidence.NullMx())).reason()).isEqualTo(Reason.NULL_MX);
        assertThat(Verdict.of(List.of(new Evidence.NoMailHost())).reason()).isEqualTo(Reason.NO_MAIL_HOST);
        assertThat(Verdict.of(List.of(new Evidence.MxUnroutable(List.of("mx")))).reason())
                .isEqualTo(Reason.UNROUTABLE_MX);
        for (var cause : Answer.FailureCause.values()) {
            assertThat(Verdict.of(List.of(new Evidence.DnsFailed(cause))).status())
                    .as(cause.name())
                    .isEqualTo(Status.UNKNOWN);
        }
    }

    @Test
    void believesAProviderThatTakesEverybodyOnlyWhenItRefusedSomebody() {
        var yahoo = new Evidence.MailHosts(List.of("mta5.am0.yahoodns.net"), false, "yahoo", Trust.LOW, List.of());

        assertThat(Verdict.of(List.of(yahoo, answered(250, ReplyMeaning.ACCEPT, AcceptAll.NOT_ASKED)))
                        .reason())
                .isEqualTo(Reason.PROVIDER_UNVERIFIABLE);
        var refusedOthers = Verdict.of(List.of(yahoo, answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO)));
        assertThat(refusedOthers.reason()).isEqualTo(Reason.ACCEPTED);
        assertThat(refusedOthers.score()).isEqualTo(75);
    }

    @Test
    void takesAMailboxThatGivesItselfAwayForRisky() {
        var restricted = new Evidence.RecipientAnswered(
                "mx",
                new Reply(550, "5.7.134", "SenderNotAuthenticated"),
                ReplyMeaning.AUTH_REQUIRED,
                AcceptAll.NOT_ASKED,
                true);

        assertThat(Verdict.of(List.of(HOSTS, restricted)).reason()).isEqualTo(Reason.RECIPIENT_RESTRICTED);
    }

    @Test
    void collectsTraitsWhateverTheStatus() {
        var evidence = List.of(
                new Evidence.Form(true, false, false),
                listed(ListName.DISPOSABLE),
                listed(ListName.ROLE),
                new Evidence.MailHosts(List.of("a"), true, "", Trust.MEDIUM, List.of()),
                answered(552, ReplyMeaning.MAILBOX_FULL, AcceptAll.NOT_ASKED));

        assertThat(Verdict.of(evidence).traits())
                .containsExactlyInAnyOrder(
                        Trait.SUBADDRESS, Trait.DISPOSABLE, Trait.ROLE, Trait.IMPLICIT_MX, Trait.MAILBOX_FULL);
    }

    @Test
    void listsTheStepsThatMakeUpTheScore() {
        var verdict = Verdict.of(List.of(
                new Evidence.Form(true, false, false),
                listed(ListName.ROLE),
                HOSTS,
                answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO)));

        assertThat(verdict.steps())
                .containsExactly(
                        new ScoreStep("accepted", 95), new ScoreStep("role", -15), new ScoreStep("subaddress", -2));
        assertThat(verdict.score()).isEqualTo(78);
    }

    @Test
    void capsTheScoreOfADisposableAddress() {
        var verdict = Verdict.of(
                List.of(listed(ListName.DISPOSABLE), HOSTS, answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO)));

        assertThat(verdict.score()).isEqualTo(10);
        assertThat(verdict.steps().stream().mapToInt(ScoreStep::delta).sum()).isEqualTo(10);
        assertThat(verdict.label()).isEqualTo(Label.DISPOSABLE);
    }

    @Test
    void letsABounceKnownToTheCrmCostPointsButNeverTheStatus() {
        var accepted = answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO);
        var bounced = Verdict.of(List.of(HOSTS, accepted, new Evidence.CrmSaid("bounce", "x", CrmMeaning.BOUNCED)));
        var noted = Verdict.of(List.of(HOSTS, accepted, new Evidence.CrmSaid("bad", "true", CrmMeaning.NOTED)));

        assertThat(bounced.score()).isEqualTo(20);
        assertThat(bounced.label()).isEqualTo(Label.VALID);
        assertThat(noted.score()).isEqualTo(Verdict.of(List.of(HOSTS, accepted)).score());
    }

    @Test
    void capsTheScoreOfADomainThatSharesItsMailHostWithDisposableOnes() {
        var suspected = Verdict.of(List.of(
                HOSTS,
                new Evidence.DisposableSuspected("mail.mailinator.com"),
                answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO)));

        assertThat(suspected.score()).isEqualTo(30);
        assertThat(suspected.traits()).as("it is a suspicion").isEmpty();
        assertThat(suspected.label()).isEqualTo(Label.VALID);
    }

    @Test
    void takesASchoolForNothingButInformation() {
        var answer = answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO);

        assertThat(Verdict.of(List.of(listed(ListName.EDU), HOSTS, answer)))
                .isEqualTo(Verdict.of(List.of(HOSTS, answer)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            PRESENT       ; REJECT  ; 100 ; a domain that is looked after, and never above 100
            PRESENT       ; ABSENT  ; 98  ; SPF alone
            ABSENT        ; NONE    ; 97  ; any DMARC record counts
            SENDS_NO_MAIL ; ABSENT  ; 95  ; nobody there writes mail
            UNKNOWN       ; UNKNOWN ; 95  ; what was not seen changes nothing
            """)
    void raisesTheScoreForPolicies(Spf spf, Dmarc dmarc, int expected, String why) {
        var policies = new Evidence.Policies(new DomainPolicy(spf, dmarc, MtaSts.PRESENT));
        var verdict = Verdict.of(List.of(HOSTS, policies, answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO)));

        assertThat(verdict.score()).as(why).isEqualTo(expected);
        assertThat(verdict.reason()).isEqualTo(Reason.ACCEPTED);
    }

    @Test
    void raisesNoScoreOfAnInvalidAddress() {
        var policies = new Evidence.Policies(new DomainPolicy(Spf.PRESENT, Dmarc.REJECT, MtaSts.PRESENT));
        var refused = answered(550, ReplyMeaning.MAILBOX_NOT_FOUND, AcceptAll.NO);

        assertThat(Verdict.of(List.of(HOSTS, policies, refused)).score()).isZero();
    }

    @Test
    void scoresWhatCannotBeDeliveredZero() {
        assertThat(Verdict.of(List.of(new Evidence.Malformed(Defect.EMPTY))).score())
                .isZero();
    }

    @Test
    void refusesEvidenceThatSettlesNothing() {
        assertThatIllegalStateException().isThrownBy(() -> Verdict.of(List.of(HOSTS)));
    }

    private static Evidence listed(ListName list) {
        return new Evidence.Listed(new ListHit(list, "entry", LocalDate.of(2026, 11, 1)));
    }

    private static Evidence answered(int code, ReplyMeaning meaning, AcceptAll acceptAll) {
        return new Evidence.RecipientAnswered("mx.example.org", new Reply(code, "", "text"), meaning, acceptAll, false);
    }
}
