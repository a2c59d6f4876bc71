package dev.gatepost.activecampaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Setting;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ActiveCampaignPluginTest {
    private final ActiveCampaignPlugin plugin = new ActiveCampaignPlugin();

    @Test
    void isFoundByTheProduct() {
        assertThat(ServiceLoader.load(ConnectorPlugin.class).stream()
                        .map(each -> each.get().id()))
                .contains("activecampaign");
    }

    @Test
    void keepsItsKeySecretAndItsAddressUndeclared() {
        assertThat(plugin.settings())
                .filteredOn(setting -> setting.kind() == Setting.Kind.SECRET)
                .extracting(Setting::name)
                .containsExactly("key");
        assertThat(plugin.settings()).extracting(Setting::name).doesNotContain("hook-secret", "hook-key");
    }

    @Test
    void callsAsOftenAsTheOptionSaysElseAsConnectingSaid() {
        var connected = Testbed.account(Map.of("calls-per-second", "3"));
        assertThat(plugin.options(connected).getFirst().of(connected)).isEqualTo("3");
        assertThat(Options.of(connected).callsPerSecond()).isEqualTo(3);

        var chosen = new Account("con_1", "", "", connected.settings(), Map.of("calls_per_second", "1"));
        assertThat(Options.of(chosen).callsPerSecond()).isEqualTo(1);
        assertThat(plugin.options(chosen).getFirst().kind().usual()).isEqualTo("3");
    }

    @Test
    void letsTwoConnectionsToOneAccountShareItsLimit() {
        var tools = Testbed.tools(InstantSource.fixed(Testbed.NOW), Testbed.PUBLIC_URL);
        var one = new Api(AccountUrl.of("https://acme.api-us1.com/"), "key one", tools, 4);
        var two = new Api(AccountUrl.of("ACME.api-us1.com/api/3"), "key two", tools, 4);
        var other = new Api(AccountUrl.of("https://other.api-us1.com"), "key one", tools, 4);

        assertThat(one.budget()).isSameAs(two.budget()).isNotSameAs(other.budget());
    }

    @ParameterizedTest
    @CsvSource({
        "https://acme.api-us1.com, https://acme.api-us1.com/api/3/, acme.api-us1.com",
        "https://acme.api-us1.com/, https://acme.api-us1.com/api/3/, acme.api-us1.com",
        "https://acme.api-us1.com/api/3, https://acme.api-us1.com/api/3/, acme.api-us1.com",
        "https://acme.api-us1.com/api/3/, https://acme.api-us1.com/api/3/, acme.api-us1.com",
        "https://ACME.api-us1.com//, https://acme.api-us1.com/api/3/, acme.api-us1.com",
        "acme.api-us1.com, https://acme.api-us1.com/api/3/, acme.api-us1.com",
        "https://crm.example.com:8443/eu/, https://crm.example.com:8443/eu/api/3/, crm.example.com:8443/eu",
        "http://127.0.0.1:9000, http://127.0.0.1:9000/api/3/, 127.0.0.1:9000",
    })
    void takesAnyShapeOfTheUrlTheDeveloperPageShows(String text, String base, String name) {
        var url = AccountUrl.of(text);
        assertThat(url.base()).hasToString(base);
        assertThat(url.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "http://acme.api-us1.com",
        "ftp://acme.example",
        "https://user@acme.example",
        "https://a.example/?x=1",
        "''",
        "https://",
        "https://a.example/#x"
    })
    void refusesAUrlThatCannotBeOne(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AccountUrl.of(text))
                .withMessageStartingWith("url ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "calls-per-second; 6",
                "calls-per-second; many",
                "bulk-import; maybe",
                "automation-workflows; 22",
                "automation-workflows; x=paying",
                "reject-unsubscribe; Newsletter",
                "reject-automation; 1,2",
                "reject-tag; a,b",
                "key; with space",
            })
    void namesTheSettingItCannotUse(String setting, String value) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plugin.connect(Testbed.account(Map.of(setting, value)), Testbed.tools()))
                .withMessageStartingWith(setting);
    }

    @Test
    void readsItsOptions() {
        var options = Options.of(Testbed.account(Map.of(
                "calls-per-second", "3",
                "automation-workflows", "22=paying, 31 = newsletter",
                "reject-unsubscribe", "2, 7",
                "reject-automation", "9")));
        assertThat(options.callsPerSecond()).isEqualTo(3);
        assertThat(options.workflows()).isEqualTo(Map.of("22", "paying", "31", "newsletter"));
        assertThat(options.onReject().lists()).containsExactly("2", "7");
        assertThat(options.onReject().automation()).isEqualTo("9");
        assertThat(Options.of(Testbed.account(Map.of())).callsPerSecond()).isEqualTo(4);
    }

    @Test
    void makesAddressesNobodyCanGuess() {
        var one = HookAddress.fresh(new SecureRandom());
        var other = HookAddress.fresh(new SecureRandom());
        assertThat(one).isNotEqualTo(other);
        assertThat(Base64.getUrlDecoder().decode(one.secret())).hasSize(32);
        assertThat(one.toString()).doesNotContain(one.secret());
        assertThat(HookAddress.in(one.url("https://verify.example.com"), "https://verify.example.com"))
                .contains(one);
        assertThat(HookAddress.in(one.url("https://verify.example.com"), "https://other.example.com"))
                .isEmpty();
        assertThat(one.hasSecret(one.secret())).isTrue();
        assertThat(one.hasSecret(other.secret())).isFalse();
    }
}
