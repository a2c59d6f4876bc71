package dev.gatepost.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.MailRouter;
import dev.gatepost.dns.Resolver;
import dev.gatepost.doctor.Calls.Called;
import dev.gatepost.doctor.Finding.State;
import dev.gatepost.egress.Dialled;
import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.server.Config;
import dev.gatepost.server.ConfigReader;
import dev.gatepost.server.Configured;
import dev.gatepost.server.Engine;
import dev.gatepost.smtp.Hello;
import dev.gatepost.smtp.RefusalCause;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.SmtpIdentity;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Each check by itself, each way it can end. */
class DoctorChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final InetAddress HERE = InetAddress.ofLiteral("10.0.0.5");
    private static final String SOURCE = "198.41.0.4";

    @TempDir
    private Path data;

    @ParameterizedTest(name = "M2: {0} with HELO {1}: {2} {3}")
    @CsvSource(delimiter = ';', textBlock = """
            HELO      ; gate.firm.com    ; fine   ; gate.firm.com leads to 198.41.0.4
            HELO      ; other.firm.com   ; mend   ; set the A record of other.firm.com to 198.41.0.4, or GATEPOST_SMTP_HELO
            HELO      ; none.firm.com    ; mend   ; give it an A record with 198.41.0.4
            HELO      ; down.firm.com    ; unsure ; could not be asked for
            HELO      ; [198.41.0.4]     ; mend   ; set GATEPOST_SMTP_HELO
            HELO      ; gate             ; mend   ; is no full host name
            PTR       ; gate.firm.com    ; fine   ; 198.41.0.4 is called gate.firm.com
            PTR       ; GATE.firm.com    ; fine   ; in any case
            PTR       ; other.firm.com   ; mend   ; PTR of 198.41.0.4 is gate.firm.com, not other.firm.com
            MAIL FROM ; gate.firm.com    ; fine   ; firm.com takes mail at mx.firm.com
            SPF       ; gate.firm.com    ; fine   ; ip4:198.41.0.0 in the record of firm.com
            """)
    void judgesTheNamesWeGive(String check, String helo, String state, String words) {
        var finding = identity(firm(), helo, "probe@firm.com", check);

        assertThat(finding.state().word()).isEqualTo(state);
        if (!words.equals("in any case")) {
            assertThat(finding.says() + " " + finding.mend()).contains(words);
        }
    }

    @Test
    void namesAMissingPtr() {
        var finding = identity(new FakeZone(), "gate.firm.com", "probe@firm.com", "PTR");

        assertThat(finding.state()).isEqualTo(State.MEND);
        assertThat(finding.says()).isEqualTo("PTR of 198.41.0.4 is missing");
        assertThat(finding.mend()).endsWith("set its PTR record to gate.firm.com");
    }

    @Test
    void aPtrThatCannotBeAskedIsNotMissing() {
        var zone = new FakeZone().failing("4.0.41.198.in-addr.arpa", Answer.FailureCause.SERVFAIL);
        assertThat(identity(zone, "gate.firm.com", "probe@firm.com", "PTR").state())
                .isEqualTo(State.UNSURE);
    }

    @ParameterizedTest(name = "SPF \"{0}\": {1}")
    @CsvSource(delimiter = ';', textBlock = """
            v=spf1 ip4:198.41.0.4 -all      ; fine   ; lets 198.41.0.4 send
            v=spf1 -all                     ; mend   ; add ip4:198.41.0.4 to the SPF record of firm.com
            v=spf1 ~all                     ; mend   ; add ip4:198.41.0.4
            v=spf1                          ; mend   ; nothing in the record of firm.com matches
            v=spf1 nonsense -all            ; mend   ; mend the SPF record of firm.com
            v=spf1 exists:%{i}.x.com -all   ; unsure ; cannot be told
            v=spf1 include:down.com -all    ; unsure ; could not be asked
            nothing                         ; mend   ; v=spf1 ip4:198.41.0.4 -all
            """)
    void judgesTheSpfRecord(String record, String state, String words) {
        var zone = new FakeZone().text("firm.com", record).failing("down.com", Answer.FailureCause.TIMEOUT);
        var finding = identity(zone, "gate.firm.com", "probe@Firm.com", "SPF");

        assertThat(finding.state().word()).isEqualTo(state);
        assertThat(finding.says() + " " + finding.mend()).contains(words);
    }

    @ParameterizedTest(name = "the sender's domain {0}: {1}")
    @CsvSource({
        "firm.com, fine, takes mail",
        "implicit.com, mend, give implicit.com an MX record",
        "none.com, mend, does not exist",
        "null.com, mend, takes no mail",
        "down.com, unsure, could not be asked"
    })
    void judgesTheSendersDomain(String domain, String state, String words) {
        var zone = firm().address("implicit.com", "192.0.1.1")
                .mx("null.com", 0, "")
                .failing("down.com", Answer.FailureCause.SERVFAIL);
        var finding = identity(zone, "gate.firm.com", "probe@" + domain, "MAIL FROM");

        assertThat(finding.state().word()).isEqualTo(state);
        assertThat(finding.says() + " " + finding.mend()).contains(words);
    }

    @Test
    void withoutAnAddressTellsOnlyWhatDoesNotHangOnIt() {
        var identity = new SmtpIdentity("gate.firm.com", "probe@firm.com");
        var findings = new IdentityCheck(identity, firm(), router(firm())).findings(Optional.empty());

        assertThat(findings).extracting(Finding::check).containsExactly("HELO", "MAIL FROM");
        assertThat(findings.getFirst().state()).isEqualTo(State.UNSURE);
    }

    @Test
    void aPortIsOpenWhenOneHostAnswers() {
        var finding = port(new Hello.NotConnected(unreachable(Dialled.Cause.TIMEOUT)), greeted("mx"));
        assertThat(finding).isEqualTo(Finding.fine("port 25", "open: mx1.lab.com answered"));
    }

    @ParameterizedTest(name = "port 25 after {0}: {1}")
    @CsvSource({
        "TIMEOUT, blocked by your network: no answer from mx0.lab.com",
        "CONNECTION_REFUSED, blocked by your network: the connection to mx0.lab.com is refused",
        "NO_ROUTE, this machine has no route to mx0.lab.com",
        "OTHER, the connection to mx0.lab.com failed"
    })
    void tellsABlockedPortFromAMissingRoute(Dialled.Cause cause, String says) {
        var finding = port(new Hello.NotConnected(unreachable(cause)));

        assertThat(finding.state()).isEqualTo(State.MEND);
        assertThat(finding.says()).isEqualTo(says);
        assertThat(finding.mend()).isNotBlank();
    }

    @Test
    void namesOurOwnRulesWhenTheyForbidIt() {
        assertThat(port(new Hello.NotConnected(new Dialled.Refused("port 2525")))
                        .mend())
                .contains("GATEPOST_EGRESS_ALLOW");
    }

    @Test
    void tellsAHostThatIsMuteFromOneThatRefusesUs() {
        assertThat(port(new Hello.Mute("it said nothing in time", HERE)).says()).contains("it said nothing in time");
        var refused = port(new Hello.Refused(
                new Reply(554, "5.7.1", "listed"), RefusalCause.BLOCK_LISTED, "ask to be taken off", HERE));
        assertThat(refused.says()).isEqualTo("open, but mx0.lab.com refuses us (block_listed): 554 listed");
        assertThat(refused.mend()).isEqualTo("ask to be taken off");
    }

    @Test
    void cannotTellWithoutAHost() {
        var finding = PortCheck.finding(List.of(new Called.NoHost("lab.com", "it has no mail host")), config(Map.of()));
        assertThat(finding.state()).isEqualTo(State.UNSURE);
    }

    @ParameterizedTest(name = "greeting \"{0}\": {1}")
    @CsvSource(delimiter = ';', textBlock = """
            mx ready at Thu, 26 Nov 2026 10:00:20 +0000 ; fine   ; within 20 s of what mx0.lab.com says
            mx ready at Thu, 26 Nov 2026 11:00:00 +0100 ; fine   ; within 0 s
            mx ready at Thu, 26 Nov 2026 10:00:00 GMT   ; fine   ; within 0 s
            mx ready at Thu, 26 Nov 2026 10:05:00 +0000 ; mend   ; 300 s behind what
            mx ready at Thu, 26 Nov 2026 09:58:00 +0000 ; mend   ; 120 s ahead of
            mx ready at Fri, 26 Nov 2026 10:00:00 +0000 ; unsure ; cannot be told
            mx ESMTP                                    ; unsure ; cannot be told
            """)
    void comparesTheClockWithTheGreeting(String greeting, String state, String words) {
        var finding = new ClockCheck(CLOCK, data.resolve("none")).finding(called(greeted(greeting)));

        assertThat(finding.state().word()).isEqualTo(state);
        assertThat(finding.says()).contains(words);
    }

    @Test
    void believesTheSystemThatSaysItIsSynchronised() throws Exception {
        var file = Files.createFile(data.resolve("synchronized"));
        assertThat(new ClockCheck(CLOCK, file).finding(List.of()).state()).isEqualTo(State.FINE);
    }

    @ParameterizedTest(name = "a resolver that answers {0} is {1}")
    @CsvSource({
        "nxdomain, fine, it says so",
        "found, mend, it invents answers",
        "nodata, unsure, exists",
        "failed, unsure, did not answer"
    })
    void tellsAResolverThatInventsAnswers(String answer, String state, String words) {
        Resolver resolver = (_, _) -> switch (answer) {
            case "nxdomain" -> new Answer.NoSuchName(Duration.ZERO);
            case "nodata" -> new Answer.NoData(Duration.ZERO);
            case "found" -> new Answer.Found(List.of(new Answer.AddressData(HERE)), Duration.ZERO, false);
            default -> new Answer.Failed(Answer.FailureCause.TIMEOUT);
        };
        var finding = new HonestyCheck(resolver, new Random(7)).finding();

        assertThat(finding.state().word()).isEqualTo(state);
        assertThat(finding.says()).contains(words);
    }

    @ParameterizedTest
    @CsvSource({
        "'', mend, set GATEPOST_PUBLIC_URL",
        "https://verify.firm.com, fine, https://verify.firm.com",
        "http://verify.firm.com, mend, TLS proxy",
        "https://localhost, mend, leads every machine to itself",
        "http://127.0.0.1:8080, mend, leads every machine to itself"
    })
    void judgesThePublicUrl(String url, String state, String words) {
        var finding = new UrlCheck(new Config.Listen("127.0.0.1", 8080, url))
                .findings()
                .getFirst();

        assertThat(finding.state().word()).isEqualTo(state);
        assertThat(finding.says() + finding.mend()).contains(words);
    }

    @Test
    void judgesTheDataFolder() {
        var check = new FolderCheck(config(Map.of()));

        assertThat(check.findings().getFirst().check()).isEqualTo("data folder");
        assertThat(check.of("ext4", FolderCheck.FREE_BYTES_MIN).state()).isEqualTo(State.FINE);
        assertThat(check.of("ext4", FolderCheck.FREE_BYTES_MIN - 1).mend()).startsWith("make room");
        assertThat(check.of("nfs4", FolderCheck.FREE_BYTES_MIN).mend()).contains("GATEPOST_DATA");
        var onPostgres = new FolderCheck(config(Map.of("GATEPOST_DATABASE_URL", "jdbc:postgresql://db/gatepost")));
        assertThat(onPostgres.of("nfs4", FolderCheck.FREE_BYTES_MIN).state()).isEqualTo(State.FINE);
    }

    @Test
    void aFolderThatIsAFileCannotBeWritten() throws Exception {
        var file = Files.createFile(data.resolve("file"));
        var finding = new FolderCheck(config(Map.of("GATEPOST_DATA", file + "/below")))
                .findings()
                .getFirst();

        assertThat(finding.state()).isEqualTo(State.MEND);
        assertThat(finding.says()).isEqualTo(file + " cannot be written to");
    }

    @Test
    void takesOurAddressFromWhatAHostSaysFirst() {
        var engine = engine();
        var smtp = config(Map.of()).smtp();
        var named = called(new Hello.Greeted("mx", "mx at your service, [" + SOURCE + "]", HERE));
        assertThat(SourceAddress.of(named, smtp, engine).address()).contains(InetAddress.ofLiteral(SOURCE));

        var direct = called(new Hello.Greeted("mx", "mx", InetAddress.ofLiteral("198.41.0.9")));
        assertThat(SourceAddress.of(direct, smtp, engine).address()).contains(InetAddress.ofLiteral("198.41.0.9"));

        var behindNat = called(new Hello.Greeted("mx", "mx [10.1.1.1]", HERE));
        assertThat(SourceAddress.of(behindNat, smtp, engine).finding().state()).isEqualTo(State.UNSURE);

        var proxied = config(Map.of("GATEPOST_SMTP_SOCKS5", "192.0.2.1:1080")).smtp();
        assertThat(SourceAddress.of(direct, proxied, engine).address()).isEmpty();
    }

    @Test
    void namesAListWhoseSourceFails() throws Exception {
        Files.createDirectories(data.resolve("lists/refreshed"));
        Files.writeString(
                data.resolve("lists/refreshed/outcomes.txt"),
                "disposable 2026-11-26T09:00:00Z refused x: it holds no entry\n");
        var file = data.resolve("all.txt").toString();

        var findings = new ListsCheck(config(Map.of("GATEPOST_LISTS_SOURCES", "disposable=" + file)), CLOCK).findings();
        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.says())
                    .isEqualTo("disposable was not refreshed at 2026-11-26T09:00:00Z: x: it holds no entry");
            assertThat(finding.mend()).contains("GATEPOST_LISTS_SOURCES");
        });
        assertThat(new ListsCheck(config(Map.of()), CLOCK).findings())
                .extracting(Finding::state)
                .containsExactly(State.FINE);
        var inAYear = InstantSource.fixed(Instant.parse("2027-11-26T10:00:00Z"));
        assertThat(new ListsCheck(config(Map.of()), inAYear)
                        .findings()
                        .getFirst()
                        .says())
                .contains("the list of disposable domains is");
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void eachStateHasAWord(State state) {
        assertThat(state.word()).isEqualTo(state.name().toLowerCase(Locale.ROOT));
    }

    private static FakeZone firm() {
        return new FakeZone()
                .address("gate.firm.com", SOURCE)
                .address("other.firm.com", "198.41.0.5")
                .failing("down.firm.com", Answer.FailureCause.TIMEOUT)
                .pointer("4.0.41.198.in-addr.arpa", "gate.firm.com")
                .text("firm.com", "v=spf1 ip4:198.41.0.0/24 -all")
                .mx("firm.com", 10, "mx.firm.com")
                .address("mx.firm.com", "198.41.0.6");
    }

    private static MailRouter router(FakeZone zone) {
        return new MailRouter(zone, _ -> true, new Random(7));
    }

    private static Finding identity(FakeZone zone, String helo, String from, String check) {
        return new IdentityCheck(new SmtpIdentity(helo, from), zone, router(zone))
                .findings(Optional.of(InetAddress.ofLiteral(SOURCE))).stream()
                        .filter(finding -> finding.check().equals(check))
                        .findFirst()
                        .orElseThrow();
    }

    private static Dialled unreachable(Dialled.Cause cause) {
        return new Dialled.Unreachable(cause, "");
    }

    private static Hello greeted(String greeting) {
        return new Hello.Greeted(greeting, "mx", HERE);
    }

    private static List<Called> called(Hello... hellos) {
        var number = new int[1];
        return Arrays.stream(hellos)
                .map(hello -> (Called) new Called.Host("mx" + number[0]++ + ".lab.com", hello, NOW))
                .toList();
    }

    private Finding port(Hello... hellos) {
        return PortCheck.finding(called(hellos), config(Map.of()));
    }

    private Engine engine() {
        return Engine.of(config(Map.of("GATEPOST_DNS_SERVERS", "127.0.0.1:53")), CLOCK, new SecureRandom());
    }

    private Config config(Map<String, String> more) {
        var environment = new HashMap<>(Map.of("GATEPOST_DATA", data.toString()));
        environment.putAll(more);
        return switch (new ConfigReader(environment, List.of()).read()) {
            case Configured.Ready(var config) -> config;
            case Configured.Wrong(var mistakes) -> throw new AssertionError(mistakes);
        };
    }
}
