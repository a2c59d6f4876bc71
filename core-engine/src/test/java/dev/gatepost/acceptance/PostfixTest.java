package dev.gatepost.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.acceptance.PostfixConfiguration.Temper;
import dev.gatepost.acceptance.PostfixLog.Session;
import dev.gatepost.address.AddressDialect;
import dev.gatepost.dns.RecordType;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** The engine against a real Postfix: right verdicts, no message begun, and nothing done that it takes amiss. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostfixTest {
    /** Refusals in a session from which on Postfix makes a client wait: its default {@code smtpd_soft_error_limit}. */
    private static final int SOFT_ERRORS = 10;

    /** Refusals after which the verifier ends a session by itself. Reliability M3. */
    private static final int REFUSALS_MAX = 8;

    private static final int LIST_SIZE = 200;

    /** Every tenth address of the list is of nobody. */
    private static final int BAD_EVERY = 10;

    private static final int BAD_LIST_SIZE = 40;

    private static final int AT_ONCE = 4;

    private GreylistPolicy policy;
    private Postfix postfix;
    private EngineWorld engine;

    @BeforeAll
    void startPostfix(@TempDir Path folder) throws IOException, InterruptedException {
        if (!Postfix.canRun()) {
            System.out.println("SKIPPED: PostfixTest needs Debian's package postfix, and root to start it.");
            assertThat(System.getenv("CI")).as("CI must have Postfix, and root").isNotEqualTo("true");
            Assumptions.abort("no Postfix, or not root");
        }
        policy = GreylistPolicy.start();
        postfix = Postfix.start(folder, policy);
    }

    @AfterAll
    void stopPostfix() {
        if (Postfix.canRun()) {
            postfix.close();
            policy.close();
        }
    }

    @BeforeEach
    void meetPostfixForTheFirstTime() {
        engine = EngineWorld.over(zone(), postfix.port(), "127.77.0.0/16");
    }

    /** No DATA or BDAT in any session, nothing left in any queue, and nothing that Postfix complains of. */
    @AfterEach
    void leavesNothingBehind() {
        engine.close();
        assertThat(postfix.log().sessions()).isNotEmpty().noneMatch(Session::beganAMessage);
        await().untilAsserted(() -> assertThat(postfix.messages()).isZero());
        assertThat(postfix.log().complaints()).isEmpty();
    }

    private static FakeZone zone() {
        var zone = new FakeZone()
                .mx(PostfixConfiguration.CATCH_ALL, 10, "mx.mailboxes-host.net")
                .mx("elsewhere.sandbox-mail.com", 10, "mx.mailboxes-host.net");
        for (var temper : Temper.values()) {
            var host = "mx." + temper.domain().replace(".sandbox-mail.com", "-host.net");
            zone.mx(temper.domain(), 10, host).address(host, temper.address());
        }
        return zone;
    }

    @ParameterizedTest(name = "{1}: {0}, {2}")
    @CsvFileSource(resources = "postfix-answers.csv", delimiter = '|', numLinesToSkip = 1)
    void saysWhatPostfixMeans(String address, String expected, String why) {
        var verification = engine.verify(address);
        assertThat(EngineWorld.said(verification))
                .as("%s; %s", why, verification.evidence())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"mailboxes, true", "no-pipelining, false"})
    void isOfferedPipeliningWhereTheConfigurationSays(String name, boolean offered) {
        var verification = engine.verify("jane@" + name + ".sandbox-mail.com");
        assertThat(verification.evidence())
                .filteredOn(Evidence.Said.class::isInstance)
                .anyMatch(said -> said.toString().contains("SIZE"))
                .matches(all -> all.toString().contains("PIPELINING") == offered);
    }

    @ParameterizedTest
    @CsvSource({"jane, valid accepted", "nobody.here, invalid mailbox_not_found"})
    void comesBackToAGreylistingHostAsTheSameClientAndLearnsTheTruth(String localPart, String truth) {
        var address = localPart + "@" + Temper.GREYLISTS.domain();
        var first = engine.verify(address);
        assertThat(EngineWorld.said(first)).isEqualTo("unknown greylisted");
        assertThat(first.verdict().reason().mayChange()).isTrue();
        policy.timePasses();
        assertThat(EngineWorld.said(engine.verify(address))).isEqualTo(truth);
    }

    @ParameterizedTest
    @CsvSource({
        "jané@mailboxes, valid accepted",
        "zoé@mailboxes, invalid mailbox_not_found",
        "jané@no-smtputf8, unknown smtputf8_unsupported"
    })
    void asksForNamesBeyondAsciiWherePostfixTakesThem(String address, String expected) {
        var verification = engine.verify(address + ".sandbox-mail.com", AddressDialect.SMTPUTF8);
        assertThat(EngineWorld.said(verification)).isEqualTo(expected);
    }

    @Test
    void asksAgainWhenPostfixHungUpOnTheSilentConnectionMeanwhile() {
        var domain = Temper.IMPATIENT.domain();
        assertThat(EngineWorld.said(engine.verify("jane@" + domain))).isEqualTo("valid accepted");
        await().until(() -> postfix.log().timeouts() > 0);
        assertThat(EngineWorld.said(engine.verify("user1@" + domain))).isEqualTo("valid accepted");
        assertThat(EngineWorld.said(engine.verify("absent@" + domain))).isEqualTo("invalid mailbox_not_found");
    }

    @Test
    @DisplayName("M3, M5: verifies 200 addresses within Postfix's error limits, with one random address")
    void verifiesAListOfTwoHundredWithinPostfixsErrorLimits() throws Exception {
        int refusedBefore = postfix.log().refusedRecipients().size();
        var list = IntStream.range(0, LIST_SIZE)
                .mapToObj(i -> (isBad(i) ? "absent" : "user") + i + "@" + Temper.PLAIN.domain())
                .toList();
        var verifications = verifyAll(list);
        for (int i = 0; i < LIST_SIZE; i++) {
            assertThat(EngineWorld.said(verifications.get(i)))
                    .as("%s", verifications.get(i).evidence())
                    .isEqualTo(isBad(i) ? "invalid mailbox_not_found" : "valid accepted");
        }
        assertEachSessionStayedBelowTheErrorLimit();
        assertThat(postfix.log().refusedRecipients().size() - refusedBefore)
                .as("the bad ones, and one random address at most")
                .isBetween(LIST_SIZE / BAD_EVERY, LIST_SIZE / BAD_EVERY + 1);
        assertThat(engine.asked(Temper.PLAIN.domain(), RecordType.MX)).isEqualTo(1);
    }

    @Test
    @DisplayName("M3: large groups stay within Postfix's error limits, too, and need few connections")
    void staysWithinPostfixsErrorLimitsWhenAllAreAskedForAtOnce() throws Exception {
        int sessionsBefore = postfix.log().sessions().size();
        var list = IntStream.range(0, LIST_SIZE)
                .mapToObj(i -> (isBad(i) ? "absent" : "user") + i + "@" + Temper.PLAIN.domain())
                .toList();
        var verifications = verifyAll(list, LIST_SIZE);
        for (int i = 0; i < LIST_SIZE; i++) {
            assertThat(EngineWorld.said(verifications.get(i)))
                    .isEqualTo(isBad(i) ? "invalid mailbox_not_found" : "valid accepted");
        }
        assertEachSessionStayedBelowTheErrorLimit();
        // 20 refusals at 8 a connection are 3; those opened beside them and not used up make a few more.
        assertThat(postfix.log().sessions().size() - sessionsBefore).isLessThanOrEqualTo(7);
    }

    @Test
    void staysWithinPostfixsErrorLimitsWhenAllAddressesAreBad() throws Exception {
        var list = IntStream.range(0, BAD_LIST_SIZE)
                .mapToObj(i -> "nobody" + i + "@" + Temper.PLAIN.domain())
                .toList();
        assertThat(verifyAll(list)).extracting(EngineWorld::said).containsOnly("invalid mailbox_not_found");
        assertEachSessionStayedBelowTheErrorLimit();
    }

    private void assertEachSessionStayedBelowTheErrorLimit() {
        engine.close();
        assertThat(postfix.log().sessions())
                .allSatisfy(session -> assertThat(session.refusals()).isLessThan(SOFT_ERRORS));
    }

    private static boolean isBad(int number) {
        return number % BAD_EVERY == BAD_EVERY - 1;
    }

    private List<Verification> verifyAll(List<String> addresses) throws InterruptedException, ExecutionException {
        return verifyAll(addresses, AT_ONCE);
    }

    private List<Verification> verifyAll(List<String> addresses, int atOnce)
            throws InterruptedException, ExecutionException {
        try (var threads =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            var asked = addresses.stream()
                    .<Callable<Verification>>map(address -> () -> engine.verify(address))
                    .toList();
            var verifications = new ArrayList<Verification>();
            for (Future<Verification> answer : threads.invokeAll(asked)) {
                verifications.add(answer.get());
            }
            return verifications;
        }
    }
}
