package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;
import static dev.gatepost.doctor.Finding.unsure;

import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.smtp.Pause;
import dev.gatepost.workspace.Connection;
import java.util.ArrayList;
import java.util.List;

/** What only whoever holds the store can tell: the CRM connections, and the mail hosts that refuse us. */
public final class StoreChecks {

    private StoreChecks() {}

    /** Whether each CRM still lets us in; changes nothing. */
    public static List<Finding> connections(
            List<Connection> connections, List<ConnectorPlugin> plugins, ConnectorTools tools) {
        var findings = new ArrayList<Finding>();
        for (var connection : connections) {
            plugins.stream()
                    .filter(plugin -> plugin.id().equals(connection.plugin()))
                    .findFirst()
                    .ifPresentOrElse(
                            plugin -> findings.add(connection(connection, plugin, tools)),
                            () -> findings.add(mend(
                                    "CRM",
                                    connection.name() + ": there is no connector " + connection.plugin(),
                                    "put its jar back into the data folder's plugins/")));
        }
        return findings;
    }

    private static Finding connection(Connection connection, ConnectorPlugin plugin, ConnectorTools tools) {
        var check = "CRM";
        var name = connection.name();
        return switch (connection.state()) {
            case ACTIVE -> asked(name, plugin, plugin.connect(connection.account(), tools));
            case NEEDS_REAUTH, MISSING_SCOPE ->
                mend(
                        check,
                        name + " is held (" + connection.state().word() + "): " + connection.stateReason(),
                        anew(plugin));
            case PAUSED, DISCONNECTED ->
                fine(check, name + " is " + connection.state().word() + ", so it was not asked");
        };
    }

    private static Finding asked(String name, ConnectorPlugin plugin, Connector connector) {
        var check = "CRM";
        return switch (connector.check()) {
            case Checkup.Seen(var account, var _, var missing, var quota) ->
                missing.isEmpty()
                        ? fine(check, name + " lets us into account " + account + left(quota))
                        : mend(
                                check,
                                name + " lacks permissions: " + String.join(", ", missing),
                                "grant them, then " + anew(plugin));
            case Checkup.Refused(var _, var why) -> mend(check, name + " does not let us in: " + why, anew(plugin));
            case Checkup.RetryLater(var _, var why) ->
                unsure(check, name + " could not answer now: " + why, "try again");
        };
    }

    private static String left(Checkup.Quota quota) {
        return switch (quota) {
            case Checkup.Quota.Left(var left, var max, var per) ->
                "; " + left + " of " + max + " calls left in a " + per;
            case Checkup.Quota.NotTold _ -> "";
        };
    }

    private static String anew(ConnectorPlugin plugin) {
        return "connect it anew: gatepost connect " + plugin.id();
    }

    /** The mail hosts that are left alone for a while, since they refuse us. */
    public static List<Finding> pauses(List<Pause> pauses) {
        return pauses.isEmpty()
                ? List.of(fine("mail hosts", "none refuses us"))
                : pauses.stream()
                        .map(pause -> mend(
                                "mail hosts",
                                pause.group() + " refuses us (" + pause.cause().word() + ") and is left alone until "
                                        + pause.until()
                                        + (pause.lastReply().isEmpty() ? "" : "; it said: " + pause.lastReply()),
                                pause.mend()))
                        .toList();
    }
}
