package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.ConnectionOption.Kind;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Connections;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The options of connections: those every connection has, and those its plug-in declares. Safe for any thread. */
public final class ConnectionOptions {
    /** Age from which a contact is verified again by itself; 0 is never. */
    public static final ConnectionOption REVERIFY_AFTER_DAYS = new ConnectionOption(
            "reverify_after_days",
            "Verify again after days",
            "Contacts whose last check is older than so many days are verified again by themselves, each for one credit;"
                    + " 0 is never.",
            new Kind.WholeNumber(0, 3_650, 0));

    /** Usually a thousand: some hours of one account's calls at most, and a bill that nobody is surprised by. */
    public static final ConnectionOption REVERIFY_PER_DAY = new ConnectionOption(
            "reverify_per_day",
            "Verify again per day at most",
            "So many contacts are verified again by themselves in a day at most, so that credits do not go overnight.",
            new Kind.WholeNumber(1, 1_000_000, 1_000));

    /**
     * Usually 20,000: more than one node with two cores can store (15,000 in deliveries of a hundred), so that nobody is
     * turned away who could have been served; lower it to keep one busy account from taking all.
     */
    public static final ConnectionOption INTAKE_PER_SECOND = new ConnectionOption(
            "intake_per_second",
            "Events taken per second at most",
            "Webhooks above so many events a second, on average over ten seconds and on each node, are answered 429; what"
                    + " their sender does not repeat is found by looking for changes.",
            new Kind.WholeNumber(1, 1_000_000, 20_000));

    private static final String RECONCILE_EVERY_MINUTES = "reconcile_every_minutes";

    private static final int MINUTES_A_DAY = 1_440;

    private static final Account NOBODY = new Account("nobody", "", "", Map.of());

    private final Connections connections;
    private final Map<String, ConnectorPlugin> plugins = new HashMap<>();

    /** @throws IllegalArgumentException when a plug-in declares an option twice, or one that every connection has */
    public ConnectionOptions(Connections connections, List<ConnectorPlugin> plugins) {
        this.connections = requireNonNull(connections, "connections");
        for (var plugin : plugins) {
            var names = new HashSet<String>();
            for (var option : all(plugin, NOBODY)) {
                if (!names.add(option.name())) {
                    throw new IllegalArgumentException("plug-in " + plugin.id() + " declares a second option "
                            + option.name() + "; give it a name of its own");
                }
            }
            this.plugins.put(plugin.id(), plugin);
        }
    }

    /** How often contacts that changed are looked for; usually as often as the plug-in thinks right. */
    static ConnectionOption reconcileEveryMinutes(ConnectorPlugin plugin) {
        return new ConnectionOption(
                RECONCILE_EVERY_MINUTES,
                "Look for changes every minutes",
                "So often contacts are looked for that changed without a webhook.",
                new Kind.WholeNumber(
                        1, MINUTES_A_DAY, Math.clamp(plugin.reconcileEvery().toMinutes(), 1, MINUTES_A_DAY)));
    }

    private static List<ConnectionOption> all(ConnectorPlugin plugin, Account account) {
        var all = new ArrayList<>(
                List.of(REVERIFY_AFTER_DAYS, REVERIFY_PER_DAY, INTAKE_PER_SECOND, reconcileEveryMinutes(plugin)));
        all.addAll(plugin.options(account));
        return List.copyOf(all);
    }

    /** A number that every connection has. */
    static long number(Connection connection, ConnectionOption option) {
        return Long.parseLong(option.of(connection.account()));
    }

    /** The options a connection has, in the order to show them. None when its plug-in is gone. */
    public List<ConnectionOption> of(Connection connection) {
        var plugin = plugins.get(connection.plugin());
        return plugin == null ? List.of() : all(plugin, connection.account());
    }

    /** The values of all options of a connection, in the same order. */
    public Map<String, String> values(Connection connection) {
        var values = new LinkedHashMap<String, String>();
        of(connection).forEach(option -> values.put(option.name(), option.of(connection.account())));
        return values;
    }

    /**
     * Chooses options; those left out have their usual value again. Audited.
     *
     * @return false when the workspace has no such connection
     * @throws IllegalArgumentException when there is no such option, or it cannot have the value; the message names it and
     *     says what to do; nothing was changed
     */
    public boolean replace(By by, Connection connection, Map<String, String> chosen) {
        var known = of(connection).stream().collect(Collectors.toMap(ConnectionOption::name, option -> option));
        var values = new HashMap<String, String>();
        chosen.forEach((name, value) -> {
            var option = known.get(name);
            if (option == null) {
                throw new IllegalArgumentException("there is no option " + shown(name) + "; choose of "
                        + of(connection).stream().map(ConnectionOption::name).collect(Collectors.joining(", ")));
            }
            values.put(name, option.checked(value));
        });
        return connections.setOptions(by, connection.id(), values);
    }

    /** As {@link #replace}, but those left out stay as they are, and an empty value stands for the usual one. */
    public boolean change(By by, Connection connection, Map<String, String> changed) {
        var chosen = new HashMap<>(connection.account().options());
        chosen.keySet()
                .removeIf(name -> of(connection).stream()
                        .noneMatch(option -> option.name().equals(name)));
        chosen.putAll(changed);
        changed.forEach((name, value) -> {
            if (value.isEmpty()
                    && of(connection).stream().anyMatch(option -> option.name().equals(name))) {
                chosen.remove(name);
            }
        });
        return replace(by, connection, chosen);
    }

    /** Names come from outside: short and printable is what is said again. */
    private static String shown(String name) {
        var clean = name.replaceAll("[^\\x20-\\x7e]", "?");
        return clean.length() > 64 ? clean.substring(0, 64) + "..." : clean;
    }
}
