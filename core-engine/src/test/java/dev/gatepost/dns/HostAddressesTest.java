package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.sandbox.FakeZone;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class HostAddressesTest {
    private final FakeZone zone = new FakeZone();
    private final HostAddresses hosts = new HostAddresses(zone);

    @Test
    void givesIpv4First() throws UnknownHostException {
        zone.address("crm.com", "2a00::1").address("crm.com", "192.0.1.1");

        assertThat(hosts.addresses("crm.com"))
                .containsExactly(InetAddress.ofLiteral("192.0.1.1"), InetAddress.ofLiteral("2a00::1"));
    }

    @Test
    void tellsNoAddressFromNoAnswer() {
        zone.failing("broken.com", FailureCause.SERVFAIL);

        assertThatThrownBy(() -> hosts.addresses("nobody.com"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("no address");
        assertThatThrownBy(() -> hosts.addresses("broken.com"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("SERVFAIL");
    }
}
