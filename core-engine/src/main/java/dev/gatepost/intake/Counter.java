package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Answer;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Errand;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Reception;
import dev.gatepost.connector.Trial;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** What one plug-in's routes may ask of the product, for one visitor. */
final class Counter implements Reception {
    /** How long whoever asks is to wait while too much waits already, or the product stops. */
    private static final Duration FULL_WAIT = Duration.ofSeconds(30);

    private final Parts parts;
    private final ConnectorPlugin plugin;
    private final String visitor;
    private final By by;

    /**
     * What every counter shares.
     *
     * @param connector the one connector of a connection
     * @param mended told of each connection that got new settings
     */
    record Parts(
            PipelineParts pipeline,
            Intake intake,
            Errands errands,
            Tickets tickets,
            Function<Connection, Connector> connector,
            Consumer<String> mended) {}

    /**
     * @param visitor whom tickets are bound to; empty for CRMs
     * @param by who that is, and in which workspace
     */
    Counter(Parts parts, ConnectorPlugin plugin, String visitor, By by) {
        this.by = requireNonNull(by, "by");
        this.parts = requireNonNull(parts, "parts");
        this.plugin = requireNonNull(plugin, "plugin");
        this.visitor = requireNonNull(visitor, "visitor");
    }

    @Override
    public List<Account> accounts(String hookKey) {
        return parts.pipeline().connections().byHook(plugin.id(), hookKey).stream()
                .filter(connection -> !connection.isDisconnected())
                .map(Connection::account)
                .toList();
    }

    @Override
    public List<Account> accounts() {
        return parts.pipeline().connections().all().stream()
                .filter(connection -> connection.plugin().equals(plugin.id()) && !connection.isDisconnected())
                .map(Connection::account)
                .toList();
    }

    @Override
    public Optional<Connector> connector(String connectionId) {
        return own(connectionId).map(parts.connector());
    }

    @Override
    public Answer take(Delivery delivery, Reading reading) {
        return parts.intake().take(plugin, delivery, reading);
    }

    @Override
    public Errand.Answered verify(Errand errand) {
        return parts.intake().isOpen() ? parts.errands().verify(errand) : new Errand.Answered.Busy(FULL_WAIT);
    }

    @Override
    public List<Choice> workflows(String connectionId) {
        return own(connectionId).stream()
                .flatMap(connection -> parts.pipeline().choices().apply(connection.workspaceId()).stream())
                .map(workflow -> new Choice(workflow.id(), workflow.name()))
                .toList();
    }

    private Optional<Connection> own(String connectionId) {
        return parts.pipeline()
                .connections()
                .byId(connectionId)
                .filter(connection -> connection.plugin().equals(plugin.id()));
    }

    @Override
    public String ticket(String remembered, Duration life) {
        return parts.tickets().issue(visitor, remembered, life);
    }

    @Override
    public Optional<String> redeem(String ticket) {
        return parts.tickets().redeem(visitor, ticket);
    }

    @Override
    public Installed connect(Map<String, String> settings) {
        var installed = Trial.install(plugin, settings, tools());
        if (installed instanceof Installed.Ready ready) {
            var name = plugin.label() + " " + ready.account();
            var workspace = by.workspaceId().isEmpty() ? Workspaces.MAIN : by.workspaceId();
            var draft = new ConnectionDraft(workspace, ready.account(), name, ready.with(settings));
            parts.mended()
                    .accept(parts.pipeline()
                            .connections()
                            .save(by.in(workspace), plugin, draft)
                            .id());
        }
        return installed;
    }

    @Override
    public String publicUrl() {
        return parts.pipeline().publicUrl().get();
    }

    @Override
    public ConnectorTools tools() {
        return parts.pipeline().tools();
    }

    @Override
    public Instant now() {
        return parts.pipeline().clock().instant();
    }
}
