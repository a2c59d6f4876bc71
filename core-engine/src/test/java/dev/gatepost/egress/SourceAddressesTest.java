package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class SourceAddressesTest {
    private static final InetAddress V4 = InetAddress.ofLiteral("192.0.2.1");
    private static final InetAddress V6 = InetAddress.ofLiteral("2001:db8::1");

    @Test
    void letsTheSystemChooseWhenNoneIsGiven() {
        assertThat(SourceAddresses.parse("")).isEqualTo(SourceAddresses.ANY);
        assertThat(SourceAddresses.ANY.leadTo(V4)).isTrue();
        assertThat(SourceAddresses.ANY.leadTo(V6)).isTrue();
        assertThat(SourceAddresses.ANY.towards(V4)).isEmpty();
    }

    @Test
    void takesTheAddressOfTheDestinationsFamily() {
        var sources = SourceAddresses.parse(" 127.0.0.2 ");

        assertThat(sources.towards(V4)).contains(InetAddress.ofLiteral("127.0.0.2"));
        assertThat(sources.leadTo(V6)).isFalse();
    }

    @Test
    void refusesWhatThisMachineDoesNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SourceAddresses.parse("192.0.2.1"))
                .withMessage(
                        "this machine has no address 192.0.2.1; give it to an interface, or leave it empty to let the"
                                + " system choose");
    }

    @Test
    void refusesWhatIsNoSource() {
        for (var text :
                new String[] {"0.0.0.0", "::", "224.0.0.1", "mx.example.net", "127.0.0.1,", "127.0.0.1,127.0.0.2"}) {
            assertThatIllegalArgumentException().as(text).isThrownBy(() -> SourceAddresses.parse(text));
        }
    }
}
