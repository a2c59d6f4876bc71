package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Connector;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionState;
import dev.gatepost.workspace.Connections;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** Pauses, resumes and disconnects connections, by a person's will. Safe for any thread. */
public final class ConnectionSwitch {
    private final Connections connections;
    private final Database database;
    private final InstantSource clock;
    private final Function<Connection, Connector> connectors;
    private final Consumer<String> released;
    private final Consumer<String> left;

    /**
     * @param connectors the connector that a connection is worked with
     * @param released told of a connection that goes on
     * @param left told of a connection that has ended
     */
    ConnectionSwitch(
            Books books, Function<Connection, Connector> connectors, Consumer<String> released, Consumer<String> left) {
        this.database = books.database();
        this.connections = books.connections();
        this.clock = books.clock();
        this.connectors = requireNonNull(connectors, "connectors");
        this.released = requireNonNull(released, "released");
        this.left = requireNonNull(left, "left");
    }

    /** A switch for where nothing runs: what it lets go is found at the next start. */
    public static ConnectionSwitch atRest(Books books, Function<Connection, Connector> connectors) {
        return new ConnectionSwitch(books, connectors, _ -> {}, _ -> {});
    }

    /**
     * Where it stands who is connected.
     *
     * @param database the store
     * @param clock gives the time of a change
     */
    public record Books(Database database, Connections connections, InstantSource clock) {
        public Books {
            requireNonNull(database, "database");
            requireNonNull(connections, "connections");
            requireNonNull(clock, "clock");
        }
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
     * Ends what runs for a connection, then takes us out of the CRM account, then erases its tokens and secrets; its history
     * stays. To come back, connect it again with credentials. What a crash leaves of them is erased at the next start.
     *
     * @return one sentence for each thing taken out, or that must be by hand; empty when it is disconnected already
     */
    public Optional<List<String>> disconnect(Connection connection, By by) {
        if (!connections.setState(by, connection.id(), ConnectionState.DISCONNECTED)) {
            return Optional.empty();
        }
        database.write(handle -> {
            Backfills.cancelAllOf(handle, connection.id(), clock.instant());
            return true;
        });
        List<String> done = new ArrayList<>();
        try {
            done.addAll(leave(connection));
        } finally {
            connections.forgetSecrets();
            left.accept(connection.id());
        }
        done.add("erased the credentials we had");
        return Optional.of(List.copyOf(done));
    }

    private List<String> leave(Connection connection) {
        try {
            return connectors.apply(connection).leave();
        } catch (IllegalArgumentException unusable) {
            return List.of("could not ask the CRM to take us out: " + unusable.getMessage());
        }
    }
}
