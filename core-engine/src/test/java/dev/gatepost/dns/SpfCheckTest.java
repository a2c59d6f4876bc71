package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.SpfCheck.Outcome;
import dev.gatepost.sandbox.FakeZone;
import java.net.InetAddress;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpfCheckTest {
    private static final String OURS = "198.51.100.7";
    private static final String OURS_V6 = "2001:db8:1::7";

    private final FakeZone zone = new FakeZone()
            .address("firm.com", OURS)
            .address("firm.com", OURS_V6)
            .address("mx.firm.com", OURS)
            .address("elsewhere.com", "192.0.2.1")
            .mx("firm.com", 10, "mx.elsewhere.com")
            .mx("firm.com", 20, "mx.firm.com")
            .address("mx.elsewhere.com", "192.0.2.9")
            .text("provider.com", "v=spf1 ip4:198.51.100.0/24 -all")
            .text("strict.com", "v=spf1 -all")
            .text("soft.com", "v=spf1 ip4:192.0.2.1 ~all")
            .text("broken.com", "v=spf1 ip4:nonsense -all")
            .text("two.com", "v=spf1 -all")
            .text("two.com", "v=spf1 +all")
            .text("nested.com", "v=spf1 include:provider.com -all")
            .text("loop.com", "v=spf1 include:loop.com -all")
            .text("macro.com", "v=spf1 exists:%{i}.list.com -all")
            .failing("down.com", Answer.FailureCause.SERVFAIL);

    @ParameterizedTest(name = "{0}: {1}, for {2}")
    @CsvSource(delimiter = ';', textBlock = """
            v=spf1 ip4:198.51.100.7 -all                 ; PASS        ; our very address
            v=spf1 ip4:198.51.100.0/24 -all              ; PASS        ; our network
            v=spf1 ip4:198.51.100.1/24 -all              ; PASS        ; bits behind the prefix do not count
            v=spf1 ip4:198.51.101.0/24 -all              ; FAIL        ; another network
            v=spf1 ip6:2001:db8::/32 -all                ; FAIL        ; the other family
            v=spf1 a -all                                ; PASS        ; the domain's own address
            v=spf1 a:elsewhere.com -all                  ; FAIL        ; somebody else's
            v=spf1 a:elsewhere.com/1 -all                ; PASS        ; 192 and 198 share their first bit
            v=spf1 mx -all                               ; PASS        ; the second mail host's
            v=spf1 mx:elsewhere.com -all                 ; FAIL        ; it has no MX
            v=spf1 include:provider.com -all             ; PASS        ; what is included passes
            v=spf1 include:nested.com -all               ; PASS        ; two deep
            v=spf1 include:strict.com ~all               ; SOFTFAIL    ; a fail inside is no match outside
            v=spf1 include:soft.com ?all                 ; NEUTRAL     ; neither is a softfail
            v=spf1 include:none.com -all                 ; PERMERROR   ; what is included must have a record
            v=spf1 include:down.com -all                 ; TEMPERROR   ; and be there
            v=spf1 include:broken.com -all               ; PERMERROR   ; and be right
            v=spf1 include:loop.com -all                 ; PERMERROR   ; ten lookups, then no more
            v=spf1 redirect=provider.com                 ; PASS        ; another record takes over
            v=spf1 redirect=none.com                     ; PERMERROR   ; which must be there
            v=spf1 redirect=provider.com -all            ; FAIL        ; all comes first, wherever it stands
            v=spf1 redirect=a.com redirect=b.com         ; PERMERROR   ; only one may
            v=spf1 redirect=%{d}.com                     ; CANNOT_TELL ; a macro
            v=spf1                                       ; NEUTRAL     ; it says nothing
            V=SPF1 IP4:198.51.100.7 -ALL                 ; PASS        ; in any case
            v=spf1 -ip4:198.51.100.7 +all                ; FAIL        ; we are named, and not wanted
            v=spf1 ~all                                  ; SOFTFAIL    ; the qualifier counts
            v=spf1 exists:%{i}.list.com -all             ; CANNOT_TELL ; a macro may let us through
            v=spf1 exists:%{i}.list.com ip4:198.51.100.7 -all ; PASS   ; we pass either way
            v=spf1 -exists:%{i}.list.com ip4:198.51.100.7 -all ; CANNOT_TELL ; a macro may forbid us
            v=spf1 ptr ip4:198.51.100.7 -all             ; PASS        ; we pass either way
            v=spf1 ptr -all                              ; CANNOT_TELL ; receivers ignore ptr or not
            v=spf1 include:macro.com -all                ; CANNOT_TELL ; a macro further in
            v=spf1 exp=why.firm.com x-own=1 ip4:198.51.100.7 ; PASS    ; other modifiers do not count
            v=spf1 ip4:198.51.100.7/33 -all              ; PERMERROR   ; no such prefix
            v=spf1 ip4 -all                              ; PERMERROR   ; no address
            v=spf1 include -all                          ; PERMERROR   ; no domain
            v=spf1 allow:198.51.100.7 -all               ; PERMERROR   ; no such mechanism
            v=spf1 all:firm.com                          ; PERMERROR   ; all takes nothing
            v=spf10 ip4:198.51.100.7                     ; NONE        ; another version
            some text                                    ; NONE        ; no SPF record at all
            v=spf1 a:n1.com a:n2.com a:n3.com +all       ; PERMERROR   ; three names lead nowhere
            v=spf1 a:n1.com a:n2.com +all                ; PASS        ; two may
            """)
    void judgesARecord(String record, Outcome expected, String why) {
        zone.text("firm.com", record);
        assertThat(check(OURS, "Firm.com")).as(why).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "v=spf1 ip6:2001:db8::/32 -all, PASS",
        "v=spf1 a -all, PASS",
        "v=spf1 a/32//64 -all, PASS",
        "v=spf1 mx -all, FAIL"
    })
    void judgesAnIpv6Address(String record, Outcome expected) {
        zone.text("firm.com", record);
        assertThat(check(OURS_V6, "firm.com")).isEqualTo(expected);
    }

    @Test
    void twoRecordsAreOneTooMany() {
        assertThat(check(OURS, "two.com")).isEqualTo(Outcome.PERMERROR);
    }

    @Test
    void aDomainThatCannotBeAskedIsNotJudged() {
        assertThat(check(OURS, "down.com")).isEqualTo(Outcome.TEMPERROR);
    }

    @ParameterizedTest
    @CsvSource({"10, PASS", "11, PERMERROR"})
    void asksDnsTenTimesAtMost(int lookups, Outcome expected) {
        zone.text("firm.com", "v=spf1 " + "a:elsewhere.com ".repeat(lookups) + "+all");
        assertThat(check(OURS, "firm.com")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"10, FAIL", "11, PERMERROR"})
    void takesTenMailHostsAtMost(int hosts, Outcome expected) {
        IntStream.range(0, hosts).forEach(i -> zone.mx("many.com", 10, "mx.elsewhere.com"));
        zone.text("firm.com", "v=spf1 mx:many.com -all");
        assertThat(check(OURS, "firm.com")).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 7.113.0.203.in-addr.arpa",
        "2001:db8::1, 1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
    })
    void namesAddressesInReverse(String address, String expected) {
        assertThat(ReverseName.of(InetAddress.ofLiteral(address))).isEqualTo(expected);
    }

    private Outcome check(String address, String domain) {
        return new SpfCheck(zone).check(InetAddress.ofLiteral(address), domain).outcome();
    }
}
