package dev.gatepost.workspace;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Setting;
import java.time.Instant;
import java.util.List;

/** A CRM that is all settings. Its hook key is the setting {@code app}. */
record FakePlugin(String id) implements ConnectorPlugin {
    @Override
    public String label() {
        return "Fake";
    }

    @Override
    public List<Setting> settings() {
        return List.of(
                new Setting("app", "App", "The app's id.", Setting.Kind.TEXT, Setting.Need.REQUIRED),
                new Setting("token", "Token", "The token.", Setting.Kind.SECRET, Setting.Need.REQUIRED));
    }

    @Override
    public String hookKey(Account account) {
        return account.setting("app");
    }

    @Override
    public Connector connect(Account account, ConnectorTools tools) {
        throw new UnsupportedOperationException("nobody connects here");
    }

    @Override
    public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
        throw new UnsupportedOperationException("nobody delivers here");
    }
}
