package dev.gatepost.hook;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.ledger.CreditsLow;

/** Messages that no other package writes. */
public final class HookJson {
    private static final JsonMapper JSON = new JsonMapper();

    private HookJson() {}

    /** An alarm, with the same keys in messages and listings. */
    public static String creditsLow(CreditsLow low) {
        return JSON.createObjectNode()
                .put("id", low.id())
                .put("available", low.available())
                .put("threshold", low.below())
                .put("at", low.at().toString())
                .toString();
    }
}
