package dev.gatepost.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.dns.DomainPolicy.Dmarc;
import dev.gatepost.dns.DomainPolicy.MtaSts;
import dev.gatepost.dns.DomainPolicy.Spf;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyRecordsTest {
    private static final Duration TTL = Duration.ofMinutes(5);

    @ParameterizedTest(name = "{0} is {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            v=spf1 include:_spf.google.com ~all | PRESENT       | the usual record
            V=SPF1 MX -ALL                      | PRESENT       | the terms may be in any case
            v=spf1                              | PRESENT       | an empty policy is one
            v=spf1 -all                         | SENDS_NO_MAIL | nobody may send
            v=spf1   -ALL                       | SENDS_NO_MAIL | written loosely
            v=spf1 ip4:192.0.2.1 -all           | PRESENT       | somebody may send
            v=spf10 -all                        | ABSENT        | another version
            spf2.0/pra ?all                     | ABSENT        | Sender ID is something else
            google-site-verification=abc        | ABSENT        | any other text
            v=spf1 mx -all & v=spf1 a -all      | ABSENT        | two records are an error (RFC 7208, 4.5)
            verified=1 & v=spf1 mx -all         | PRESENT       | other texts do not count
            """)
    void readsSpf(String texts, Spf expected, String why) {
        assertThat(PolicyRecords.spf(found(texts))).as(why).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            v=DMARC1; p=reject; rua=mailto:d@example.com | REJECT     | the usual record
            v=DMARC1;p=quarantine                        | QUARANTINE | without spaces
            v = DMARC1 ; p = None                        | NONE       | spaces around the signs
            v=DMARC1; sp=reject; p=none                  | NONE       | the policy for sub-domains is another tag
            v=DMARC1; rua=mailto:d@example.com           | NONE       | no policy, but a place for reports (RFC 7489, 6.6.3)
            v=DMARC1; p=nonsense                         | ABSENT     | neither policy nor reports
            v=DMARC1                                     | ABSENT     | says nothing
            p=reject; v=DMARC1                           | ABSENT     | the version must come first
            v=dmarc1; p=reject                           | ABSENT     | the version is case-sensitive
            v=DMARC1; p=none & v=DMARC1; p=reject        | ABSENT     | two records count as none
            """)
    void readsDmarc(String texts, Dmarc expected, String why) {
        assertThat(PolicyRecords.dmarc(found(texts))).as(why).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} is {1}: {2}")
    @CsvSource(delimiter = '|', textBlock = """
            v=STSv1; id=20261123T010203                | PRESENT | the usual record
            v=STSv1;id=1;                              | PRESENT | closed by a semicolon
            v=STSv1; ext=x; id=1                       | PRESENT | an extension in between
            v=STSv1;                                   | ABSENT  | the id is required (RFC 8461, 3.1)
            v=STSv1; id=                               | ABSENT  | an empty id is none
            v=STSv1; id=2026-11-23                     | ABSENT  | letters and digits only
            v=STSv2; id=1                              | ABSENT  | another version
            v=STSv1; id=1 & v=STSv1; id=2              | ABSENT  | two records count as none
            v=TLSRPTv1; rua=mailto:t@example.com       | ABSENT  | another kind of record
            """)
    void readsMtaSts(String texts, MtaSts expected, String why) {
        assertThat(PolicyRecords.mtaSts(found(texts))).as(why).isEqualTo(expected);
    }

    @Test
    void tellsNoRecordFromNoAnswer() {
        for (var no : List.of(new Answer.NoData(TTL), new Answer.NoSuchName(TTL))) {
            assertThat(PolicyRecords.spf(no)).isEqualTo(Spf.ABSENT);
            assertThat(PolicyRecords.dmarc(no)).isEqualTo(Dmarc.ABSENT);
            assertThat(PolicyRecords.mtaSts(no)).isEqualTo(MtaSts.ABSENT);
        }
    }

    @ParameterizedTest
    @EnumSource(FailureCause.class)
    void knowsNothingWhenDnsCouldNotBeAsked(FailureCause cause) {
        var failed = new Answer.Failed(cause);

        assertThat(PolicyRecords.spf(failed)).isEqualTo(Spf.UNKNOWN);
        assertThat(PolicyRecords.dmarc(failed)).isEqualTo(Dmarc.UNKNOWN);
        assertThat(PolicyRecords.mtaSts(failed)).isEqualTo(MtaSts.UNKNOWN);
    }

    @Test
    void readsAHostileRecordInLinearTime() {
        var hostile = found("v=STSv1;" + ";id= ;".repeat(10_000));

        assertThat(PolicyRecords.mtaSts(hostile)).isEqualTo(MtaSts.ABSENT);
        assertThat(PolicyRecords.dmarc(found("v=DMARC1;" + "=;p".repeat(20_000))))
                .isEqualTo(Dmarc.ABSENT);
    }

    /** Records are parted by an ampersand. */
    private static Answer found(String texts) {
        List<Answer.Data> records = Arrays.stream(texts.split(" & ", -1))
                .<Answer.Data>map(Answer.TextData::new)
                .toList();
        return new Answer.Found(records, TTL, false);
    }
}
