package dev.gatepost.activecampaign;

import java.net.InetAddress;
import java.util.Locale;
import okhttp3.HttpUrl;

/**
 * The API URL of an account, as its Developer page shows it. Taken whole, never derived from an account's name: the host is
 * not the same for all. ActiveCampaign developer documentation, "Base URL".
 */
record AccountUrl(HttpUrl base) {
    private static final int URL_CHARS_MAX = 2_048;

    /**
     * Reads it with or without scheme, trailing slash and {@code /api/3}.
     *
     * @throws IllegalArgumentException when it cannot be one; the message says why
     */
    static AccountUrl of(String setting) {
        var text = setting.strip();
        if (text.isEmpty() || text.length() > URL_CHARS_MAX) {
            throw bad("is missing or too long; copy it from Settings, Developer in ActiveCampaign");
        }
        var url = HttpUrl.parse(text.contains("://") ? text : "https://" + text);
        if (url == null) {
            throw bad("is not a URL; copy it from Settings, Developer in ActiveCampaign");
        }
        if (!url.isHttps() && !isLoopback(url.host())) {
            throw bad("must begin with https://");
        }
        if (!url.username().isEmpty() || url.encodedFragment() != null || url.encodedQuery() != null) {
            throw bad("must have neither a user, a query nor a fragment");
        }
        var path = url.encodedPath().replaceFirst("/+$", "").replaceFirst("/api(/3)?$", "");
        return new AccountUrl(url.newBuilder().encodedPath(path + "/api/3/").build());
    }

    /** Names the account: its host, with port and path where they are not the usual ones. */
    String name() {
        var port = base.port() == HttpUrl.defaultPort(base.scheme()) ? "" : ":" + base.port();
        return base.host().toLowerCase(Locale.ROOT) + port + base.encodedPath().replaceFirst("/api/3/$", "");
    }

    boolean isLoopback() {
        return isLoopback(base.host());
    }

    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        try {
            return InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false; // a name, which is not asked about here
        }
    }

    private static IllegalArgumentException bad(String why) {
        return new IllegalArgumentException(ActiveCampaignPlugin.URL + " " + why);
    }
}
