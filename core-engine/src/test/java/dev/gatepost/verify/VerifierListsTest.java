package dev.gatepost.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.Answer;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.egress.Dialled;
import dev.gatepost.lists.ListFolder;
import dev.gatepost.lists.ListName;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.smtp.ProviderTable;
import dev.gatepost.smtp.SmtpIdentity;
import dev.gatepost.smtp.SmtpProbe;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.smtp.Trust;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lists make of an address once DNS has spoken. */
class VerifierListsTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private Path data;

    private final AtomicInteger dialled = new AtomicInteger();

    @ParameterizedTest(name = "\"{0}\": \"{1}\"")
    @CsvSource(delimiter = ';', textBlock = """
            mailto:jane@example.org ; jane@example.org ; a link's scheme
            'jane @example.org'     ; jane@example.org ; a space
            jane@example.org.       ; jane@example.org ; the full stop of a sentence
            jane＠example.org       ; jane@example.org ; a full-width @
            mailto:jane@gmial.com   ; jane@gmail.com   ; a slip behind the scheme
            jane                    ; ''               ; nothing can be made of it
            """)
    void offersACleanedTextAndNeverTakesItInSilence(String text, String expected, String why) {
        var request = new VerifyRequest("v1", text, AddressDialect.SMTP, Depth.OFFLINE, SmtpTimeouts.REAL_TIME);
        try (var verifier = Verifier.withoutSmtp(
                ReferenceLists.shipped(), new MailRouter(new FakeZone(), _ -> true, new Random(1)), CLOCK)) {
            var verification = verifier.verify(request);

            assertThat(verification.verdict().reason()).as(why).isEqualTo(Reason.INVALID_SYNTAX);
            assertThat(verification.suggestion()).as(why).isEqualTo(expected);
            assertThat(verification.reasonText()).startsWith("The text is not an email address: ");
        }
    }

    @ParameterizedTest(name = "{0} with {1}: \"{2}\", for {3}")
    @CsvSource(delimiter = ';', textBlock = """
            gmaul.org    ; mx     ; ''             ; no such name is near
            gmajl.com    ; mx     ; ''             ; somebody keeps mail hosts for it: a true domain
            gmajl.com    ; none   ; jane@gmail.com ; the name does not exist
            gmajl.com    ; a      ; jane@gmail.com ; a parked web host takes no mail
            gmajl.com    ; null   ; jane@gmail.com ; it says it takes no mail
            gmajl.com    ; failed ; jane@gmail.com ; nobody knows, so the slip is as likely as before
            gmajl.com    ; trap   ; jane@gmail.com ; its mail host serves disposable domains
            gmal.com     ; mx     ; jane@gmail.com ; a known squat
            gmial.com    ; mx     ; jane@gmail.com ; in the list of disposable domains, and a slip before that
            hotmial.com  ; mx     ; jane@hotmail.com ; the same
            outlok.com   ; mx     ; jane@outlook.com ; a known squat
            gmai1.com    ; mx     ; jane@gmail.com ; made to look like another
            gmx.net      ; none   ; ''             ; a true domain, whatever DNS says
            ymail.com    ; none   ; ''             ; the same
            mail.com     ; none   ; ''             ; the same
            email.cz     ; none   ; ''             ; the same
            ao.com       ; none   ; ''             ; the same
            o2.pl        ; none   ; ''             ; the same
            comcast.com  ; none   ; ''             ; the same
            """)
    void suggestsByWhatDnsSaysOfTheTypedDomain(String domain, String dns, String expected, String why) {
        var zone = new FakeZone();
        switch (dns) {
            case "mx" -> zone.mx(domain, 10, "mx.host.net").address("mx.host.net", "192.0.1.1");
            case "a" -> zone.address(domain, "192.0.1.1");
            case "null" -> zone.mx(domain, 0, "");
            case "failed" -> zone.failing(domain, Answer.FailureCause.SERVFAIL);
            case "trap" -> zone.mx(domain, 10, "mail.mailinator.com").address("mail.mailinator.com", "192.0.1.1");
            default -> assertThat(dns).isEqualTo("none");
        }

        assertThat(verify(zone, "jane@" + domain).suggestion()).as(why).isEqualTo(expected);
    }

    @ParameterizedTest(name = "reliability M6: {0} is not asked for jane@firm.com")
    @CsvSource({"firm.com", "customers.host.net", "host.net"})
    void neverAsksADomainOrMailHostThatOptedOut(String entry) {
        new ListFolder(data).add(ListName.OPTOUT, entry);

        var verification = verify(firm(), "jane@firm.com");

        assertThat(dialled).hasValue(0);
        assertThat(verification.verdict().reason()).isEqualTo(Reason.OPTED_OUT);
        assertThat(verification.evidence())
                .filteredOn(Evidence.OptedOut.class::isInstance)
                .singleElement()
                .satisfies(seen ->
                        assertThat(((Evidence.OptedOut) seen).hit().entry()).isEqualTo(entry));
    }

    @Test
    void asksWhoeverDidNotOptOut() {
        new ListFolder(data).add(ListName.OPTOUT, "notfirm.com");

        assertThat(verify(firm(), "jane@firm.com").verdict().reason()).isEqualTo(Reason.CONNECTION_FAILED);
        assertThat(dialled).hasPositiveValue();
    }

    @Test
    void anAllowedDomainIsNotSuspectedByItsMailHost() {
        var zone = new FakeZone().mx("firm.com", 10, "mail.mailinator.com").address("mail.mailinator.com", "192.0.1.1");
        assertThat(verify(zone, "jane@firm.com").evidence()).anyMatch(Evidence.DisposableSuspected.class::isInstance);

        new ListFolder(data).add(ListName.ALLOW, "firm.com");

        assertThat(verify(zone, "jane@firm.com").evidence()).noneMatch(Evidence.DisposableSuspected.class::isInstance);
    }

    @Test
    void aBlockedAddressCountsAsDisposable() {
        new ListFolder(data).add(ListName.BLOCK, "jane@firm.com");

        assertThat(verify(firm(), "Jane@firm.com").verdict().has(Trait.DISPOSABLE))
                .isTrue();
        assertThat(verify(firm(), "joe@firm.com").verdict().has(Trait.DISPOSABLE))
                .isFalse();
    }

    @Test
    void evidenceNamesTheRowOfTheProviderTable() {
        var zone = new FakeZone().mx("firm.com", 10, "firm.mx.microsoft").address("firm.mx.microsoft", "192.0.1.1");

        assertThat(verify(zone, "jane@firm.com").evidence())
                .contains(new Evidence.MailHosts(
                        List.of("firm.mx.microsoft"),
                        false,
                        "Microsoft 365",
                        Trust.LOW,
                        List.of(),
                        "*.mx.microsoft, the shipped table of " + ProviderTable.version()));
    }

    private static FakeZone firm() {
        return new FakeZone()
                .mx("firm.com", 10, "mx.other.net")
                .address("mx.other.net", "192.0.1.1")
                .mx("firm.com", 20, "mx7.customers.host.net")
                .address("mx7.customers.host.net", "192.0.1.2");
    }

    private Verification verify(FakeZone zone, String address) {
        var lists = new ListFolder(data).read();
        var probe = new SmtpProbe(
                (_, _, _) -> {
                    dialled.incrementAndGet();
                    return new Dialled.Unreachable(Dialled.Cause.CONNECTION_REFUSED, "");
                },
                new SmtpIdentity("probe.example.net", "probe@example.net"),
                25,
                CLOCK,
                new Random(7));
        try (var verifier = Verifier.probing(lists, new MailRouter(zone, _ -> true, new Random(1)), probe, CLOCK)) {
            return verifier.verify(
                    new VerifyRequest("id", address, AddressDialect.SMTP, Depth.FULL, SmtpTimeouts.REAL_TIME));
        }
    }
}
