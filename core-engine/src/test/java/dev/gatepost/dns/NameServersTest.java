package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NameServersTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.53, 192.0.2.53, 53",
        "192.0.2.53:5353, 192.0.2.53, 5353",
        "2001:db8::53, 2001:db8::53, 53",
        "[2001:db8::53], 2001:db8::53, 53",
        "[2001:db8::53]:5353, 2001:db8::53, 5353",
    })
    void readsAddressAndPort(String text, String address, int port) {
        assertThat(NameServers.parse(text))
                .containsExactly(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    @Test
    void keepsTheOrder() {
        assertThat(NameServers.parse("192.0.2.54, 192.0.2.53"))
                .extracting(server -> server.getAddress().getHostAddress())
                .containsExactly("192.0.2.54", "192.0.2.53");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "dns.customer.com",
                "192.0.2.53:",
                "192.0.2.53:0",
                "192.0.2.53:65536",
                "192.0.2.53:x",
                "[::1",
                "::1]",
                "[::1]x",
                "[]",
                "192.0.2.53:99999999999"
            })
    void namesWhatIsNoAddress(String text) {
        assertThatThrownBy(() -> NameServers.parse("192.0.2.53," + text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is not address:port");
    }

    @Test
    void findsTheMachinesOwnWithoutAskingAnybody() {
        assertThat(NameServers.system()).allSatisfy(server -> {
            assertThat(server.isUnresolved()).isFalse();
            assertThat(server.getPort()).isPositive();
        });
    }
}
