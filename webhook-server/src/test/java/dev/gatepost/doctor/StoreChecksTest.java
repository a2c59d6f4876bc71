package dev.gatepost.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.smtp.Pause;
import dev.gatepost.smtp.RefusalCause;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreChecksTest {
    private static final Instant NOW = Instant.parse("2026-11-26T10:00:00Z");

    private static final ConnectorTools TOOLS =
            new ConnectorTools(new OkHttpClient(), InstantSource.fixed(NOW), new Random(7), "gatepost_");

    @Test
    void aCrmThatAnswersLetsUsIn() {
        assertThat(check(seen(List.of()), ConnectionState.ACTIVE))
                .isEqualTo(Finding.fine("CRM", "Acme lets us into account 7; 90 of 100 calls left in a day"));
    }

    @Test
    void aCrmThatRefusesUsIsToBeConnectedAnew() {
        var finding = check(new Checkup.Refused(Refusal.NEEDS_REAUTH, "the token is gone"), ConnectionState.ACTIVE);
        assertThat(finding.state()).isEqualTo(Finding.State.MEND);
        assertThat(finding.says()).endsWith("the token is gone");
        assertThat(finding.mend()).isEqualTo("connect it anew: gatepost connect acme");
    }

    @Test
    void aMissingPermissionIsNamed() {
        assertThat(check(seen(List.of("contacts.write")), ConnectionState.ACTIVE))
                .isEqualTo(Finding.mend(
                        "CRM",
                        "Acme lacks permissions: contacts.write",
                        "grant them, then connect it anew: gatepost connect acme"));
    }

    @Test
    void aCrmThatIsBusyIsNotAccused() {
        assertThat(check(new Checkup.RetryLater(Duration.ofSeconds(5), "too many calls"), ConnectionState.ACTIVE)
                        .state())
                .isEqualTo(Finding.State.UNSURE);
    }

    @ParameterizedTest
    @CsvSource({
        "NEEDS_REAUTH, mend, Acme is held (needs_reauth): a reason",
        "MISSING_SCOPE, mend, Acme is held (missing_scope): a reason",
        "PAUSED, fine, 'Acme is paused, so it was not asked'",
        "DISCONNECTED, fine, 'Acme is disconnected, so it was not asked'"
    })
    void aConnectionThatRestsIsNotAsked(ConnectionState state, String expected, String says) {
        var finding = check(seen(List.of()), state);
        assertThat(finding.state().word()).isEqualTo(expected);
        assertThat(finding.says()).isEqualTo(says);
    }

    @Test
    void aConnectionWithoutItsConnectorIsNamed() {
        var findings = StoreChecks.connections(List.of(connection(ConnectionState.ACTIVE)), List.of(), TOOLS);
        assertThat(findings)
                .singleElement()
                .satisfies(finding -> assertThat(finding.mend()).contains("plugins/"));
    }

    @Test
    void namesEachPauseWithCauseAndMend() {
        assertThat(StoreChecks.pauses(List.of())).extracting(Finding::state).containsExactly(Finding.State.FINE);

        var pause = new Pause(
                "google", NOW, NOW.plusSeconds(60), RefusalCause.PTR_MISSING, "ask for a PTR", "550 5.7.25 no PTR");
        assertThat(StoreChecks.pauses(List.of(pause)))
                .containsExactly(Finding.mend(
                        "mail hosts",
                        "google refuses us (ptr_missing) and is left alone until 2026-11-26T10:01:00Z; it said: 550 5.7.25 no"
                                + " PTR",
                        "ask for a PTR"));
    }

    private static Finding check(Checkup answer, ConnectionState state) {
        return StoreChecks.connections(List.of(connection(state)), List.of(new Plugin(answer)), TOOLS)
                .getFirst();
    }

    private static Connection connection(ConnectionState state) {
        return new Connection(
                "main", "acme", "Acme", new Account("c1", "7", "key", Map.of()), state, NOW, "a reason", NOW, "");
    }

    /** A CRM that answers every reading in one way, and must not be asked for anything else. */
    private record Plugin(Checkup answer) implements ConnectorPlugin, Connector {
        @Override
        public String id() {
            return "acme";
        }

        @Override
        public String label() {
            return "Acme";
        }

        @Override
        public List<Setting> settings() {
            return List.of();
        }

        @Override
        public String hookKey(Account account) {
            return "key";
        }

        @Override
        public Connector connect(Account account, ConnectorTools tools) {
            return this;
        }

        @Override
        public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
            throw new AssertionError("no delivery");
        }

        @Override
        public int batchMax() {
            return 1;
        }

        @Override
        public Installed install() {
            throw new AssertionError("the doctor changes nothing");
        }

        @Override
        public Contacts contacts(Urgency urgency, List<String> ids) {
            throw new AssertionError("the doctor reads no contacts");
        }

        @Override
        public List<WriteBack> writeBack(Urgency urgency, List<dev.gatepost.connector.Finding> findings) {
            throw new AssertionError("the doctor changes nothing");
        }

        @Override
        public Listing list(Selection selection, String cursor, int limit) {
            throw new AssertionError("the doctor lists nothing");
        }

        @Override
        public Counted count(Selection selection) {
            throw new AssertionError("the doctor counts nothing");
        }

        @Override
        public Checkup check() {
            return answer;
        }
    }

    private static Checkup seen(List<String> missing) {
        return new Checkup.Seen("7", "Acme Ltd", missing, new Checkup.Quota.Left(90, 100, "day"));
    }
}
