package dev.gatepost.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.egress.AddressRange;
import dev.gatepost.workspace.ApiKey;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Origins;
import dev.gatepost.workspace.Scope;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what a key is to be made with. Pure. */
public final class KeyFields {

    private static final int NAME_CHARS_MAX = 100;
    private static final int RANGES_MAX = 50;
    private static final int ORIGINS_MAX = 20;

    /** Longest CIDR range in IPv6 text form. */
    private static final int RANGE_CHARS_MAX = 49;

    private KeyFields() {}

    /**
     * Reads what {@code POST /v1/keys} takes as its body.
     *
     * @throws dev.gatepost.http.Refused when something in it is wrong
     */
    public static ApiKey.Draft of(ObjectNode json, String workspaceId) {
        var fields = new Fields(json, "");
        var draft = read(fields, workspaceId);
        fields.end();
        return draft;
    }

    static ApiKey.Draft read(Fields fields, String workspaceId) {
        var kind = kind(fields);
        var name = fields.text("name", NAME_CHARS_MAX);
        var scopes = scopes(fields, kind);
        var ranges = ranges(fields);
        var origins = origins(fields, kind);
        var rate = (int) fields.number("rate_per_minute", 1, ApiKey.RATE_PER_MINUTE_MAX, usualRate(kind));
        return new ApiKey.Draft(workspaceId, kind, name, scopes, ranges, origins, rate, expiry(fields));
    }

    private static KeyKind kind(Fields fields) {
        var word = fields.optionalText("mode", 8).orElse("live");
        return Arrays.stream(KeyKind.values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElseThrow(() -> fields.wrong("mode", "must be live, test or pub"));
    }

    private static int usualRate(KeyKind kind) {
        return switch (kind) {
            case LIVE, TEST -> ApiKey.RATE_PER_MINUTE;
            case PUB -> ApiKey.PUBLIC_RATE_PER_MINUTE;
        };
    }

    private static Set<Scope> scopes(Fields fields, KeyKind kind) {
        var scopes = EnumSet.noneOf(Scope.class);
        for (var word : fields.texts("scopes", Scope.values().length, 16)) {
            scopes.add(Arrays.stream(Scope.values())
                    .filter(scope -> scope.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> fields.wrong("scopes", "may hold verify, bulk, read and admin")));
        }
        if (kind == KeyKind.PUB && !scopes.isEmpty()) {
            throw fields.wrong("scopes", "must be left out for a publishable key");
        }
        if (kind != KeyKind.PUB && scopes.isEmpty()) {
            throw fields.missing("scopes");
        }
        return scopes;
    }

    private static List<AddressRange> ranges(Fields fields) {
        var ranges = new ArrayList<AddressRange>();
        for (var text : fields.texts("ranges", RANGES_MAX, RANGE_CHARS_MAX)) {
            try {
                ranges.add(AddressRange.parse(text));
            } catch (IllegalArgumentException e) {
                throw fields.wrong("ranges[" + ranges.size() + "]", "must be as in 203.0.113.0/24: " + e.getMessage());
            }
        }
        return ranges;
    }

    private static List<String> origins(Fields fields, KeyKind kind) {
        var origins = fields.texts("origins", ORIGINS_MAX, Origins.CHARS_MAX);
        if (kind == KeyKind.PUB && origins.isEmpty()) {
            throw fields.missing("origins");
        }
        if (kind != KeyKind.PUB && !origins.isEmpty()) {
            throw fields.wrong("origins", "is for publishable keys alone");
        }
        for (var i = 0; i < origins.size(); i++) {
            if (!Origins.isOne(origins.get(i))) {
                throw fields.wrong(
                        "origins[" + i + "]",
                        "must be as in https://www.acme.io or http://localhost:3000: small letters, no path, no usual port");
            }
        }
        return origins;
    }

    private static @Nullable Instant expiry(Fields fields) {
        Optional<String> text = fields.optionalText("expires_at", 40);
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(text.get());
        } catch (DateTimeParseException _) {
            throw fields.wrong("expires_at", "must be a time such as 2027-01-31T00:00:00Z");
        }
    }
}
