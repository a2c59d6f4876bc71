package dev.gatepost.server;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.AddressRange;
import dev.gatepost.egress.Dialer;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.EgressRules;
import dev.gatepost.egress.SourceAddresses;
import dev.gatepost.intake.RetentionTerms;
import dev.gatepost.intake.WithoutCredits;
import dev.gatepost.lists.ListSource;
import dev.gatepost.lists.ShippedList;
import dev.gatepost.smtp.HostLimits;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The product's configuration, checked.
 *
 * @param data the data folder, absolute
 * @param databaseUrl empty is SQLite in the data folder; may hold a password
 * @param masterKey the master key
 * @param listen where we listen and how we are called
 * @param smtp how mail hosts are asked
 * @param dnsServers empty is the system's
 * @param egress the rules with the destinations opened for labs
 * @param zapierHosts lower-case host names at and below which Zaps may be called
 * @param lists where newer editions of the reference lists come from
 * @param retention how long things are kept
 * @param withoutCredits what becomes of a CRM's events while there are no credits
 * @param log how log lines look
 * @param plugins presets of the plug-ins' settings by {@code plugin.setting}, for example {@code acme.api}; some
 *     are secrets
 */
public record Config(
        Path data,
        String databaseUrl,
        KeySource masterKey,
        Listen listen,
        Smtp smtp,
        List<InetSocketAddress> dnsServers,
        EgressRules egress,
        Set<String> zapierHosts,
        Lists lists,
        RetentionTerms retention,
        WithoutCredits withoutCredits,
        Log log,
        Map<String, String> plugins) {

    public Config {
        requireNonNull(data, "data");
        requireNonNull(databaseUrl, "databaseUrl");
        requireNonNull(masterKey, "masterKey");
        requireNonNull(listen, "listen");
        requireNonNull(smtp, "smtp");
        dnsServers = List.copyOf(dnsServers);
        requireNonNull(egress, "egress");
        zapierHosts = Set.copyOf(zapierHosts);
        requireNonNull(lists, "lists");
        requireNonNull(retention, "retention");
        requireNonNull(withoutCredits, "withoutCredits");
        requireNonNull(log, "log");
        plugins = Map.copyOf(plugins);
    }

    /** Where the master key comes from. */
    public sealed interface KeySource {

        /** Nothing is configured: the data folder's own, made at a first start on loopback. */
        record InDataFolder() implements KeySource {}

        record File(Path path) implements KeySource {}

        /** The key itself, 32 bytes in base64. */
        record Text(String base64) implements KeySource {

            @Override
            public String toString() {
                return "Text[redacted]";
            }
        }
    }

    /**
     * Where we listen and how we are called.
     *
     * @param host address to bind
     * @param port 0-65535; 0 is any free one
     * @param publicUrl without trailing slash; empty is {@code http://host:port}
     * @param proxies whose word about a client's address is believed
     */
    public record Listen(String host, int port, String publicUrl, List<AddressRange> proxies) {

        public Listen {
            proxies = List.copyOf(proxies);
        }

        /** Without proxies. */
        public Listen(String host, int port, String publicUrl) {
            this(host, port, publicUrl, List.of());
        }

        /** The URL others call us by, given the port that was bound in the end. */
        public String urlWith(int boundPort) {
            return publicUrl.isEmpty() ? "http://" + inUrl(host) + ":" + boundPort : publicUrl;
        }

        /** Whether only this machine can reach us. */
        public boolean isLoopbackOnly() {
            return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
        }

        private static String inUrl(String host) {
            return switch (host) {
                case "0.0.0.0", "::" -> "127.0.0.1";
                default -> host.contains(":") ? "[" + host + "]" : host;
            };
        }

        /** Whether a proxy or we speak TLS to the outside. */
        public boolean isTls() {
            return !publicUrl.isEmpty() && "https".equals(URI.create(publicUrl).getScheme());
        }
    }

    /**
     * How mail hosts are asked.
     *
     * @param helo our host name; probing is off while it or {@code mailFrom} is empty
     * @param mailFrom sender address of probes
     * @param port the mail hosts' port
     * @param proxy the way to mail hosts
     * @param source the addresses of ours that mail hosts see
     * @param connectionsPerGroup connections at a time to one group of mail hosts
     * @param ratePerGroup addresses a minute at one group of mail hosts, {@link #NO_RATE} for as many as they take
     * @param recheck waits before asking again, counted from the answer before
     */
    public record Smtp(
            String helo,
            String mailFrom,
            int port,
            Proxy proxy,
            SourceAddresses source,
            int connectionsPerGroup,
            int ratePerGroup,
            List<Duration> recheck) {

        /** More addresses a minute than can be asked about. */
        static final int NO_RATE = 1_000_000;

        public Smtp {
            recheck = List.copyOf(recheck);
        }

        /** The limits that follow; a rate of one's own lifts the limit for a day as well, which is there for strangers. */
        HostLimits limits() {
            var polite = HostLimits.POLITE;
            var perDay = ratePerGroup == polite.addressesPerMinute() ? polite.addressesPerDay() : Integer.MAX_VALUE;
            return new HostLimits(
                    connectionsPerGroup,
                    Math.max(2 * connectionsPerGroup, polite.sessionsMax()),
                    ratePerGroup,
                    perDay,
                    Math.max(polite.sessionsInAll(), 2 * connectionsPerGroup));
        }

        /** How mail hosts are dialled; what may be dialled is judged by {@code egress} all the same. */
        public Dialer dialer(Egress egress) {
            return proxy.dialer(egress);
        }

        /** Whether mail hosts see this machine itself, and no proxy. */
        public boolean isDirect() {
            return proxy instanceof Proxy.None;
        }

        /** Whether mail hosts are asked at all. */
        public boolean isOn() {
            return !helo.isEmpty() && !mailFrom.isEmpty();
        }
    }

    /**
     * Where newer editions of the reference lists come from.
     *
     * @param every how often a running server asks; zero: never
     * @param sources by list
     */
    public record Lists(Duration every, Map<ShippedList, ListSource> sources) {

        /** Nobody is asked. */
        public static final Lists NONE = new Lists(Duration.ZERO, Map.of());

        public Lists {
            requireNonNull(every, "every");
            sources = Map.copyOf(sources);
        }
    }

    /** How log lines look. */
    public enum Log {
        TEXT,
        JSON
    }

    /** Without the values that may be secret. */
    @Override
    public String toString() {
        return "Config[data=" + data + ", databaseUrl=" + (databaseUrl.isEmpty() ? "" : "redacted") + ", masterKey="
                + masterKey + ", " + listen + ", " + smtp + ", dnsServers=" + dnsServers + ", egress="
                + egress.allowances() + ", " + lists + ", log=" + log + ", plugins=" + plugins.keySet() + "]";
    }
}
