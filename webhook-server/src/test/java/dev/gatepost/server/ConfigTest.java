package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Setting.Kind;
import dev.gatepost.connector.Setting.Need;
import dev.gatepost.egress.SourceAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTest {

    @TempDir
    Path data;

    @Test
    void startsWithTheDefaultsWhenNothingIsSet() {
        var config = ready(Map.of());

        assertThat(config.listen()).isEqualTo(new Config.Listen("127.0.0.1", 8080, ""));
        assertThat(config.listen().urlWith(8080)).isEqualTo("http://127.0.0.1:8080");
        assertThat(config.databaseUrl()).isEmpty();
        assertThat(config.masterKey()).isEqualTo(new Config.KeySource.InDataFolder());
        assertThat(config.smtp().isOn()).isFalse();
        assertThat(config.smtp().recheck())
                .containsExactly(
                        Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15), Duration.ofHours(1));
        assertThat(config.log()).isEqualTo(Config.Log.TEXT);
    }

    @Test
    void keepsSmtpOffUntilBothNamesAreSet() {
        assertThat(ready(Map.of("GATEPOST_SMTP_HELO", "mail.acme.io")).smtp().isOn())
                .isFalse();
        assertThat(ready(Map.of("GATEPOST_SMTP_HELO", "mail.acme.io", "GATEPOST_SMTP_MAIL_FROM", "probe@acme.io"))
                        .smtp()
                        .isOn())
                .isTrue();
    }

    @Test
    void pacesNobodyInALabUnlessToldTo() {
        assertThat(ready(Map.of()).smtp().ratePerGroup()).isEqualTo(120);
        assertThat(ready(Map.of("GATEPOST_EGRESS_ALLOW", "dns=127.0.0.0/8"))
                        .smtp()
                        .ratePerGroup())
                .isEqualTo(120);
        for (var allow : List.of("smtp=127.0.0.0/8", "dns=127.0.0.0/8, SMTP = 127.0.0.0/8")) {
            assertThat(ready(Map.of("GATEPOST_EGRESS_ALLOW", allow)).smtp().ratePerGroup())
                    .as(allow)
                    .isEqualTo(Config.Smtp.NO_RATE);
        }
        assertThat(ready(Map.of("GATEPOST_EGRESS_ALLOW", "smtp=127.0.0.0/8", "GATEPOST_SMTP_RATE_PER_GROUP", "7"))
                        .smtp()
                        .ratePerGroup())
                .isEqualTo(7);
    }

    @Test
    void showsMailHostsOnlyAddressesThatThisMachineHas() {
        assertThat(ready(Map.of("GATEPOST_SMTP_SOURCE", "127.0.0.2")).smtp().source())
                .isEqualTo(SourceAddresses.parse("127.0.0.2"));
        assertThat(mistakes(Map.of("GATEPOST_SMTP_SOURCE", "192.0.2.1")))
                .singleElement()
                .asString()
                .startsWith("GATEPOST_SMTP_SOURCE: this machine has no address 192.0.2.1");
        assertThat(mistakes(Map.of("GATEPOST_SMTP_SOURCE", "127.0.0.2", "GATEPOST_SMTP_SOCKS5", "127.0.0.1:1080")))
                .singleElement()
                .asString()
                .startsWith("GATEPOST_SMTP_SOURCE and GATEPOST_SMTP_SOCKS5 are both set; give one");
    }

    @Test
    void readsThePropertiesFileAndLetsTheEnvironmentWin() throws IOException {
        file("gatepost.port=9000\ngatepost.smtp.helo=mail.acme.io\n");

        var config = ready(Map.of("GATEPOST_PORT", "9001"));

        assertThat(config.listen().port()).isEqualTo(9001);
        assertThat(config.smtp().helo()).isEqualTo("mail.acme.io");
    }

    @Test
    void letsASecretOfTheEnvironmentWinOverASecretFileNamedInTheFile() throws IOException {
        file("gatepost.database.url.file=/nowhere\n");

        assertThat(ready(Map.of("GATEPOST_DATABASE_URL", "jdbc:postgresql://db/gatepost"))
                        .databaseUrl())
                .isEqualTo("jdbc:postgresql://db/gatepost");
    }

    @Test
    void readsASecretFromItsFile() throws IOException {
        var secret = Files.writeString(data.resolve("url"), "jdbc:postgresql://db/gatepost?password=hidden\n");

        var config = ready(Map.of("GATEPOST_DATABASE_URL_FILE", secret.toString()));

        assertThat(config.databaseUrl()).isEqualTo("jdbc:postgresql://db/gatepost?password=hidden");
        assertThat(config.toString()).doesNotContain("hidden");
    }

    @Test
    void neverPrintsTheMasterKey() {
        assertThat(ready(Map.of("GATEPOST_MASTER_KEY", "c2VjcmV0")).toString())
                .doesNotContain("c2VjcmV0")
                .contains("redacted");
    }

    @Test
    void presetsASettingOfAPlugInAndReadsItsSecretFromAFile() throws IOException {
        var secret = Files.writeString(data.resolve("token"), "hidden\n");

        var config = ready(
                Map.of("GATEPOST_ACME_API_URL", "http://127.0.0.1:9", "GATEPOST_ACME_TOKEN_FILE", secret.toString()));

        assertThat(config.plugins())
                .containsOnly(Map.entry("acme.api-url", "http://127.0.0.1:9"), Map.entry("acme.token", "hidden"));
        assertThat(config.toString()).doesNotContain("hidden");
    }

    @Test
    void namesAllMistakesAtOnce() throws IOException {
        file("gatepost.log=xml\ngatepost.Port=1\n");

        assertThat(mistakes(Map.of(
                        "GATEPOST_PROT", "8080",
                        "GATEPOST_SMTP_PORT", "0",
                        "GATEPOST_PUBLIC_URL", "ftp://x",
                        "GATEPOST_DNS_SERVERS", "resolver.example")))
                .hasSize(6)
                .anyMatch(it -> it.equals("GATEPOST_PROT is not a setting; did you mean GATEPOST_PORT?"))
                .anyMatch(it -> it.startsWith("GATEPOST_SMTP_PORT must be a number from 1 to 65535; it is 0"))
                .anyMatch(it -> it.startsWith("GATEPOST_LOG must be text or json; it is xml"))
                .anyMatch(it -> it.startsWith("gatepost.Port in") && it.endsWith("is written gatepost.port"))
                .anyMatch(it -> it.startsWith("GATEPOST_PUBLIC_URL"))
                .anyMatch(it -> it.startsWith("GATEPOST_DNS_SERVERS"));
    }

    @ParameterizedTest(name = "{0}={1}: {2}")
    @CsvSource(delimiter = ';', textBlock = """
            GATEPOST_PORT                     ; 65536            ; above the highest port
            GATEPOST_PORT                     ; http             ; not a number
            GATEPOST_HOST                     ; gate.acme.io     ; a name says nothing about which interface to bind
            GATEPOST_PUBLIC_URL               ; https://a.io/?x  ; a query would never match what the CRM signed
            GATEPOST_SMTP_HELO                ; mail acme        ; a blank cannot be in a host name
            GATEPOST_SMTP_MAIL_FROM           ; acme.io          ; not an address
            GATEPOST_SMTP_CONNECTIONS_PER_GROUP ; 0              ; nothing could ever be asked
            GATEPOST_SMTP_RECHECK             ; 1m,,5m           ; an empty wait
            GATEPOST_SMTP_RECHECK             ; 5                ; no unit
            GATEPOST_ZAPIER_HOSTS             ; https://zapier.com ; a URL, not a host
            GATEPOST_ZAPIER_HOSTS             ; zapier.com,*.io  ; stars are not needed, all below is meant
            GATEPOST_ZAPIER_HOSTS             ; com              ; everybody's
            GATEPOST_ZAPIER_HOSTS             ; ,                ; no Zap could be told
            GATEPOST_LOG                      ; JSON             ; the words are lower case
            GATEPOST_AOT                      ; yes              ; on or off
            GATEPOST_DATABASE_URL_FILE        ; /nowhere/at/all  ; the file is not there
            GATEPOST_NONSENSE_OF_ALL_SORTS    ; 1                ; no such setting
            """)
    void refuses(String key, String value, String why) {
        assertThat(mistakes(Map.of(key, value)))
                .as(why)
                .singleElement()
                .asString()
                .startsWith(key);
    }

    @Test
    void refusesTheDataFolderInTheFileThatLiesInIt() throws IOException {
        file("gatepost.data=/elsewhere\n");

        assertThat(mistakes(Map.of())).singleElement().asString().contains("only be set in the environment");
    }

    @Test
    void takesTheSlashOffThePublicUrl() {
        assertThat(ready(Map.of("GATEPOST_PUBLIC_URL", "https://gate.acme.io/")).listen())
                .satisfies(listen -> assertThat(listen.urlWith(1)).isEqualTo("https://gate.acme.io"))
                .satisfies(listen -> assertThat(listen.isTls()).isTrue());
    }

    @Test
    @DisplayName("E3: Zaps are at zapier.com, unless the operator names others")
    void knowsWhereZapsAre() {
        assertThat(ready(Map.of()).zapierHosts()).containsExactly("zapier.com");
        assertThat(ready(Map.of("GATEPOST_ZAPIER_HOSTS", "Zapier.com, hooks.acme.io"))
                        .zapierHosts())
                .containsExactlyInAnyOrder("zapier.com", "hooks.acme.io");
    }

    private void file(String text) throws IOException {
        Files.writeString(data.resolve("gatepost.properties"), text);
    }

    private Config ready(Map<String, String> environment) {
        return switch (read(environment)) {
            case Configured.Ready(var config) -> config;
            case Configured.Wrong(var mistakes) -> throw new AssertionError(mistakes);
        };
    }

    private List<String> mistakes(Map<String, String> environment) {
        return switch (read(environment)) {
            case Configured.Ready(var config) -> throw new AssertionError(config);
            case Configured.Wrong(var mistakes) -> mistakes;
        };
    }

    private Configured read(Map<String, String> environment) {
        var whole = new HashMap<>(environment);
        whole.put("GATEPOST_DATA", data.toString());
        whole.put("PATH", "/bin");
        return new ConfigReader(whole, List.of(new AcmePlugin())).read();
    }

    private static final class AcmePlugin implements ConnectorPlugin {

        @Override
        public String id() {
            return "acme";
        }

        @Override
        public String label() {
            return "Acme";
        }

        @Override
        public List<dev.gatepost.connector.Setting> settings() {
            return List.of(
                    new dev.gatepost.connector.Setting("api-url", "API", "Where.", Kind.URL, Need.OPTIONAL),
                    new dev.gatepost.connector.Setting("token", "Token", "What.", Kind.SECRET, Need.REQUIRED));
        }

        @Override
        public String hookKey(Account account) {
            return account.account();
        }

        @Override
        public Connector connect(Account account, ConnectorTools tools) {
            throw new IllegalStateException("never connected here");
        }

        @Override
        public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
            return new Reading.Authentic(List.of());
        }
    }
}
