package dev.gatepost.smtp;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;

/** Who runs a mail host, by its name; from the table {@code providers.csv}. Safe for any thread. */
public final class ProviderTable {
    /** Recipients in one session at a host nobody described; RFC 5321, section 4.5.3.1.8 asks hosts to take 100. */
    private static final int RCPT_MAX_UNKNOWN = 100;

    /** Names whose provider is remembered; a bulk list meets few thousand distinct mail hosts at a time. */
    private static final int NAMES_MAX = 50_000;

    private static final List<Row> ROWS = ResourceTable.rows("providers.csv", 10).stream()
            .map(ProviderTable::row)
            .toList();

    private static final Set<String> NAMES =
            ROWS.stream().map(row -> row.provider().name()).collect(Collectors.toUnmodifiableSet());

    private static final LoadingCache<String, Provider> BY_NAME =
            Caffeine.newBuilder().maximumSize(NAMES_MAX).build(ProviderTable::find);

    /** {@code pieces} of a host name in order, with anything between. */
    private record Row(List<String> pieces, Provider provider) {
        boolean covers(String host) {
            if (pieces.size() == 1) {
                return host.equals(pieces.getFirst());
            }
            int at = pieces.getFirst().length();
            for (var piece : pieces.subList(1, pieces.size() - 1)) {
                int found = host.indexOf(piece, at);
                if (found < 0) {
                    return false;
                }
                at = found + piece.length();
            }
            return host.startsWith(pieces.getFirst())
                    && host.endsWith(pieces.getLast())
                    && host.length() - pieces.getLast().length() >= at;
        }
    }

    private ProviderTable() {}

    private static Row row(List<String> fields) {
        var provider = new Provider(
                fields.get(1),
                fields.get(2),
                Trust.valueOf(fields.get(3).toUpperCase(Locale.ROOT)),
                Trust.valueOf(fields.get(4).toUpperCase(Locale.ROOT)),
                fields.get(5).equals("yes"),
                Integer.parseInt(fields.get(6)),
                Integer.parseInt(fields.get(7)),
                Integer.parseInt(fields.get(8)));
        return new Row(List.of(fields.getFirst().split("\\*", -1)), provider);
    }

    /** The names that providers have in evidence and rules. */
    public static Set<String> names() {
        return NAMES;
    }

    /**
     * The provider of a mail host; for an unknown one a nameless entry whose group is the name's registrable domain.
     *
     * @param mxHostName host name, lower case, without trailing dot
     */
    public static Provider of(String mxHostName) {
        return BY_NAME.get(mxHostName);
    }

    private static Provider find(String host) {
        return ROWS.stream()
                .filter(row -> row.covers(host))
                .findFirst()
                .map(Row::provider)
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
                HostLimits.POLITE.addressesPerDay());
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
