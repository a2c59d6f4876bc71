package dev.gatepost.cli;

import dev.gatepost.connector.AppFolder;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Setting.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * {@code gatepost connect <crm>}: headless set-up of a connection. Its options are what the connector's plug-in asks for; a
 * secret comes from a file, from standard input ({@code -}) or from the environment, never from an argument.
 */
final class ConnectCommand implements Callable<Integer> {

    /** A secret file above this is something else. */
    private static final int SECRET_OCTETS_MAX = 64 * 1024;

    private static final String PROJECT = "--project";
    private static final String AUTH = "--auth";
    private static final String PUBLIC_URL = "--public-url";

    private final OrderVerb orders;
    private final ConnectorPlugin plugin;
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this);
    private final JsonOption json = new JsonOption();

    ConnectCommand(OrderVerb orders, ConnectorPlugin plugin) {
        this.orders = orders;
        this.plugin = plugin;
    }

    /** The verb's options, made from the plug-in's settings. */
    CommandSpec spec() {
        spec.name(plugin.id());
        spec.usageMessage()
                .description("Connects a " + plugin.label() + " account: checks the credentials, creates the fields,"
                        + " prints the webhook address.")
                .footer("", "Example:", "  gatepost connect " + plugin.id() + example());
        for (var setting : plugin.settings()) {
            spec.addOption(OptionSpec.builder(option(setting))
                    .type(String.class)
                    .paramLabel(isSecret(setting) ? "FILE" : "TEXT")
                    .description(setting.help()
                            + (isSecret(setting) ? " The file's path; - is standard input." : "")
                            + (setting.need() == Setting.Need.REQUIRED ? " Required." : ""))
                    .build());
        }
        plugin.appFolder().ifPresent(this::addFolderOptions);
        spec.addOption(OptionSpec.builder("--workspace")
                .type(String.class)
                .paramLabel("W")
                .description("whose connection it is; main (default)")
                .build());
        spec.addMixin("json", CommandSpec.forAnnotatedObject(json));
        return spec;
    }

    private void addFolderOptions(AppFolder folder) {
        spec.addOption(OptionSpec.builder(PROJECT)
                .type(String.class)
                .paramLabel("DIR")
                .description("Writes the app to upload to " + plugin.label()
                        + " into this new folder, and connects nothing.")
                .build());
        spec.addOption(OptionSpec.builder(AUTH)
                .type(String.class)
                .paramLabel("KIND")
                .description(
                        "With " + PROJECT + ": " + String.join(" or ", folder.kinds()) + "; the first unless given.")
                .build());
        spec.addOption(OptionSpec.builder(PUBLIC_URL)
                .type(String.class)
                .paramLabel("URL")
                .description("With " + PROJECT + ": how " + plugin.label()
                        + " will call Gatepost; the configured public address unless given.")
                .build());
    }

    @Override
    public Integer call() throws IOException {
        var folder = plugin.appFolder();
        if (folder.isPresent() && !given(PROJECT).isEmpty()) {
            return new AppFolderWriter(orders.terminal(), json)
                    .write(
                            folder.get(),
                            Path.of(given(PROJECT)),
                            given(AUTH),
                            given(PUBLIC_URL).isEmpty()
                                    ? orders.config().listen().publicUrl()
                                    : given(PUBLIC_URL));
        }
        var presets = orders.config().plugins();
        var arguments = new HashMap<String, String>();
        arguments.put("plugin", plugin.id());
        arguments.put("workspace", given("--workspace"));
        for (var setting : plugin.settings()) {
            var given = given(option(setting));
            var value = isSecret(setting) && !given.isEmpty() ? secret(option(setting), given) : given;
            var preset = presets.getOrDefault(plugin.id() + "." + setting.name(), "");
            var chosen = value.isEmpty() ? preset : value;
            if (chosen.isEmpty() && setting.need() == Setting.Need.REQUIRED) {
                throw Failure.wrongUse("missing_setting", option(setting) + " is missing. " + setting.help());
            }
            arguments.put("setting." + setting.name(), chosen);
        }
        return orders.run(new Order(Order.Verb.CONNECT, arguments), json);
    }

    private String given(String option) {
        String value = spec.findOption(option).getValue();
        return value == null ? "" : value;
    }

    private String secret(String option, String file) throws IOException {
        if (file.equals("-")) {
            var octets = orders.terminal().in().readNBytes(SECRET_OCTETS_MAX);
            return new String(octets, StandardCharsets.UTF_8).strip();
        }
        var path = Path.of(file);
        if (!Files.isReadable(path) || Files.size(path) > SECRET_OCTETS_MAX) {
            throw Failure.wrongUse("secret_unreadable", option + ": " + file + " is not a small file that can be read");
        }
        return Files.readString(path).strip();
    }

    private String example() {
        var text = new StringBuilder();
        for (var setting : plugin.settings()) {
            if (setting.need() == Setting.Need.REQUIRED) {
                text.append(' ')
                        .append(option(setting))
                        .append(' ')
                        .append(setting.name())
                        .append(".txt");
            }
        }
        return text.toString();
    }

    private static String option(Setting setting) {
        return "--" + setting.name() + (isSecret(setting) ? "-file" : "");
    }

    private static boolean isSecret(Setting setting) {
        return setting.kind() == Kind.SECRET;
    }
}
