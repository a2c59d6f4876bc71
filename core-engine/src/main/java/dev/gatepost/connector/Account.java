package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What a connector knows of one connection: the CRM account and the settings its plug-in asked for.
 *
 * @param connectionId our id of the connection
 * @param account the CRM's id of the account
 * @param hookKey the path parameter its webhooks come with
 * @param settings by {@link Setting#name()}, secrets in clear
 * @param options by {@link ConnectionOption#name()}, those that somebody chose; {@link ConnectionOption#of} reads them
 */
public record Account(
        String connectionId,
        String account,
        String hookKey,
        Map<String, String> settings,
        Map<String, String> options) {
    public Account {
        requireNonNull(connectionId, "connectionId");
        requireNonNull(account, "account");
        requireNonNull(hookKey, "hookKey");
        settings = Map.copyOf(settings);
        options = Map.copyOf(options);
    }

    /** An account with the usual options. */
    public Account(String connectionId, String account, String hookKey, Map<String, String> settings) {
        this(connectionId, account, hookKey, settings, Map.of());
    }

    /** A setting's value, or empty text. */
    public String setting(String name) {
        return settings.getOrDefault(name, "");
    }

    /** Without the values, which may be secret. */
    @Override
    public String toString() {
        return "Account[" + connectionId + ", " + account + ", " + settings.keySet() + "]";
    }
}
