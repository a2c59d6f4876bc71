package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Connector;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionState;
import dev.gatepost.workspace.Connections;
import java.util.function.Consumer;
import java.util.function.Function;

/** Pauses, resumes and disconnects connections, by a person's will. Safe for any thread. */
public final class ConnectionSwitch {
    private final Connections connections;
    private final Backfills backfills;
    private final Function<Connection, Connector> connectors;
    private final Consumer<String> released;

    ConnectionSwitch(
            Connections connections,
            Backfills backfills,
            Function<Connection, Connector> connectors,
            Consumer<String> released) {
        this.connections = requireNonNull(connections, "connections");
        this.backfills = requireNonNull(backfills, "backfills");
        this.connectors = requireNonNull(connectors, "connectors");
        this.released = requireNonNull(released, "released");
    }

    /** Webhooks are still taken; their events are held until it is resumed. False when it is no active connection. */
    public boolean pause(Connection connection, By by) {
        return connection.isActive() && connections.setState(by, connection.id(), ConnectionState.PAUSED);
    }

    /** Goes on, with what was held meanwhile. False when it is not paused. */
    public boolean resume(Connection connection, By by) {
        if (connection.state() != ConnectionState.PAUSED
                || !connections.setState(by, connection.id(), ConnectionState.ACTIVE)) {
            return false;
        }
        released.accept(connection.id());
        return true;
    }

    /**
     * Takes us out of the CRM account, and ends what runs for it; its history stays. To come back, connect it again. False
     * when it is disconnected already.
     */
    public boolean disconnect(Connection connection, By by) {
        if (!connections.setState(by, connection.id(), ConnectionState.DISCONNECTED)) {
            return false;
        }
        backfills.cancelAllOf(connection.id());
        connectors.apply(connection).leave();
        return true;
    }
}
