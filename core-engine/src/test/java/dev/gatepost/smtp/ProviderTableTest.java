package dev.gatepost.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

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
        var provider = ProviderTable.shipped().of(host);
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
        var provider = ProviderTable.shipped().of(host);
        assertThat(provider.name()).isEmpty();
        assertThat(provider.group()).isEqualTo(group);
        assertThat(provider.probeRandom()).isTrue();
    }

    @Test
    void saysWhichRowOfWhichTableCounted() {
        var table =
                ProviderTable.withOwn("providers.csv", "mx*.firm.com ; Firm ; firm ; high ; low ; no ; 3 ; 60 ; 900\n");

        assertThat(table.of("mx1.firm.com").rule()).isEqualTo("mx*.firm.com, providers.csv");
        assertThat(table.of("x.mx.microsoft").rule())
                .isEqualTo("*.mx.microsoft, the shipped table of " + ProviderTable.version());
        assertThat(table.of("mx.nobody.com").rule()).isEmpty();
    }

    @Test
    void theOperatorsRowsComeBeforeTheShippedOnes() {
        var table = ProviderTable.withOwn("providers.csv", """
                # our own experience
                *.mx.microsoft ; Microsoft ; ms-own ; high ; high ; no ; 5 ; 60 ; 900 ; no tenant of ours accepts all
                """);

        assertThat(table.of("x.mx.microsoft").group()).isEqualTo("ms-own");
        assertThat(table.of("x.mx.microsoft").rcptMax()).isEqualTo(5);
        assertThat(table.ownRows()).isEqualTo(1);
        assertThat(table.size()).isEqualTo(ProviderTable.shipped().size() + 1);
        assertThat(ProviderTable.shipped().of("x.mx.microsoft").group()).isEqualTo("microsoft-365");
    }

    @Test
    void namesEachMistakeWithLineAndColumn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProviderTable.withOwn("providers.csv", """
                        # ours
                        mx.firm.com ; Firm ; firm ; hgih ; low ; no ; 3 ; 60 ; 900
                        MX.firm.com ; Firm ; firm ; high ; low ; perhaps ; 0 ; 60 ; 900 ; note
                        mx.firm.com ; Firm
                        """))
                .withMessage(
                        "line 2, column 4 (trust of a refusal): high, medium or low expected, not \"hgih\"; line 3,"
                                + " column 1 (mail host): a host name in lower case, * for anything between expected, not"
                                + " \"MX.firm.com\"; line 3, column 6 (ask a random local part): yes or no expected, not"
                                + " \"perhaps\"; line 3, column 7 (most recipients in a session): a whole number from 1 expected,"
                                + " not \"0\"; line 4: 9 columns between semicolons expected, there are 2");
    }

    @Test
    void asksNoSecondRecipientOfOutlookConsumerHosts() {
        assertThat(ProviderTable.shipped()
                        .of("outlook-com.olc.protection.outlook.com")
                        .rcptMax())
                .isEqualTo(1);
    }
}
