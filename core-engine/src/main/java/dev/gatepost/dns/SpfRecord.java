package dev.gatepost.dns;

import dev.gatepost.dns.SpfCheck.Outcome;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An SPF record, read (RFC 7208, sections 4.6 and 5).
 *
 * @param mechanisms in order
 * @param redirect the domain whose record takes over where no mechanism matches; empty: none
 */
record SpfRecord(List<Mechanism> mechanisms, String redirect) {
    private static final Map<String, Outcome> QUALIFIERS =
            Map.of("+", Outcome.PASS, "-", Outcome.FAIL, "~", Outcome.SOFTFAIL, "?", Outcome.NEUTRAL, "", Outcome.PASS);

    private static final Pattern MECHANISM = Pattern.compile(
            "([+~?-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?::([^/\\s][^\\s]*?))?(?:/(\\d{1,3}))?(?://(\\d{1,3}))?",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern IP =
            Pattern.compile("([+~?-]?)(ip4|ip6):([0-9a-f.:]+)(?:/(\\d{1,3}))?", Pattern.CASE_INSENSITIVE);

    private static final Pattern MODIFIER = Pattern.compile("([a-z][a-z0-9_.-]*)=(\\S*)", Pattern.CASE_INSENSITIVE);

    private static final int BITS_V4 = 32;
    private static final int BITS_V6 = 128;

    SpfRecord {
        mechanisms = List.copyOf(mechanisms);
    }

    /** What a mechanism looks at. */
    enum Kind {
        ALL,
        INCLUDE,
        A,
        MX,
        PTR,
        IP4,
        IP6,
        EXISTS
    }

    /**
     * One mechanism.
     *
     * @param means what follows when it matches
     * @param domain what it names, empty for the domain itself; an address for IP4 and IP6
     * @param bitsV4 how many leading bits of an IPv4 address must agree
     * @param bitsV6 the same for IPv6
     */
    record Mechanism(Outcome means, Kind kind, String domain, int bitsV4, int bitsV6) {
        boolean hasMacro() {
            return domain.contains("%");
        }
    }

    /** Reads the text behind the version; empty when a term is none, which spoils the whole record (section 4.6). */
    static Optional<SpfRecord> parse(String record) {
        var mechanisms = new ArrayList<Mechanism>();
        var redirect = "";
        for (var term : record.strip().split(" +", -1)) {
            var modifier = MODIFIER.matcher(term);
            if (term.isEmpty()) {
                continue;
            }
            if (modifier.matches()) {
                if (modifier.group(1).equalsIgnoreCase("redirect")) {
                    if (!redirect.isEmpty() || modifier.group(2).isEmpty()) {
                        return Optional.empty();
                    }
                    redirect = modifier.group(2);
                }
                continue; // an unknown modifier is none of our business (section 6)
            }
            var mechanism = mechanism(term);
            if (mechanism.isEmpty()) {
                return Optional.empty();
            }
            mechanisms.add(mechanism.get());
        }
        return Optional.of(new SpfRecord(mechanisms, redirect));
    }

    private static Optional<Mechanism> mechanism(String term) {
        var ip = IP.matcher(term);
        if (ip.matches()) {
            return ofAddress(ip.group(1), ip.group(2), ip.group(3), ip.group(4));
        }
        var parts = MECHANISM.matcher(term);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var kind = Kind.valueOf(parts.group(2).toUpperCase(Locale.ROOT));
        var domain = Optional.ofNullable(parts.group(3)).orElse("");
        var bitsV4 = bits(parts.group(4), BITS_V4);
        var bitsV6 = bits(parts.group(5), BITS_V6);
        var hasBits = parts.group(4) != null || parts.group(5) != null;
        var isComplete = switch (kind) {
            case ALL -> domain.isEmpty() && !hasBits;
            case INCLUDE, EXISTS -> !domain.isEmpty() && !hasBits;
            case PTR -> !hasBits;
            case A, MX -> bitsV4 <= BITS_V4 && bitsV6 <= BITS_V6;
            case IP4, IP6 -> false;
        };
        return isComplete
                ? Optional.of(new Mechanism(meaning(parts.group(1)), kind, domain, bitsV4, bitsV6))
                : Optional.empty();
    }

    private static Optional<Mechanism> ofAddress(
            String qualifier, String name, String literal, @Nullable String prefix) {
        var kind = Kind.valueOf(name.toUpperCase(Locale.ROOT));
        var most = kind == Kind.IP4 ? BITS_V4 : BITS_V6;
        var bits = bits(prefix, most);
        try {
            var octets = InetAddress.ofLiteral(literal).getAddress().length;
            return bits > most || octets * Byte.SIZE != most
                    ? Optional.empty()
                    : Optional.of(new Mechanism(meaning(qualifier), kind, literal, bits, bits));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Outcome meaning(String qualifier) {
        return QUALIFIERS.getOrDefault(qualifier, Outcome.PASS);
    }

    private static int bits(@Nullable String text, int all) {
        return text == null ? all : Integer.parseInt(text);
    }
}
