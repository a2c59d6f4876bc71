package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * Which URLs users may have us call: {@code https}, a host name, port 443, no user info, no fragment (reliability: E4).
 * Pure; asked when a URL is saved and again before each call. The address behind the name is judged when dialled.
 */
public final class UrlRules {
    /** Longest URL, in characters. */
    static final int CHARACTERS_MAX = 2_048;

    /** A host name, or an address. The parser lets more through: from xn-- labels it may make up braces. */
    private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+|[0-9a-f:.]+");

    /** What the rules say about a URL. */
    public sealed interface Outcome {}

    /** The URL may be saved, in the form it will be called: host in lower-case A-labels, path escaped. */
    public record Acceptable(HttpUrl url) implements Outcome {
        public Acceptable {
            requireNonNull(url, "url");
        }
    }

    /**
     * The URL may not be used.
     *
     * @param code stable: url_too_long, url_malformed, url_user_info, url_fragment, url_address, url_not_https, url_port,
     *     url_host
     * @param sentence for the user
     */
    public record Objectionable(String code, String sentence) implements Outcome {
        public Objectionable {
            requireNonNull(code, "code");
            requireNonNull(sentence, "sentence");
        }
    }

    private final EgressRules rules;
    private final Purpose purpose;
    private final Set<String> hostSuffixes;

    /** @param hostSuffixes names at and below which a host must be; empty for any host */
    UrlRules(EgressRules rules, Purpose purpose, Set<String> hostSuffixes) {
        this.rules = rules;
        this.purpose = purpose;
        this.hostSuffixes = Set.copyOf(hostSuffixes);
    }

    /** Checks a URL as a user typed it. */
    public Outcome check(String text) {
        if (text.length() > CHARACTERS_MAX) {
            return new Objectionable("url_too_long", "The URL is longer than " + CHARACTERS_MAX + " characters.");
        }
        // The parser would silently mend these, as browsers do; what is saved should be what was typed.
        var url = text.chars().anyMatch(c -> c <= ' ' || c == '\\' || c == 0x7f) ? null : HttpUrl.parse(text);
        if (url == null) {
            return new Objectionable("url_malformed", "This is not a URL.");
        }
        // From some letters the parser makes up an xn-- label that it would not take itself.
        if (!HOST.matcher(url.host()).matches() || !url.equals(HttpUrl.parse(url.toString()))) {
            return new Objectionable("url_malformed", "This is not a URL: its host has characters that no host has.");
        }
        var objection = objectionTo(url);
        return objection.isPresent() ? objection.get() : new Acceptable(url);
    }

    /** Checks a URL that is about to be called. */
    Optional<Objectionable> objectionTo(HttpUrl url) {
        if (url.toString().length() > CHARACTERS_MAX) {
            return objection("url_too_long", "The URL is longer than " + CHARACTERS_MAX + " characters.");
        }
        if (!url.encodedUsername().isEmpty() || !url.encodedPassword().isEmpty()) {
            return objection("url_user_info", "The URL must not carry a user name or password.");
        }
        if (url.encodedFragment() != null) {
            return objection("url_fragment", "The URL must not have a fragment (#).");
        }
        return isAddress(url.host()) ? objectionToAddress(url) : objectionToName(url);
    }

    private Optional<Objectionable> objectionToAddress(HttpUrl url) {
        return isOpened(url)
                ? Optional.empty()
                : objection("url_address", "The URL must name its host, not give an address.");
    }

    private Optional<Objectionable> objectionToName(HttpUrl url) {
        var openedPort = rules.opensPort(purpose, url.port());
        if (!url.isHttps() && !openedPort) {
            return objection("url_not_https", "The URL must begin with https://.");
        }
        if (url.port() != 443 && !openedPort) {
            return objection("url_port", "The URL must use port 443.");
        }
        return isWithinSuffixes(url.host())
                ? Optional.empty()
                : objection(
                        "url_host",
                        "The URL's host must be one of, or below: " + String.join(", ", hostSuffixes) + ".");
    }

    /** Label-wise: {@code hubapi.com} takes {@code api.hubapi.com} and not {@code evilhubapi.com}. Reliability: E3. */
    private boolean isWithinSuffixes(String host) {
        return hostSuffixes.isEmpty()
                || hostSuffixes.stream().anyMatch(suffix -> host.equals(suffix) || host.endsWith("." + suffix));
    }

    private boolean isOpened(HttpUrl url) {
        try {
            var address = InetAddress.ofLiteral(url.host());
            return rules.judge(purpose, address, url.port()) instanceof Judgement.Opened;
        } catch (IllegalArgumentException e) {
            return false; // a shape such as 0x7f.1, which nobody needs
        }
    }

    /** Whether a host is an address in any notation: hosts that end in a number are (WHATWG URL, "ends in a number"). */
    private static boolean isAddress(String host) {
        var name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        var last = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        return name.contains(":") || last.matches("[0-9]+|0x[0-9a-f]*");
    }

    private static Optional<Objectionable> objection(String code, String sentence) {
        return Optional.of(new Objectionable(code, sentence));
    }
}
