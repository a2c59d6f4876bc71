package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProviderTableTest {
    @ParameterizedTest
    @CsvSource({
        "gmail-smtp-in.l.google.com, Gmail, google, HIGH",
        "alt3.gmail-smtp-in.l.google.com, Gmail, google, HIGH",
        "alt1.aspmx.l.google.com, Google Workspace, google, MEDIUM",
        "aspmx2.googlemail.com, Google Workspace, google, MEDIUM",
        "firm-com.mail.protection.outlook.com, Microsoft 365, microsoft-365, LOW",
        "hotmail-com.olc.protection.outlook.com, Outlook.com, microsoft-consumer, MEDIUM",
        "firm-com.a-v1.mx.microsoft, Microsoft 365, microsoft-365, LOW",
        "mta7.am0.yahoodns.net, Yahoo, yahoo, LOW",
        "mx01.mail.icloud.com, iCloud, icloud, MEDIUM",
        "mx00.emig.gmx.net, GMX, gmx, HIGH",
        "mx-ha02.web.de, web.de, gmx, HIGH",
        "mx01.ionos.co.uk, IONOS, ionos, HIGH",
        "eu-smtp-inbound-1.mimecast.com, Mimecast, mimecast, LOW",
        "mxa-00.gslb.pphosted.com, Proofpoint, proofpoint, LOW"
    })
    void knowsTheLargeProviders(String host, String name, String group, Trust accept) {
        var provider = ProviderTable.of(host);
        assertThat(provider.name()).isEqualTo(name);
        assertThat(provider.group()).isEqualTo(group);
        assertThat(provider.acceptTrust()).isEqualTo(accept);
    }

    @ParameterizedTest
    @CsvSource({
        "mx1.firm.co.uk, firm.co.uk",
        "mail.firm.com, firm.com",
        "firm.com, firm.com",
        "localhost, localhost",
        "notgmx.net, notgmx.net",
        "evil-yahoodns.net, evil-yahoodns.net"
    })
    void groupsUnknownHostsByRegistrableDomain(String host, String group) {
        var provider = ProviderTable.of(host);
        assertThat(provider.name()).isEmpty();
        assertThat(provider.group()).isEqualTo(group);
        assertThat(provider.probeRandom()).isTrue();
    }

    @Test
    void asksNoSecondRecipientOfOutlookConsumerHosts() {
        assertThat(ProviderTable.of("outlook-com.olc.protection.outlook.com").rcptMax())
                .isEqualTo(1);
    }
}
