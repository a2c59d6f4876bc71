package dev.gatepost.egress;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Fuzz target: URLs users may type. What is taken must be a named host on port 443, whatever the notation. */
public final class UrlFuzz {
    private static final UrlRules STRICT = new UrlRules(EgressRules.strict(), Purpose.HOOK, Set.of());
    private static final UrlRules NARROW =
            new UrlRules(EgressRules.strict(), Purpose.CRM, Set.of("hubapi.com", "hubspot.com"));

    private UrlFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        var text = new String(data, StandardCharsets.UTF_8);
        check(STRICT, text);
        check(STRICT, "https://" + text);
        check(NARROW, "https://" + text);
    }

    private static void check(UrlRules rules, String text) {
        if (!(rules.check(text) instanceof UrlRules.Acceptable(var url))) {
            return;
        }
        var host = url.host();
        boolean isAddress = host.contains(":") || host.matches("(.*\\.)?([0-9]+|0[xX][0-9a-fA-F]*)\\.?");
        boolean isNarrow = !host.equals("hubapi.com")
                && !host.equals("hubspot.com")
                && !host.endsWith(".hubapi.com")
                && !host.endsWith(".hubspot.com");
        if (!url.scheme().equals("https")
                || url.port() != 443
                || isAddress
                || !url.username().isEmpty()
                || url.fragment() != null
                || url.toString().length() > UrlRules.CHARACTERS_MAX
                || (rules == NARROW && isNarrow)) {
            throw new AssertionError("taken: " + text + " as " + url);
        }
        if (!rules.check(url.toString()).equals(new UrlRules.Acceptable(url))) {
            throw new AssertionError("refused when read again: " + url);
        }
    }
}
