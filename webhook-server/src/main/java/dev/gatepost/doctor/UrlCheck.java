package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;

import dev.gatepost.server.Config;
import java.net.URI;
import java.util.List;

/** How CRMs call us. */
final class UrlCheck {

    private static final String CHECK = "public URL";

    private final String url;

    UrlCheck(Config.Listen listen) {
        this.url = listen.publicUrl();
    }

    List<Finding> findings() {
        return List.of(finding());
    }

    private Finding finding() {
        if (url.isEmpty()) {
            return mend(
                    CHECK,
                    "none is set, so no CRM can call this server",
                    "set GATEPOST_PUBLIC_URL to the https address that your proxy answers at");
        }
        var uri = URI.create(url);
        var host = String.valueOf(uri.getHost());
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
            return mend(
                    CHECK,
                    url + " leads every machine to itself",
                    "set GATEPOST_PUBLIC_URL to a name that others reach this server by");
        }
        return "https".equals(uri.getScheme())
                ? fine(CHECK, url)
                : mend(
                        CHECK,
                        url + " is not https: CRMs refuse it, and browsers forget the console's sign-in",
                        "put a TLS proxy in front and set GATEPOST_PUBLIC_URL to its https address");
    }
}
