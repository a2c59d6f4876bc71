package dev.gatepost.activecampaign;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.status;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorContract;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Finding;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What every connector must do. */
class ActiveCampaignContractTest implements ConnectorContract {
    @RegisterExtension
    static final WireMockExtension CRM = WireMockExtension.newInstance().build();

    private final List<SandboxActiveCampaign> living = new ArrayList<>();

    @Override
    public ConnectorPlugin plugin() {
        return new ActiveCampaignPlugin();
    }

    @Override
    public Account account() {
        return Testbed.account(Map.of());
    }

    @Override
    public Instant now() {
        return Testbed.NOW;
    }

    @Override
    public Delivery delivery() {
        return Testbed.delivery(Testbed.payload("account.txt"));
    }

    @Override
    public Delivery repeated() {
        return delivery();
    }

    @Override
    public Delivery withUnknownFields() {
        return Testbed.delivery(
                "nobody%5Bknows%5D=this&" + Testbed.payload("account.txt") + "&and=that&contact[xyz]=1");
    }

    @Override
    public Delivery garbage() {
        return Testbed.delivery("{\"not\": \"a form\"");
    }

    @Override
    public List<Delivery> forged() {
        var secret = Testbed.ADDRESS.secret();
        return List.of("", "x", "/", secret.substring(1), secret + "A", "B" + secret.substring(1), "?" + secret)
                .stream()
                .map(tail -> Testbed.delivery(
                        Testbed.payload("account.txt"),
                        Testbed.ADDRESS.key() + "/" + tail,
                        "application/x-www-form-urlencoded"))
                .toList();
    }

    /** ActiveCampaign signs no time. */
    @Override
    public List<Delivery> stale() {
        return List.of();
    }

    @Override
    public Connector answering(int status) {
        CRM.stubFor(any(anyUrl()).willReturn(status(status)));
        return Testbed.connector(CRM.baseUrl(), Map.of());
    }

    @Override
    public LivingCrm livingCrm() {
        var crm = SandboxActiveCampaign.start(0, InstantSource.system());
        crm.allowCalls(1_000);
        living.add(crm);
        var tools = Testbed.tools();
        return new LivingCrm() {
            @Override
            public String create(String email) {
                return crm.createContact(email, Map.of());
            }

            @Override
            public void delete(String id) {
                crm.deleteContact(id);
            }

            @Override
            public Connector connector() {
                return new ActiveCampaignPlugin()
                        .connect(
                                Testbed.account(Map.of(
                                        ActiveCampaignPlugin.URL, crm.url(), ActiveCampaignPlugin.KEY, crm.key())),
                                tools);
            }
        };
    }

    @AfterEach
    void close() {
        living.forEach(SandboxActiveCampaign::close);
    }

    @Override
    public Finding finding() {
        return Testbed.finding("4711", "ada@example.com");
    }
}
