package dev.gatepost.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.verify.Trait;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** The same mailbox at domains that DNS tells different things of, asked over UDP. */
final class DnsTableTest {
    private static final String ADDRESS = "127.80.0.1";

    private static final String HOST = "mx.works-host.net";

    private ScriptedMailHost host;
    private EngineWorld engine;

    @BeforeEach
    void start() throws IOException {
        var address = InetAddress.ofLiteral(ADDRESS);
        host = ScriptedMailHost.start(address, 0, MailScript.knowing("jane"), InstantSource.system());
        engine = EngineWorld.over(zone(), host.port(), ADDRESS + "/32");
    }

    @AfterEach
    void stop() {
        engine.close();
        host.close();
    }

    private static FakeZone zone() {
        return new FakeZone()
                .address(HOST, ADDRESS)
                .mx("works.sandbox-mail.com", 10, HOST)
                .mx("null-mx.sandbox-mail.com", 0, "")
                .mx("dot-among-others.sandbox-mail.com", 0, "")
                .mx("dot-among-others.sandbox-mail.com", 10, HOST)
                .address("only-address.sandbox-mail.com", ADDRESS)
                .text("only-text.sandbox-mail.com", "v=spf1 -all")
                .failing("servfail.sandbox-mail.com", FailureCause.SERVFAIL)
                .failing("refused.sandbox-mail.com", FailureCause.REFUSED)
                .failing("nonsense.sandbox-mail.com", FailureCause.MALFORMED)
                .failing("silent.sandbox-mail.com", FailureCause.TIMEOUT)
                .mx("lost-mx.sandbox-mail.com", 10, "mx.lost-host.net")
                .failing("mx.servfail-host.net", FailureCause.SERVFAIL)
                .mx("servfail-mx.sandbox-mail.com", 10, "mx.servfail-host.net")
                .mx("half-lost-mx.sandbox-mail.com", 10, "mx.lost-host.net")
                .mx("half-lost-mx.sandbox-mail.com", 20, HOST)
                .mx("lost-mx-with-address.sandbox-mail.com", 10, "mx.lost-host.net")
                .address("lost-mx-with-address.sandbox-mail.com", ADDRESS)
                .address("mx.loopback-host.net", "127.0.0.1")
                .mx("loopback-mx.sandbox-mail.com", 10, "mx.loopback-host.net")
                .address("mx.private-host.net", "10.0.0.25")
                .mx("private-mx.sandbox-mail.com", 10, "mx.private-host.net")
                .alias("mx.alias-host.net", HOST)
                .mx("alias-mx.sandbox-mail.com", 10, "mx.alias-host.net")
                .alias("alias.sandbox-mail.com", "works.sandbox-mail.com");
    }

    @ParameterizedTest(name = "{1}: {3} ({0})")
    @CsvFileSource(resources = "dns-answers.csv", delimiter = '|', numLinesToSkip = 1)
    void saysWhatDnsMeans(String domain, String expected, String asked, String why) {
        var verification = engine.verify("jane@" + domain);
        assertThat(EngineWorld.said(verification))
                .as("%s; %s", why, verification.evidence())
                .isEqualTo(expected);
        assertThat(host.sessions() > 0 ? "yes" : "no").as("mail host asked").isEqualTo(asked);
        assertThat(verification.took()).isLessThan(EngineWorld.TIME_MAX);
    }

    @Test
    void marksADomainWhoseOwnAddressStandsInForAnMx() {
        var verdict = engine.verify("jane@only-address.sandbox-mail.com").verdict();
        assertThat(verdict.traits()).contains(Trait.IMPLICIT_MX);
        assertThat(verdict.score())
                .isLessThan(
                        engine.verify("jane@works.sandbox-mail.com").verdict().score());
    }
}
