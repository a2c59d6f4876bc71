package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.EnumSource;

class SpecialAddressesTest {
    private static final List<Integer> PORTS = List.of(25, 53, 80, 443);

    @ParameterizedTest(name = "E2: {0}, {1} to {2}: {3}")
    @CsvFileSource(resources = "special-addresses.csv", delimiter = ';', numLinesToSkip = 1)
    void refusesTheFirstAndTheLastOfARange(String range, String first, String last, String why) {
        for (var literal : List.of(first, last)) {
            assertThat(SpecialAddresses.rangeOf(InetAddress.ofLiteral(literal)))
                    .as("%s: %s", literal, why)
                    .contains(range);
            for (var purpose : Purpose.values()) {
                for (int port : PORTS) {
                    assertThat(EgressRules.strict().judge(purpose, InetAddress.ofLiteral(literal), port))
                            .as("%s for %s at %d", literal, purpose, port)
                            .isInstanceOf(Judgement.Refused.class);
                }
            }
        }
    }

    @ParameterizedTest(name = "E2: {0}: {1}")
    @CsvFileSource(resources = "public-addresses.csv", delimiter = ';', numLinesToSkip = 1)
    void allowsTheNeighboursOfARange(String literal, String why) {
        var address = InetAddress.ofLiteral(literal);

        assertThat(SpecialAddresses.rangeOf(address)).as(why).isEmpty();
        assertThat(EgressRules.strict().judge(Purpose.SMTP, address, 25)).isInstanceOf(Judgement.Usual.class);
        assertThat(EgressRules.strict().judge(Purpose.HOOK, address, 443)).isInstanceOf(Judgement.Usual.class);
    }

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void allowsNoPortButThePurposesOwn(Purpose purpose) {
        var address = InetAddress.ofLiteral("192.0.1.1");
        for (int port : List.of(1, 22, 53, 80, 465, 587, 8080, 8443, 65_535)) {
            assertThat(EgressRules.strict().judge(purpose, address, port))
                    .as("%s at %d", purpose, port)
                    .isInstanceOf(Judgement.Refused.class);
        }
    }

    @Test
    void judgesAnIpv4MappedAddressByTheAddressInside() throws UnknownHostException {
        var mapped = Inet6Address.getByAddress(
                "x", new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff, 10, 0, 0, 1}, 0);

        assertThat(mapped.getAddress()).hasSize(16);
        assertThat(SpecialAddresses.rangeOf(mapped)).contains("10.0.0.0/8");
    }
}
