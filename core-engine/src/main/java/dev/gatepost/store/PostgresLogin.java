package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Where a PostgreSQL database is and who we are there.
 *
 * @param jdbcUrl for the driver, without user and password unless they came as its parameters
 * @param user empty when the driver is to find it
 * @param password empty when there is none
 */
public record PostgresLogin(String jdbcUrl, String user, String password) {
    private static final String JDBC = "jdbc:postgresql:";
    private static final Set<String> SCHEMES = Set.of("postgres", "postgresql");

    public PostgresLogin {
        requireNonNull(jdbcUrl, "jdbcUrl");
        requireNonNull(user, "user");
        requireNonNull(password, "password");
    }

    /**
     * Reads {@code postgresql://user:password@host:port/database?parameters} (also {@code postgres://}), as PostgreSQL's own
     * tools write it, or a driver's {@code jdbc:postgresql:} address.
     *
     * @throws StoreUnusable when it is neither; the message does not repeat it, since it may hold a password
     */
    public static PostgresLogin parse(String url) {
        if (url.startsWith(JDBC)) {
            return new PostgresLogin(url, "", "");
        }
        try {
            var uri = new URI(url);
            if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme()) || uri.getHost() == null) {
                throw unreadable();
            }
            var userInfo = uri.getRawUserInfo() == null ? "" : uri.getRawUserInfo();
            var colon = userInfo.indexOf(':');
            var port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
            var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return new PostgresLogin(
                    JDBC + "//" + uri.getHost() + port + uri.getRawPath() + query,
                    decoded(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                    colon < 0 ? "" : decoded(userInfo.substring(colon + 1)));
        } catch (URISyntaxException e) {
            throw unreadable();
        }
    }

    /** Percent escapes only; a plus sign is itself here. */
    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static StoreUnusable unreadable() {
        return new StoreUnusable(
                "database_url_wrong",
                "The database URL cannot be read; it looks like postgresql://user:password@host:5432/database.");
    }

    /** Without anything that may hold a password. */
    @Override
    public String toString() {
        return "PostgresLogin[" + user + "]";
    }
}
