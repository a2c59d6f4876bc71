package dev.gatepost.smtp;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;

/**
 * Who runs a mail host, by its name: the shipped table {@code providers.csv}, and before it the rows of the operator's own
 * file. The first row that covers a name counts. Safe for any thread.
 */
public final class ProviderTable {
    /** Recipients in one session at a host nobody described; RFC 5321, section 4.5.3.1.8 asks hosts to take 100. */
    private static final int RCPT_MAX_UNKNOWN = 100;

    /** Names whose provider is remembered; a bulk list meets few thousand distinct mail hosts at a time. */
    private static final int NAMES_MAX = 50_000;

    private static final ProviderRows SHIPPED_ROWS = ProviderRows.shipped();

    private static final Set<String> NAMES =
            SHIPPED_ROWS.rows().stream().map(row -> row.provider().name()).collect(Collectors.toUnmodifiableSet());

    private static final ProviderTable SHIPPED = new ProviderTable(SHIPPED_ROWS.rows(), 0);

    private final List<ProviderRows.Row> rows;
    private final int ownRows;
    private final LoadingCache<String, Provider> byName;

    private ProviderTable(List<ProviderRows.Row> rows, int ownRows) {
        this.rows = List.copyOf(rows);
        this.ownRows = ownRows;
        this.byName = Caffeine.newBuilder().maximumSize(NAMES_MAX).build(this::find);
    }

    /** The table that comes with the program. */
    public static ProviderTable shipped() {
        return SHIPPED;
    }

    /**
     * The shipped table behind rows of the operator's.
     *
     * @param name what the rows are called in evidence and in mistakes, for example {@code providers.csv}
     * @param text rows in the form of the shipped table
     * @throws IllegalArgumentException when rows are wrong; the message names each with line and column
     */
    public static ProviderTable withOwn(String name, String text) {
        var own = ProviderRows.parse(name, text);
        var rows = new ArrayList<>(own.rows());
        rows.addAll(SHIPPED_ROWS.rows());
        return new ProviderTable(rows, own.rows().size());
    }

    /** The shipped table's version, a day. */
    public static String version() {
        return SHIPPED_ROWS.version();
    }

    /** The names that the shipped table's providers have in evidence and rules. */
    public static Set<String> names() {
        return NAMES;
    }

    /** Rows in all. */
    public int size() {
        return rows.size();
    }

    /** Rows of the operator's among them. */
    public int ownRows() {
        return ownRows;
    }

    /**
     * The provider of a mail host; for an unknown one a nameless entry whose group is the name's registrable domain.
     *
     * @param mxHostName host name, lower case, without trailing dot
     */
    public Provider of(String mxHostName) {
        return byName.get(mxHostName);
    }

    private Provider find(String host) {
        return rows.stream()
                .filter(row -> row.covers(host))
                .findFirst()
                .map(ProviderRows.Row::provider)
                .orElseGet(() -> unknown(host));
    }

    private static Provider unknown(String host) {
        return new Provider(
                "",
                registrable(host),
                Trust.MEDIUM,
                Trust.MEDIUM,
                true,
                RCPT_MAX_UNKNOWN,
                HostLimits.POLITE.addressesPerMinute(),
                HostLimits.POLITE.addressesPerDay(),
                "");
    }

    /** One organisation's name by the public suffix list; the host itself where it is no public name. */
    private static String registrable(String host) {
        try {
            var domain = new HttpUrl.Builder().scheme("http").host(host).build().topPrivateDomain();
            return domain == null ? host : domain;
        } catch (IllegalArgumentException _) {
            return host;
        }
    }
}
