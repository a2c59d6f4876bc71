package dev.gatepost.address;

import java.util.Locale;
import java.util.Set;

/**
 * The mailbox behind an address as far as its provider's rules are known: a key to find the same person twice. Never an
 * address to probe, to mail to or to write back.
 *
 * <p>The rules are those of {@link Rule}; at any other host only the tag is dropped, which is a hint and no fact.
 */
public final class CanonicalMailbox {
    private static final Set<String> GMAIL = Set.of("gmail.com", "googlemail.com");
    private static final Set<String> PROTON = Set.of("proton.me", "protonmail.com", "protonmail.ch", "pm.me");
    private static final Set<String> FASTMAIL = Set.of("fastmail.com", "fastmail.fm");
    private static final Set<String> YANDEX =
            Set.of("yandex.ru", "yandex.com", "yandex.by", "yandex.kz", "yandex.ua", "yandex.com.tr", "ya.ru");

    /** Providers without tags: a plus is refused there, or an ordinary letter. */
    private static final Set<String> YAHOO = Set.of("ymail.com", "rocketmail.com", "myyahoo.com");

    private CanonicalMailbox() {}

    /** How a provider reads local parts. Dots, hyphens and underscores are kept unless said otherwise. */
    private enum Rule {
        /** Dots and the tag mean nothing; both domains are one. Gmail help, "Dots don't matter in Gmail addresses". */
        GMAIL,
        /** Dots, hyphens, underscores and the tag mean nothing. Proton support, "Addresses and aliases". */
        PROTON,
        /** A hyphen is a dot, the tag means nothing, all domains are one. Yandex Mail help. */
        YANDEX,
        /** {@code anything@user.fastmail.com} is {@code user+anything}. Fastmail help, "Plus addressing". */
        FASTMAIL,
        /** Nothing is dropped. */
        YAHOO,
        /** The tag is dropped. */
        TAG
    }

    /** The key, in lower case: the same for two addresses that are one mailbox by the rules known here. */
    public static String of(EmailAddress address) {
        var domain = address.domain().ascii();
        var plain = QuotedString.simplest(address.localPartWithoutTag()).toLowerCase(Locale.ROOT);
        return switch (rule(domain)) {
            case GMAIL -> plain.replace(".", "") + "@gmail.com";
            case PROTON -> without(plain, ".-_") + "@" + domain;
            case YANDEX -> plain.replace('-', '.') + "@yandex.ru";
            case FASTMAIL -> fastmail(plain, domain);
            case YAHOO -> address.normalized();
            case TAG -> plain + "@" + domain;
        };
    }

    private static Rule rule(String domain) {
        if (GMAIL.contains(domain)) {
            return Rule.GMAIL;
        }
        if (PROTON.contains(domain)) {
            return Rule.PROTON;
        }
        if (YANDEX.contains(domain)) {
            return Rule.YANDEX;
        }
        if (FASTMAIL.contains(domain) || FASTMAIL.contains(domain.substring(domain.indexOf('.') + 1))) {
            return Rule.FASTMAIL;
        }
        return YAHOO.contains(domain) || domain.startsWith("yahoo.") ? Rule.YAHOO : Rule.TAG;
    }

    private static String fastmail(String localPart, String domain) {
        if (FASTMAIL.contains(domain)) {
            return localPart + "@" + domain;
        }
        var dot = domain.indexOf('.');
        return domain.substring(0, dot) + "@" + domain.substring(dot + 1);
    }

    private static String without(String text, String dropped) {
        return text.chars()
                .filter(c -> dropped.indexOf(c) < 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
