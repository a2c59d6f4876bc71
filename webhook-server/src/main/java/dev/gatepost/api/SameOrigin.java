package dev.gatepost.api;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.function.Supplier;

/** Refuses what another site lets a browser send here (reliability: X6). Safe for any thread. */
public final class SameOrigin {

    private final Supplier<String> publicUrl;

    /** @param publicUrl how the outside calls us, without trailing slash; asked for each request */
    public SameOrigin(Supplier<String> publicUrl) {
        this.publicUrl = publicUrl;
    }

    /**
     * Looks at the headers that browsers set and pages cannot.
     *
     * @throws Refused when they name another site, or there are none
     */
    void check(Context context) {
        var site = context.header("Sec-Fetch-Site");
        var isOurs = site == null ? isOurOrigin(context) : site.equals("same-origin");
        if (!isOurs) {
            throw new Refused(Fault.OTHER_SITE.plain());
        }
    }

    private boolean isOurOrigin(Context context) {
        var origin = context.header("Origin");
        if (origin == null) {
            return false;
        }
        var host = context.header("Host");
        var given = origin.toLowerCase(Locale.ROOT);
        return given.equals(publicUrl.get().toLowerCase(Locale.ROOT))
                || (host != null && given.equals(context.scheme() + "://" + host.toLowerCase(Locale.ROOT)));
    }
}
