package dev.gatepost.server;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.SandboxCrm;
import dev.gatepost.console.Access;
import dev.gatepost.console.ConsoleRoutes;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.SourceAddresses;
import dev.gatepost.http.CannotListen;
import dev.gatepost.intake.RetentionTerms;
import dev.gatepost.intake.Verifications;
import dev.gatepost.intake.WithoutCredits;
import dev.gatepost.ledger.Grant;
import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The whole product in a world of its own on loopback: name server, mail hosts and a CRM. Safe for any thread. */
public final class Demo implements AutoCloseable {

    /** Granted at the start; more than the contacts of the demo cost. */
    public static final long CREDITS = 100;

    /** More than the demo makes. */
    private static final int SHOWN_MAX = 1_000;

    /** Soon enough to see a greylisted contact corrected while one looks on. */
    private static final List<Duration> RECHECK = List.of(Duration.ofSeconds(10), Duration.ofSeconds(30));

    private final Path data;
    private final MailWorld mail;
    private final SandboxNameServer names;
    private final SandboxCrm crm;
    private final Product product;
    private final String crmLabel;

    /**
     * What the demo is made with.
     *
     * @param port for the page; 0, or when it is taken, is any free one
     * @param version of the product
     */
    public record Stage(
            List<ConnectorPlugin> plugins, int port, String version, InstantSource clock, SecureRandom random) {

        public Stage {
            plugins = List.copyOf(plugins);
        }
    }

    /** Starts everything, connects the CRM and grants credits; no contact exists yet. */
    public Demo(Stage stage) {
        var shown = firstWithSandbox(stage);
        this.crm = shown.sandbox();
        this.crmLabel = shown.plugin().label();
        this.mail = MailWorld.start(stage.clock());
        this.names = SandboxNameServer.start(mail.zone());
        try {
            this.data = Files.createTempDirectory("gatepost-demo");
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder can be made", e);
        }
        this.product = start(stage);
        product.books().credits().grant(Workspaces.MAIN, Grant.of("demo", CREDITS, "for the demo"));
        connect(shown.plugin());
    }

    /** On the port asked for, or on any free one when somebody else has it. */
    private Product start(Stage stage) {
        try {
            return Product.start(setup(stage, stage.port()));
        } catch (CannotListen _) {
            return Product.start(setup(stage, 0));
        }
    }

    private Product.Setup setup(Stage stage, int port) {
        return new Product.Setup(
                config(port),
                stage.plugins(),
                _ -> new Access.OpenOnLoopback(),
                new ConsoleRoutes.About(stage.version(), "sandbox", false),
                stage.clock(),
                stage.random());
    }

    private record Shown(ConnectorPlugin plugin, SandboxCrm sandbox) {}

    private static Shown firstWithSandbox(Stage stage) {
        return stage.plugins().stream()
                .sorted(Comparator.comparingInt(ConnectorPlugin::demoRank))
                .flatMap(plugin -> plugin.startSandbox(stage.clock()).map(crm -> new Shown(plugin, crm)).stream())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no connector with a sandbox in the jar"));
    }

    /** Everything of the sandbox is opened by name and port, and nothing else. */
    private Config config(int port) {
        return new Config(
                data,
                "",
                new Config.KeySource.InDataFolder(),
                new Config.Listen("127.0.0.1", port, ""),
                new Config.Smtp(
                        "gatepost.sandbox-mail.com",
                        "probe@gatepost.sandbox-mail.com",
                        mail.smtpPort(),
                        new Proxy.None(),
                        SourceAddresses.ANY,
                        2,
                        120,
                        RECHECK),
                List.of(names.address()),
                EgressRules.parse("smtp=127.77.0.0/16:" + mail.smtpPort() + ",crm=127.0.0.1/32:" + crm.port()),
                Set.of(Setting.ZAPIER_HOSTS.defaultValue()),
                Config.Lists.NONE,
                RetentionTerms.USUAL,
                WithoutCredits.WAIT,
                Config.Log.TEXT,
                Map.of());
    }

    private void connect(ConnectorPlugin plugin) {
        var trial = plugin.connect(new Account("trial", "", "", crm.settings()), product.tools());
        switch (trial.install()) {
            case Installed.Ready ready -> {
                var connection = product.books()
                        .connections()
                        .save(
                                plugin,
                                new ConnectionDraft(
                                        Workspaces.MAIN, ready.account(), "Sandbox", ready.with(crm.settings())));
                crm.sendWebhooksTo(
                        product.publicUrl() + "/hooks/" + plugin.id() + "/" + plugin.hookPath(connection.account()));
            }
            case Installed other -> throw new IllegalStateException("the sandbox cannot be connected: " + other);
        }
    }

    /** The running product. */
    public Product product() {
        return product;
    }

    /** The name of the CRM for people. */
    public String crmLabel() {
        return crmLabel;
    }

    /** Calls {@code listener} with the id of each contact that came back into the CRM, in the CRM's thread. */
    public void onWrite(Consumer<String> listener) {
        crm.onWrite(listener);
    }

    /** Creates a contact in the CRM, which announces it to the product. Returns its id. */
    public String create(String email) {
        return crm.createContact(email, Map.of());
    }

    /** One of our fields on the contact's record in the CRM; empty when it is not set. */
    public String field(String contactId, String name) {
        return crm.contact(contactId)
                .map(properties -> properties.getOrDefault(Product.FIELD_PREFIX + name, ""))
                .orElse("");
    }

    /** What the product stored for a contact. */
    public Optional<Verifications.Row> stored(String contactId) {
        return product.books()
                .database()
                .read(handle -> product.pipeline().verifications().latest(handle, Workspaces.MAIN, SHOWN_MAX).stream()
                        .filter(row -> contactId.equals(row.objectId()))
                        .findFirst());
    }

    @Override
    public void close() {
        product.close();
        crm.close();
        names.close();
        mail.close();
        try (var files = Files.walk(data)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary folder " + data + " could not be removed", e);
        }
    }
}
