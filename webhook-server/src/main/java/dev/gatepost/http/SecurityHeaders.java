package dev.gatepost.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;

/**
 * Puts the headers that every response carries on it (reliability: X7). At the connector, so that no route and no error
 * page can come without them; a route may replace {@code Cache-Control}.
 */
final class SecurityHeaders implements HttpConfiguration.Customizer {

    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                    + "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /** Two years, the least the browsers' preload lists ask for today (hstspreload.org, 2025). */
    private static final String TRANSPORT = "max-age=63072000";

    private final Transport transport;

    /** How the outside reaches us. */
    enum Transport {
        PLAIN,
        TLS
    }

    SecurityHeaders(Transport transport) {
        this.transport = transport;
    }

    @Override
    public Request customize(Request request, HttpFields.Mutable headers) {
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Content-Security-Policy", POLICY);
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cache-Control", "no-store");
        if (transport == Transport.TLS) {
            headers.put("Strict-Transport-Security", TRANSPORT);
        }
        return request;
    }
}
