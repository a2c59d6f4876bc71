package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.egress.Dialled;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.sandbox.ScriptedMailHost;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Saying hello over real sockets. */
class HelloTest {
    private static final SmtpIdentity IDENTITY = new SmtpIdentity("gate.firm.com", "probe@firm.com");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @Test
    void bringsBackGreetingAnswerAndOurOwnEnd() {
        try (var host = ScriptedMailHost.start(MailScript.knowing("jane").greeting("220 mx.firm.com here"))) {
            assertThat(hello(host, PATIENCE)).isInstanceOfSatisfying(Hello.Greeted.class, greeted -> {
                assertThat(greeted.greeting()).isEqualTo("mx.firm.com here");
                assertThat(greeted.answer()).contains("PIPELINING");
                assertThat(greeted.from()).isEqualTo(InetAddress.ofLiteral("127.0.0.1"));
            });
            assertThat(host.recipients()).isEmpty();
        }
    }

    @Test
    void saysNothingWithoutAName() {
        try (var host = ScriptedMailHost.start(MailScript.knowing("jane"))) {
            var nameless = new SmtpIdentity("", "");
            var hello = Hello.say(new LoopbackDialer(), nameless, address(host), PATIENCE);
            assertThat(hello)
                    .isInstanceOfSatisfying(
                            Hello.Greeted.class,
                            greeted -> assertThat(greeted.answer()).isEmpty());
            assertThat(host.commands()).noneMatch(line -> line.startsWith("EHLO"));
        }
    }

    @Test
    void tellsWhyTheGreetingRefusesUs() {
        try (var host = ScriptedMailHost.start(
                MailScript.knowing("jane").greeting("554 5.7.1 198.41.0.4 is on our block list"))) {
            assertThat(hello(host, PATIENCE)).isInstanceOfSatisfying(Hello.Refused.class, refused -> {
                assertThat(refused.cause()).isEqualTo(RefusalCause.BLOCK_LISTED);
                assertThat(refused.mend()).contains("198.41.0.4");
            });
        }
    }

    @Test
    void aSilentHostIsMute() {
        try (var host = ScriptedMailHost.start(MailScript.knowing("jane").silent())) {
            assertThat(hello(host, Duration.ofMillis(300)))
                    .isInstanceOfSatisfying(
                            Hello.Mute.class, mute -> assertThat(mute.why()).isEqualTo("it said nothing in time"));
        }
    }

    @Test
    void aHostThatHangsUpIsMute() {
        for (var quirk : new Quirk[] {Quirk.DROPS_AT_CONNECT, Quirk.DROPS_AFTER_EHLO}) {
            try (var host = ScriptedMailHost.start(MailScript.knowing("jane").with(quirk))) {
                assertThat(hello(host, PATIENCE)).as(quirk.name()).isInstanceOf(Hello.Mute.class);
            }
        }
    }

    @Test
    void aClosedPortIsNoConnection() {
        // Nobody listens at port 1, while a port just closed may be somebody else's by now.
        var closed = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        assertThat(Hello.say(new LoopbackDialer(), IDENTITY, closed, PATIENCE))
                .isInstanceOfSatisfying(
                        Hello.NotConnected.class,
                        none -> assertThat(none.how())
                                .isInstanceOfSatisfying(
                                        Dialled.Unreachable.class,
                                        how -> assertThat(how.cause()).isEqualTo(Dialled.Cause.CONNECTION_REFUSED)));
    }

    private static Hello hello(ScriptedMailHost host, Duration timeout) {
        return Hello.say(new LoopbackDialer(), IDENTITY, address(host), timeout);
    }

    private static InetSocketAddress address(ScriptedMailHost host) {
        return new InetSocketAddress(host.address(), host.port());
    }
}
