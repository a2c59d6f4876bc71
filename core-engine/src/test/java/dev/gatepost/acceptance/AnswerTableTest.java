package dev.gatepost.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailScript;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** One mailbox, one mail host, all it may answer to RCPT, in a group and singly: what the verifier makes of it. */
final class AnswerTableTest {
    @ParameterizedTest(name = "{2}: {3} ({0})")
    @CsvFileSource(resources = "recipient-answers.csv", delimiter = '|', numLinesToSkip = 1)
    void saysWhatTheAnswerMeansInAPipelinedGroup(String toJane, String toNobody, String expected, String why)
            throws IOException {
        assertSays(expected, why, MailScript.knowing().recipient("jane", toJane).otherwise(toNobody));
    }

    @ParameterizedTest(name = "{2}: {3} ({0})")
    @CsvFileSource(resources = "recipient-answers.csv", delimiter = '|', numLinesToSkip = 1)
    void saysTheSameWhenAskedOneCommandAtATime(String toJane, String toNobody, String expected, String why)
            throws IOException {
        var script = MailScript.knowing().recipient("jane", toJane).otherwise(toNobody);
        assertSays(expected, why, script.withoutPipelining());
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvFileSource(resources = "no-such-user.csv", delimiter = '|', numLinesToSkip = 1)
    void understandsNoSuchUserInManyTongues(String answer, String why) throws IOException {
        assertSays("invalid mailbox_not_found", why, MailScript.knowing().otherwise(answer));
    }

    @ParameterizedTest(name = "{1}: {0}")
    @CsvFileSource(resources = "no-such-user.csv", delimiter = '|', numLinesToSkip = 1)
    void takesTheSameWordsForANameNobodyHasAsAProofThatTheOtherOneIsThere(String answer, String why)
            throws IOException {
        assertSays("valid accepted", why, MailScript.knowing("jane").otherwise(answer));
    }

    private static void assertSays(String expected, String why, MailScript script) throws IOException {
        try (var world = OneDomain.servedBy(script)) {
            var verification = world.verify("jane");
            assertThat(EngineWorld.said(verification))
                    .as("%s; %s", why, verification.evidence())
                    .isEqualTo(expected);
            assertThat(verification.took()).isLessThan(EngineWorld.TIME_MAX);
            assertThat(world.host(0).wasAskedForMoreThanRcpt()).isFalse();
        }
    }
}
