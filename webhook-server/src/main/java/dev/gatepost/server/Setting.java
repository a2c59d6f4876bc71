package dev.gatepost.server;

import static dev.gatepost.server.Setting.Kind.CHOICE;
import static dev.gatepost.server.Setting.Kind.COUNT;
import static dev.gatepost.server.Setting.Kind.DURATIONS;
import static dev.gatepost.server.Setting.Kind.SECRET;
import static dev.gatepost.server.Setting.Kind.TEXT;
import static dev.gatepost.server.Setting.Kind.URL;

import java.util.Locale;

/**
 * One thing an operator can configure. The environment variable is {@link #key()}; the same name in lower case with dots
 * works in {@code gatepost.properties}. {@code docs/configuration.md} lists all of them and is held to this table by a
 * test.
 */
public enum Setting {
    DATA(
            "./data",
            "folder",
            TEXT,
            "Where everything is kept. Only in the environment, since gatepost.properties lies in this folder."),
    DATABASE_URL("", "JDBC URL", SECRET, "A PostgreSQL database; empty is SQLite in the data folder."),
    HOST(
            "127.0.0.1",
            "IP address",
            TEXT,
            "The address to listen on. The default is reachable from this machine only; set 0.0.0.0 when a reverse proxy"
                    + " or a container needs more."),
    PORT("8080", "TCP port", Kind.PORT, "The port to listen on; 0 takes a free one."),
    PUBLIC_URL(
            "",
            "URL",
            URL,
            "How the outside world calls this server, without a trailing slash. CRMs sign it, so it must be exact. Empty"
                    + " is http:// with the address and port listened on."),
    TRUSTED_PROXIES(
            "",
            "addresses or ranges, comma separated",
            TEXT,
            "Reverse proxies whose X-Forwarded-For is believed, for example 127.0.0.1,10.0.0.0/8. Without it every client of"
                    + " a proxy looks like the proxy: to the waits after failed sign-ins, to the ranges of keys and to the"
                    + " audit log."),
    MASTER_KEY(
            "",
            "32 bytes in base64",
            SECRET,
            "Encrypts the secrets in the database. A first start that listens on this machine only makes one in the data"
                    + " folder; `gatepost key create --master FILE` makes one anywhere."),
    SMTP_HELO(
            "",
            "host name",
            TEXT,
            "Who we say we are to mail hosts; should be the name that the PTR record of our address gives. SMTP probing"
                    + " is off until this and GATEPOST_SMTP_MAIL_FROM are set."),
    SMTP_MAIL_FROM("", "email address", TEXT, "The sender address of probes: a real mailbox of yours."),
    SMTP_PORT("25", "TCP port", Kind.PORT, "The mail hosts' port; another one only in labs."),
    SMTP_SOCKS5(
            "",
            "address:port",
            SECRET,
            "A SOCKS5 proxy through which mail hosts are reached, as address:port or user:password@address:port;"
                    + " empty is none."),
    SMTP_SOURCE(
            "",
            "IP addresses, comma separated",
            TEXT,
            "The address of this machine that mail hosts are to see: one IPv4, one IPv6, or one of each. Hosts of a family"
                    + " that is not given are not asked. Empty lets the system choose."),
    SMTP_CONNECTIONS_PER_GROUP("2", "connections", COUNT, "Connections at a time to one group of mail hosts."),
    SMTP_RATE_PER_GROUP(
            "",
            "addresses a minute",
            COUNT,
            "Addresses asked about at one group of mail hosts. Empty is 120, and no limit in a lab, where"
                    + " GATEPOST_EGRESS_ALLOW opens ranges for smtp: those hosts are your own."),
    SMTP_RECHECK(
            "1m,5m,15m,60m",
            "durations",
            DURATIONS,
            "When greylisted and deferred addresses are asked again, counted from the answer before."),
    DNS_SERVERS("", "host:port, comma separated", TEXT, "Name servers to ask; empty is the system's."),
    EGRESS_ALLOW(
            "",
            "purpose=range[:port], comma separated",
            TEXT,
            "Destinations opened for labs, for example smtp=127.0.0.0/8:2525; purposes smtp, dns, crm, hook,"
                    + " lists. Each is logged as a warning."),
    ZAPIER_HOSTS(
            "zapier.com",
            "host names, comma separated",
            TEXT,
            "Hosts, with all below them, where Zaps may be told and called back; add one for another automation service"
                    + " that works like Zapier."),
    LISTS_SOURCES(
            "",
            "list=URL or file, comma separated",
            TEXT,
            "Where newer editions of the reference lists come from, for example"
                    + " disposable=https://lists.example.net/disposable.txt; `gatepost lists` names the lists."),
    LISTS_REFRESH("24h", "duration or off", TEXT, "How often a running server asks those sources."),
    WITHOUT_CREDITS(
            "wait",
            "wait or discard",
            CHOICE,
            "What becomes of contacts that a CRM announces while their workspace has no credits: they wait for a grant, or"
                    + " are ignored, which the connection shows and a person can undo."),
    RETENTION_BODIES(
            "7",
            "days",
            COUNT,
            "How long webhook calls are kept as received, counted from the end of what they brought; 1 or more."),
    RETENTION_DEDUPE(
            "30",
            "days",
            COUNT,
            "How long events that have ended are kept, by which a CRM's repetitions are known; 10 or more."),
    RETENTION_RESULTS(
            "365",
            "days",
            COUNT,
            "How long verifications, the usage log, ended backfills and events that were given up are kept; 2 or more."),
    RETENTION_AUDIT("400", "days", COUNT, "How long the audit log is kept; 400 or more."),
    LOG("text", "text or json", CHOICE, "How log lines look. They go to standard error."),
    JVM_OPTIONS("", "options", TEXT, "Read by the launcher: more options for the JVM, split at spaces."),
    AOT("on", "on or off", CHOICE, "Read by the launcher: whether to make and use the ahead-of-time cache.");

    /** How a value is read and shown. */
    public enum Kind {
        TEXT,
        URL,
        PORT,
        COUNT,
        DURATIONS,
        CHOICE,
        /** Never printed; may also come from the file that the key with {@code _FILE} names. */
        SECRET
    }

    private final String defaultValue;
    private final String unit;
    private final Kind kind;
    private final String meaning;

    Setting(String defaultValue, String unit, Kind kind, String meaning) {
        this.defaultValue = defaultValue;
        this.unit = unit;
        this.kind = kind;
        this.meaning = meaning;
    }

    /** The environment variable. */
    public String key() {
        return "GATEPOST_" + name();
    }

    /** The name in {@code gatepost.properties}. */
    public String property() {
        return propertyOf(key());
    }

    /** Empty where nothing is set by default. */
    public String defaultValue() {
        return defaultValue;
    }

    /** What the value is counted in, or its form. */
    public String unit() {
        return unit;
    }

    public Kind kind() {
        return kind;
    }

    /** One or two sentences for the operator. */
    public String meaning() {
        return meaning;
    }

    /** Whether only the environment may set it. */
    boolean isEnvironmentOnly() {
        return this == DATA || this == JVM_OPTIONS || this == AOT;
    }

    static String propertyOf(String key) {
        return key.toLowerCase(Locale.ROOT).replace('_', '.');
    }
}
