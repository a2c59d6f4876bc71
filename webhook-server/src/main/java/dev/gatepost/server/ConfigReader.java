package dev.gatepost.server;

import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.Setting.Kind;
import dev.gatepost.dns.NameServers;
import dev.gatepost.egress.AddressRange;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.Purpose;
import dev.gatepost.egress.SourceAddresses;
import dev.gatepost.egress.UrlRules;
import dev.gatepost.intake.RetentionTerms;
import dev.gatepost.intake.WithoutCredits;
import dev.gatepost.lists.ListFolder;
import dev.gatepost.lists.ListSource;
import dev.gatepost.lists.ShippedList;
import dev.gatepost.smtp.HostLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Reads the configuration from environment and file, and names every mistake at once. Used once, by one thread. */
public final class ConfigReader {

    /** A verification answers for a day. */
    private static final int RESULTS_DAYS_MIN = 2;

    /** At least two labels, as every public name has. */
    private static final Pattern HOST_NAME = Pattern.compile("[a-z0-9-]{1,63}(\\.[a-z0-9-]{1,63}){1,20}");

    private final Map<String, String> environment;
    private final Map<String, String> plugins = new LinkedHashMap<>();
    private final List<String> secretPresets = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();
    private final Given given;
    private Path data = Path.of(".");

    /**
     * @param environment only the names that begin with {@code GATEPOST_} are looked at
     * @param plugins whose settings may be preset as {@code GATEPOST_<ID>_<NAME>}, secrets also by file
     */
    public ConfigReader(Map<String, String> environment, List<ConnectorPlugin> plugins) {
        this.environment = environment;
        this.given = new Given(environment, mistakes);
        for (var plugin : plugins) {
            for (var setting : plugin.settings()) {
                var key = presetKey(plugin.id(), setting.name());
                this.plugins.put(key, plugin.id() + "." + setting.name());
                if (setting.kind() == Kind.SECRET) {
                    secretPresets.add(key);
                }
            }
        }
    }

    /** The environment variable that presets one setting of a plug-in. */
    static String presetKey(String plugin, String setting) {
        return ("GATEPOST_" + plugin + "_" + setting).toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Reads; touches only the data folder's {@code gatepost.properties} and the files that {@code _FILE} keys name. */
    public Configured read() {
        data = Path.of(environment.getOrDefault(Setting.DATA.key(), Setting.DATA.defaultValue()))
                .toAbsolutePath()
                .normalize();
        given.takeFile(data.resolve("gatepost.properties"));
        given.takeEnvironment();
        given.refuseUnknownKeys(plugins.keySet(), secretPresets);
        var presets = new HashMap<String, String>();
        plugins.forEach((key, name) -> {
            var value = secretPresets.contains(key) ? given.secret(key, "") : given.raw(key);
            if (!value.isEmpty()) {
                presets.put(name, value);
            }
        });
        mistakes.addAll(new ListFolder(data).mistakes());
        checkProviders();
        var egress = egress();
        var config = new Config(
                data,
                given.secret(Setting.DATABASE_URL.key(), Setting.DATABASE_URL.defaultValue()),
                masterKey(),
                new Config.Listen(host(), given.port(Setting.PORT, 0), url(), proxies()),
                smtp(egress),
                nameServers(),
                egress,
                zapierHosts(),
                lists(egress),
                retention(),
                WithoutCredits.valueOf(given.choice(Setting.WITHOUT_CREDITS, List.of("wait", "discard"))
                        .toUpperCase(Locale.ROOT)),
                Config.Log.valueOf(
                        given.choice(Setting.LOG, List.of("text", "json")).toUpperCase(Locale.ROOT)),
                presets);
        given.choice(Setting.AOT, List.of("on", "off"));
        return mistakes.isEmpty() ? new Configured.Ready(config) : new Configured.Wrong(mistakes);
    }

    /** The key's file is left to the store, which also looks at who may read it. */
    private Config.KeySource masterKey() {
        var file = given.raw(Setting.MASTER_KEY.key() + Given.FILE_SUFFIX);
        var text = given.value(Setting.MASTER_KEY);
        if (!file.isEmpty() && !text.isEmpty()) {
            mistakes.add("GATEPOST_MASTER_KEY and GATEPOST_MASTER_KEY_FILE are both set; give one");
        }
        if (!file.isEmpty()) {
            return new Config.KeySource.File(Path.of(file).toAbsolutePath());
        }
        return text.isEmpty() ? new Config.KeySource.InDataFolder() : new Config.KeySource.Text(text);
    }

    private String host() {
        var host = given.value(Setting.HOST);
        if (!host.matches("[0-9a-fA-F.:]{2,45}") && !host.equals("localhost")) {
            mistakes.add(Setting.HOST.key()
                    + " must be an IP address to listen on, such as 127.0.0.1 or 0.0.0.0; it is " + host);
        }
        return host;
    }

    private List<AddressRange> proxies() {
        var ranges = new ArrayList<AddressRange>();
        for (var text : given.value(Setting.TRUSTED_PROXIES).split(",", -1)) {
            if (!text.isBlank()) {
                try {
                    ranges.add(AddressRange.parse(text.strip()));
                } catch (IllegalArgumentException e) {
                    mistakes.add(Setting.TRUSTED_PROXIES.key() + " must be addresses or ranges such as 10.0.0.0/8: "
                            + e.getMessage());
                }
            }
        }
        return ranges;
    }

    private String url() {
        var text = given.value(Setting.PUBLIC_URL);
        if (text.isEmpty() || text.matches("https?://[A-Za-z0-9.\\-\\[\\]:]+(/[A-Za-z0-9._~\\-/]*)?")) {
            return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        }
        mistakes.add(Setting.PUBLIC_URL.key() + " must begin with https:// or http:// and have a host and nothing"
                + " behind the path; it is " + text);
        return "";
    }

    private Config.Smtp smtp(EgressRules egress) {
        var helo = given.value(Setting.SMTP_HELO);
        if (!helo.isEmpty() && !helo.matches("[A-Za-z0-9.\\-]{1,253}|\\[[0-9a-zA-Z.:]{3,45}]")) {
            mistakes.add(Setting.SMTP_HELO.key() + " must be a host name; it is " + helo);
        }
        var from = given.value(Setting.SMTP_MAIL_FROM);
        if (!from.isEmpty() && !from.matches("[^\\s<>@]{1,64}@[^\\s<>@]{1,253}")) {
            mistakes.add(Setting.SMTP_MAIL_FROM.key() + " must be an email address; it is " + from);
        }
        return new Config.Smtp(
                helo,
                from,
                given.port(Setting.SMTP_PORT, 1),
                proxy(),
                source(),
                given.count(Setting.SMTP_CONNECTIONS_PER_GROUP),
                rate(egress),
                given.durations(Setting.SMTP_RECHECK));
    }

    private Proxy proxy() {
        try {
            return Proxy.parse(given.value(Setting.SMTP_SOCKS5));
        } catch (IllegalArgumentException e) {
            mistakes.add(Setting.SMTP_SOCKS5.key() + ": " + e.getMessage());
            return new Proxy.None();
        }
    }

    private SourceAddresses source() {
        var text = given.value(Setting.SMTP_SOURCE);
        var key = Setting.SMTP_SOURCE.key();
        if (!text.isEmpty() && !given.value(Setting.SMTP_SOCKS5).isEmpty()) {
            mistakes.add(key + " and " + Setting.SMTP_SOCKS5.key()
                    + " are both set; give one: behind a proxy mail hosts see the proxy's address");
            return SourceAddresses.ANY;
        }
        try {
            return SourceAddresses.parse(text);
        } catch (IllegalArgumentException e) {
            mistakes.add(key + ": " + e.getMessage());
            return SourceAddresses.ANY;
        }
    }

    private int rate(EgressRules egress) {
        if (!given.value(Setting.SMTP_RATE_PER_GROUP).isEmpty()) {
            return given.count(Setting.SMTP_RATE_PER_GROUP);
        }
        return egress.opens(Purpose.SMTP) ? Config.Smtp.NO_RATE : HostLimits.POLITE.addressesPerMinute();
    }

    private RetentionTerms retention() {
        return new RetentionTerms(
                given.days(Setting.RETENTION_BODIES, 1),
                given.days(Setting.RETENTION_DEDUPE, RetentionTerms.DEDUPE_DAYS_MIN),
                given.days(Setting.RETENTION_RESULTS, RESULTS_DAYS_MIN),
                given.days(Setting.RETENTION_AUDIT, RetentionTerms.AUDIT_DAYS_MIN));
    }

    private List<InetSocketAddress> nameServers() {
        var text = given.value(Setting.DNS_SERVERS);
        try {
            return text.isEmpty() ? List.of() : NameServers.parse(text);
        } catch (IllegalArgumentException e) {
            mistakes.add(Setting.DNS_SERVERS.key() + ": " + e.getMessage());
            return List.of();
        }
    }

    private EgressRules egress() {
        try {
            return EgressRules.parse(given.value(Setting.EGRESS_ALLOW));
        } catch (IllegalArgumentException e) {
            mistakes.add(Setting.EGRESS_ALLOW.key() + ": " + e.getMessage());
            return EgressRules.strict();
        }
    }

    private Set<String> zapierHosts() {
        var hosts = Arrays.stream(given.value(Setting.ZAPIER_HOSTS).split(",", -1))
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        if (!hosts.stream().allMatch(HOST_NAME.asMatchPredicate())) {
            mistakes.add(
                    Setting.ZAPIER_HOSTS.key() + " must be host names such as zapier.com, with commas between; it is "
                            + given.value(Setting.ZAPIER_HOSTS));
        }
        return hosts;
    }

    private void checkProviders() {
        try {
            var _ = ProviderFile.read(data);
        } catch (IllegalArgumentException e) {
            mistakes.add(String.valueOf(e.getMessage()));
        }
    }

    private Config.Lists lists(EgressRules egress) {
        var sources = new EnumMap<ShippedList, ListSource>(ShippedList.class);
        var key = Setting.LISTS_SOURCES.key();
        for (var part : given.value(Setting.LISTS_SOURCES).split(",", -1)) {
            if (part.isBlank()) {
                continue;
            }
            int equals = part.indexOf('=');
            var word = part.substring(0, Math.max(0, equals)).strip();
            var list = ShippedList.of(word);
            if (equals < 0 || list.isEmpty()) {
                mistakes.add(key + ": " + part.strip() + " must be a list's name, = and a URL or file; the lists are "
                        + Arrays.stream(ShippedList.values())
                                .map(ShippedList::word)
                                .collect(Collectors.joining(", ")));
            } else if (sources.containsKey(list.get())) {
                mistakes.add(key + " names two sources for " + word);
            } else {
                source(egress, part.substring(equals + 1).strip()).ifPresent(source -> sources.put(list.get(), source));
            }
        }
        return new Config.Lists(refresh(), sources);
    }

    private Optional<ListSource> source(EgressRules egress, String text) {
        if (!text.contains("://")) {
            return Optional.of(new ListSource.OfFile(Path.of(text).toAbsolutePath()));
        }
        return switch (egress.urlRules(Purpose.LISTS).check(text)) {
            case UrlRules.Acceptable(var url) -> Optional.of(new ListSource.OfUrl(url.toString()));
            case UrlRules.Objectionable(var _, var sentence) -> {
                mistakes.add(Setting.LISTS_SOURCES.key() + ": " + text + ": " + sentence);
                yield Optional.empty();
            }
        };
    }

    private Duration refresh() {
        var text = given.value(Setting.LISTS_REFRESH);
        if (text.equals("off")) {
            return Duration.ZERO;
        }
        if (text.matches("[1-9]\\d{0,5}[smh]")) {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        }
        mistakes.add(Setting.LISTS_REFRESH.key() + " must be a duration such as 24h, or off; it is " + text);
        return Duration.ZERO;
    }
}
