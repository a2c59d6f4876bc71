package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EgressRulesTest {
    private static final String LAB = "smtp=127.0.0.0/8:2525,dns=127.0.0.0/8, crm=127.0.0.0/8:9000";

    @ParameterizedTest(name = "{0} {1}:{2} is {3}")
    @CsvSource({
        "SMTP, 127.0.0.9, 2525, Opened",
        "SMTP, 127.0.0.9, 25, Refused",
        "SMTP, 128.0.0.1, 2525, Refused",
        "SMTP, 128.0.0.1, 25, Usual",
        "DNS, 127.0.0.9, 5353, Opened",
        "DNS, 128.0.0.1, 53, Refused",
        "CRM, 127.0.0.1, 9000, Opened",
        "CRM, 127.0.0.1, 9001, Refused",
        "HOOK, 127.0.0.1, 9000, Refused",
    })
    void opensJustWhatTheOperatorNamed(Purpose purpose, String address, int port, String expected) {
        assertThat(judge(EgressRules.parse(LAB), purpose, address, port)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is read as {1}")
    @CsvSource({
        "hook=10.1.2.3, hook=10.1.2.3/32",
        "hook=10.1.2.3:8443, hook=10.1.2.3/32:8443",
        "hook=fd00::/8, hook=fd00:0:0:0:0:0:0:0/8",
        "hook=fd00::/8:8443, hook=fd00:0:0:0:0:0:0:0/8:8443",
        "hook=[fd00::1]:8443, hook=fd00:0:0:0:0:0:0:1/128:8443",
        "hook=[fd00::1], hook=fd00:0:0:0:0:0:0:1/128",
        "hook=fd00::1, hook=fd00:0:0:0:0:0:0:1/128",
        "' HOOK = 10.0.0.0/8 ', hook=10.0.0.0/8",
    })
    void readsBothFamiliesWithAndWithoutPort(String text, String expected) {
        assertThat(EgressRules.parse(text).allowances())
                .extracting(Allowance::toString)
                .containsExactly(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "smtp; expected purpose=range",
                "mail=10.0.0.0/8; \"mail\" is not one of smtp, dns, crm, hook, lists",
                "smtp=10.0.0.0/33; the prefix /33 is not between 0 and 32",
                "smtp=10.0.0.1/8; has bits set after the prefix /8",
                "smtp=10.0.0.0/8:0; \"0\" is not a port",
                "smtp=10.0.0.0/8:65536; the port 65536 is not between",
                "smtp=10.0.0.0/8:; \"\" is not a port",
                "smtp=lab.internal; \"lab.internal\" is not an address",
                "smtp=10.0.0.0/x; \"x\" is not a prefix length",
                "smtp=; \"\" is not an address",
                "smtp=10.[0].0.0/8; \"10.[0].0.0\" is not an address",
                "smtp=[::1; \"[::1\" is not an address",
            })
    void namesTheWrongPartAndWhatIsWrongWithIt(String part, String expected) {
        assertThatThrownBy(() -> EgressRules.parse("dns=127.0.0.0/8," + part))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + part + "\"")
                .hasMessageContaining(expected)
                .hasMessageNotContaining("dns=");
    }

    @Test
    void namesAllWrongPartsAtOnce() {
        assertThatThrownBy(() -> EgressRules.parse("one,smtp=127.0.0.0/8,two"))
                .hasMessageContaining("\"one\"")
                .hasMessageContaining("\"two\"");
    }

    @Test
    void saysOneSentenceForWhateverTextThereIs() {
        var seed = 20_260_801L;
        var random = new Random(seed);
        var parts =
                List.of("smtp", "hook", "=", "10.0.0.0", "fd00::", "/", "8", ":", "25", "[", "]", ",", " ", "%", "-");
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(9); length >= 0; length--) {
                text.append(parts.get(random.nextInt(parts.size())));
            }
            var thrown = catchThrowable(() -> EgressRules.parse(text.toString()));
            if (thrown != null) {
                assertThat(thrown)
                        .as("seed %d: %s", seed, text)
                        .isExactlyInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(": ");
            }
        }
    }

    @Test
    void opensNothingForEmptyText() {
        assertThat(EgressRules.parse(" ")).isEqualTo(EgressRules.strict());
    }

    @ParameterizedTest(name = "E3: {0} needs a switch of its own")
    @CsvSource({"169.254.169.254", "fd00:ec2::254", "::ffff:169.254.169.254", "2002:a9fe:a9fe::", "64:ff9b::a9fe:a9fe"})
    void keepsMetadataServicesClosedEvenInsideAnOpenedRange(String address) {
        var open = EgressRules.parse("hook=169.254.0.0/16,hook=fd00::/8,hook=2002::/16,hook=64:ff9b::/96");

        assertThat(judge(open, Purpose.HOOK, address, 80)).isEqualTo("Refused");
        assertThat(judge(open.withMetadataOpen(), Purpose.HOOK, address, 80)).isEqualTo("Opened");
        assertThat(judge(EgressRules.strict().withMetadataOpen(), Purpose.HOOK, address, 443))
                .isEqualTo("Refused");
    }

    @Test
    void opensNoClosedIpv4AddressByOpeningItsTranslation() {
        var nat64 = EgressRules.parse("smtp=64:ff9b::/96,smtp=2002::/16");

        assertThat(judge(nat64, Purpose.SMTP, "64:ff9b::a00:1", 25)).isEqualTo("Refused");
        assertThat(judge(nat64, Purpose.SMTP, "2002:7f00:1::", 25)).isEqualTo("Refused");
        assertThat(judge(nat64, Purpose.SMTP, "64:ff9b::808:808", 25)).isEqualTo("Opened");
    }

    @Test
    void opensIpv6LoopbackByItsName() {
        assertThat(judge(EgressRules.parse("crm=::1"), Purpose.CRM, "::1", 9000))
                .isEqualTo("Opened");
    }

    @Test
    void asksOnlyConfiguredNameServersWhereverTheyAre() {
        var rules = EgressRules.strict()
                .withNameServers(List.of(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.53"), 53),
                        new InetSocketAddress(InetAddress.ofLiteral("169.254.169.254"), 53)));

        assertThat(judge(rules, Purpose.DNS, "127.0.0.53", 53)).isEqualTo("Opened");
        assertThat(judge(rules, Purpose.DNS, "169.254.169.254", 53)).isEqualTo("Opened");
        assertThat(judge(rules, Purpose.DNS, "127.0.0.53", 54)).isEqualTo("Refused");
        assertThat(judge(rules, Purpose.DNS, "8.8.8.8", 53)).isEqualTo("Refused");
        assertThat(judge(rules, Purpose.HOOK, "127.0.0.53", 53)).isEqualTo("Refused");
    }

    @Test
    void takesTheConfiguredPortForMailHostsBesides25() {
        var rules = EgressRules.strict().withSmtpPort(2525);

        assertThat(judge(rules, Purpose.SMTP, "8.8.8.8", 2525)).isEqualTo("Usual");
        assertThat(judge(rules, Purpose.SMTP, "8.8.8.8", 25)).isEqualTo("Usual");
        assertThat(judge(rules, Purpose.HOOK, "8.8.8.8", 2525)).isEqualTo("Refused");
        assertThat(judge(rules, Purpose.SMTP, "127.0.0.1", 2525)).isEqualTo("Refused");
    }

    private static String judge(EgressRules rules, Purpose purpose, String address, int port) {
        return rules.judge(purpose, InetAddress.ofLiteral(address), port)
                .getClass()
                .getSimpleName();
    }
}
