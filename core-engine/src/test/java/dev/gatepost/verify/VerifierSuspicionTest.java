package dev.gatepost.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.lists.ReferenceLists;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.VerifyRequest.Depth;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A domain whose mail goes to a host of disposable domains is suspected, unless a list knows the domain. */
class VerifierSuspicionTest {
    @ParameterizedTest(name = "{0} at {1}: {2}, for {3}")
    @CsvSource(delimiter = ';', textBlock = """
            fresh-name.com ; mail.mailinator.com ; true  ; no list holds it yet
            fresh-name.com ; aspmx.l.google.com  ; false ; everybody's mail host
            mailinator.com ; mail.mailinator.com ; false ; known to be disposable, so nothing to suspect
            gmail.com      ; mail.mailinator.com ; false ; a free provider is not accused by its mail host
            duck.com       ; mail.mailinator.com ; false ; nor is a relay
            mit.edu        ; mail.mailinator.com ; true  ; a school's name says nothing about throwing away
            """)
    void suspectsByTheMailHost(String domain, String host, boolean expected, String why) {
        var zone = new FakeZone()
                .mx(domain, 10, "mx.other-host.net")
                .address("mx.other-host.net", "192.0.1.1")
                .mx(domain, 20, host)
                .address(host, "192.0.1.2");

        assertThat(suspicions(zone, "jane@" + domain)).as(why).hasSize(expected ? 1 : 0);
    }

    private static List<Evidence> suspicions(FakeZone zone, String address) {
        var verifier = Verifier.withoutSmtp(
                ReferenceLists.shipped(), new MailRouter(zone, _ -> true, new Random(1)), InstantSource.system());
        var request = new VerifyRequest("id", address, AddressDialect.SMTP, Depth.FULL, SmtpTimeouts.REAL_TIME);
        return verifier.verify(request).evidence().stream()
                .filter(Evidence.DisposableSuspected.class::isInstance)
                .toList();
    }
}
