package dev.gatepost.workspace;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Setting;
import dev.gatepost.store.StoreUnusable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** The statements on the table of connections. */
final class ConnectionRows {
    private static final String CHANGE = "connection";

    private final Secrets secrets;

    ConnectionRows(Secrets secrets) {
        this.secrets = secrets;
    }

    /** Grows with every change of the table. */
    static long version(Handle handle) {
        return ChangeNotice.version(handle, CHANGE);
    }

    /**
     * Tells other nodes that the table changes with this transaction. To be called first: it holds back other changes of
     * connections until this one is through.
     */
    static void announceChange(Handle handle) {
        ChangeNotice.announce(handle, CHANGE);
    }

    List<Connection> all(Handle handle) {
        var options = ConnectionOptionRows.all(handle);
        return handle.createQuery("select * from connection order by id")
                .map((row, _) -> connection(row, options))
                .list();
    }

    static Optional<String> idOf(Handle handle, String plugin, ConnectionDraft draft) {
        return handle.createQuery("""
                        select id from connection
                        where workspace_id = :workspace and plugin = :plugin and account = :account""")
                .bind("workspace", draft.workspaceId())
                .bind("plugin", plugin)
                .bind("account", draft.account())
                .mapTo(String.class)
                .findOne();
    }

    /** Writes a new connection, or all of an old one but its id and its beginning. */
    void save(Handle handle, ConnectorPlugin plugin, ConnectionDraft draft, String id, Instant now) {
        var account = new Account(id, draft.account(), "", draft.settings());
        var inClear = parted(plugin, draft.settings());
        handle.createUpdate("""
                        insert into connection (id, workspace_id, plugin, account, hook_key, name, state, state_since,
                            state_reason, settings, secrets, created_at)
                        values (:id, :workspace, :plugin, :account, :hookKey, :name, 'active', :now, '', :settings,
                            :secrets, :now)
                        on conflict (id) do update set hook_key = excluded.hook_key, name = excluded.name,
                            state = excluded.state, state_since = excluded.state_since,
                            state_reason = excluded.state_reason, settings = excluded.settings,
                            secrets = excluded.secrets""")
                .bind("id", id)
                .bind("workspace", draft.workspaceId())
                .bind("plugin", plugin.id())
                .bind("account", draft.account())
                .bind("hookKey", plugin.hookKey(account))
                .bind("name", draft.name())
                .bind("settings", SettingsJson.write(inClear.getOrDefault(true, Map.of())))
                .bind("secrets", sealed(id, inClear.getOrDefault(false, Map.of())))
                .bind("now", now)
                .execute();
    }

    /** False when there is no such connection, it is in this state already, or it is disconnected, which only saving ends. */
    static boolean setState(Handle handle, String id, ConnectionState state, String reason, Instant now) {
        return handle.createUpdate("""
                                update connection set state = :state, state_since = :now, state_reason = :reason
                                where id = :id and state <> :state and state <> 'disconnected'""")
                        .bind("state", state.word())
                        .bind("now", now)
                        .bind("reason", reason)
                        .bind("id", id)
                        .execute()
                == 1;
    }

    /** One that is not disconnected, without its options. */
    Optional<Connection> living(Handle handle, String id) {
        return handle.createQuery("select * from connection where id = :id and state <> 'disconnected'")
                .bind("id", id)
                .map((row, _) -> connection(row, Map.of()))
                .findOne();
    }

    /** Gives a connection other settings; its state stays. */
    void rewrite(Handle handle, ConnectorPlugin plugin, Connection connection, Map<String, String> settings) {
        var inClear = parted(plugin, settings);
        var account = new Account(connection.id(), connection.account().account(), "", settings);
        handle.createUpdate("""
                        update connection set hook_key = :hookKey, settings = :settings, secrets = :secrets
                        where id = :id""")
                .bind("hookKey", plugin.hookKey(account))
                .bind("settings", SettingsJson.write(inClear.getOrDefault(true, Map.of())))
                .bind("secrets", sealed(connection.id(), inClear.getOrDefault(false, Map.of())))
                .bind("id", connection.id())
                .execute();
    }

    /** Erases the secrets of all that are disconnected; how many had some. */
    static int forgetSecrets(Handle handle) {
        return handle.createUpdate("update connection set secrets = '' where state = 'disconnected' and secrets <> ''")
                .execute();
    }

    static boolean hasSecretsToForget(Handle handle) {
        return handle.createQuery("select count(*) from connection where state = 'disconnected' and secrets <> ''")
                        .mapTo(Integer.class)
                        .one()
                > 0;
    }

    /** By whether they may stand in clear. */
    private static Map<Boolean, Map<String, String>> parted(ConnectorPlugin plugin, Map<String, String> settings) {
        var open = openSettings(plugin);
        return settings.entrySet().stream()
                .collect(Collectors.partitioningBy(
                        setting -> open.contains(setting.getKey()),
                        Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private String sealed(String id, Map<String, String> settings) {
        return secrets.encrypt(place(id), SettingsJson.write(settings));
    }

    /** False when there is no such connection in the workspace. */
    static boolean setWorkflow(Handle handle, String workspaceId, String id, String workflowId) {
        return handle.createUpdate("""
                                update connection set workflow_id = :workflow
                                where id = :id and workspace_id = :workspace""")
                        .bind("workflow", workflowId)
                        .bind("id", id)
                        .bind("workspace", workspaceId)
                        .execute()
                == 1;
    }

    static boolean isOf(Handle handle, String workspaceId, String id) {
        return handle.createQuery("select count(*) from connection where id = :id and workspace_id = :workspace")
                        .bind("id", id)
                        .bind("workspace", workspaceId)
                        .mapTo(Integer.class)
                        .one()
                == 1;
    }

    /** Settings a plug-in declares as no secret. Whatever it does not declare is kept as one. */
    private static List<String> openSettings(ConnectorPlugin plugin) {
        return plugin.settings().stream()
                .filter(setting -> setting.kind() != Setting.Kind.SECRET)
                .map(Setting::name)
                .toList();
    }

    private Connection connection(ResultSet row, Map<String, Map<String, String>> options) throws SQLException {
        var id = row.getString("id");
        var settings = new HashMap<>(SettingsJson.read(row.getString("settings")));
        var state = ConnectionState.of(row.getString("state"));
        var reason = row.getString("state_reason");
        try {
            var sealed = row.getString("secrets");
            if (!sealed.isEmpty()) { // erased when it was disconnected
                settings.putAll(SettingsJson.read(secrets.decrypt(place(id), sealed)));
            }
        } catch (StoreUnusable e) {
            // One damaged row must not stop the other connections.
            state = ConnectionState.NEEDS_REAUTH;
            reason = e.getMessage();
        }
        return new Connection(
                row.getString("workspace_id"),
                row.getString("plugin"),
                row.getString("name"),
                new Account(
                        id,
                        row.getString("account"),
                        row.getString("hook_key"),
                        settings,
                        options.getOrDefault(id, Map.of())),
                state,
                Instant.ofEpochMilli(row.getLong("state_since")),
                reason == null ? "" : reason,
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("workflow_id"));
    }

    private static Secrets.Place place(String id) {
        return SecretColumn.CONNECTION_SECRETS.of(id);
    }
}
