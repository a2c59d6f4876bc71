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
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class EvidenceJsonTest {
    private static final Reply REPLY = new Reply(550, "5.1.1", "no \"such\" user \u202e\n");

    private static final List<Evidence> ONE_OF_EACH = List.of(
            new Evidence.Malformed(Defect.EMPTY),
            new Evidence.Form(true, false, true),
            new Evidence.Listed(new ListHit(ListName.RELAY, "relay.example", LocalDate.of(2026, 11, 1))),
            new Evidence.Suggested("ann@gmail.com"),
            new Evidence.SpecialUse("localhost"),
            new Evidence.StillAsking(),
            new Evidence.RandomLooking(),
            new Evidence.CrmSaid("hs_email_bad_address", "true", Evidence.CrmSaid.CrmMeaning.NOTED),
            new Evidence.Offline(),
            new Evidence.NoDomain(),
            new Evidence.NullMx(),
            new Evidence.NoMailHost(),
            new Evidence.MxUnresolvable(List.of("mx1.example.org", "mx2.example.org")),
            new Evidence.MxUnroutable(List.of("mx.example.org")),
            new Evidence.DnsFailed(Answer.FailureCause.SERVFAIL),
            new Evidence.MailHosts(
                    List.of("mx.example.org"),
                    true,
                    "google",
                    Trust.HIGH,
                    List.of("mx_is_cname"),
                    "*.google.com, providers.csv"),
            new Evidence.DisposableSuspected("mail.mailinator.com"),
            new Evidence.Policies(new DomainPolicy(Spf.SENDS_NO_MAIL, Dmarc.QUARANTINE, MtaSts.UNKNOWN)),
            new Evidence.OptedOut(new ListHit(ListName.OPTOUT, "example.org", LocalDate.of(2026, 11, 2))),
            new Evidence.SmtpOff(),
            new Evidence.Said("mx.example.org", Stage.EHLO, REPLY, 12),
            new Evidence.RecipientAnswered(
                    "mx.example.org", REPLY, ReplyMeaning.MAILBOX_NOT_FOUND, AcceptAll.UNCLEAR, true),
            new Evidence.SenderRefused("mx.example.org", Stage.MAIL, REPLY, ReplyMeaning.BLOCKED_REPUTATION),
            new Evidence.NoAnswer("mx.example.org", Trouble.CONNECTION_LOST),
            new Evidence.Smtputf8Unsupported("mx.example.org"));

    @Test
    void readsBackWhatItWrote() {
        assertThat(EvidenceJson.read(EvidenceJson.write(ONE_OF_EACH))).isEqualTo(ONE_OF_EACH);
    }

    @Test
    void thisTestHoldsOneOfEachKind() {
        assertThat(ONE_OF_EACH.stream().map(Object::getClass).collect(Collectors.toSet()))
                .hasSize(Evidence.class.getPermittedSubclasses().length);
    }

    @Test
    void refusesWhatIsNoEvidence() {
        assertThatIllegalStateException().isThrownBy(() -> EvidenceJson.read("[{\"seen\":\"ghost\"}]"));
        assertThatIllegalStateException().isThrownBy(() -> EvidenceJson.read("[{"));
    }
}
