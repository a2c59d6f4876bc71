package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RefusalCauseTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "550 ; 5.7.25 ; Client host rejected ; PTR_MISSING ; the code alone says it",
                "554 ; '' ; Bad DNS PTR resource record ; PTR_MISSING ; GMX at the greeting",
                "450 ; 4.7.1 ; Client host rejected: cannot find your hostname ; PTR_MISSING ; Postfix",
                "550 ; 5.7.506 ; Access Denied, Bad HELO ; HELO_REFUSED ; Microsoft",
                "554 ; 5.7.1 ; Service unavailable, client blocked using zen.spamhaus.org ; BLOCK_LISTED ; Postfix",
                "550 ; 5.7.606 ; Access denied, banned sending IP ; BLOCK_LISTED ; Microsoft",
                "554 ; 5.7.1 ; 203.0.113.7 is listed on the PBL ; DYNAMIC_ADDRESS ; a list of dial-up lines",
                "550 ; 5.7.23 ; The message was rejected because of Sender Policy Framework violation ; SENDER_REFUSED ; SPF",
                "550 ; 5.1.8 ; Domain of sender address does not exist ; SENDER_REFUSED ; the code is clear",
                "421 ; 4.7.0 ; Too many concurrent connections ; TOO_FAST ; we are to slow down",
                "421 ; 4.3.2 ; Service not available, try again ; BUSY ; nothing about us",
                "554 ; 5.7.1 ; No SMTP service for you ; REPUTATION ; no reason given"
            })
    void readsTheCauseFromTheReply(int code, String enhanced, String text, RefusalCause expected, String why) {
        assertThat(RefusalCause.of(new Reply(code, enhanced, text))).as(why).isEqualTo(expected);
    }

    @Test
    void saysWhatToMendInOurOwnTerms() {
        var reply = new Reply(550, "5.7.25", "The IP 203.0.113.7 has no PTR record");
        assertThat(RefusalCause.of(reply).mend(ProbeBench.IDENTITY, reply))
                .isEqualTo("The PTR record of 203.0.113.7 is missing or wrong: ask your provider to set it to"
                        + " probe.gatepost.dev.");
        for (var cause : RefusalCause.values()) {
            assertThat(cause.mend(ProbeBench.IDENTITY, new Reply(554, "", "no")))
                    .doesNotContain("{")
                    .endsWith(".");
        }
    }
}
