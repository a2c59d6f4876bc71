package dev.gatepost.address;

import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The address somebody probably meant when a text is none: without what copying, linking and typing leave behind. It is
 * offered, never applied in silence, and it never guesses at letters.
 */
public final class AddressFix {
    /** Longest text looked into, in UTF-16 units: an address with a name and a link around it. */
    static final int INPUT_CHARS_MAX = 1_000;

    private static final String LINK_SCHEME = "mailto:";

    /** Full-width forms of ASCII stand this far above it (Unicode block "Halfwidth and Fullwidth Forms"). */
    private static final int FULL_WIDTH_OFFSET = 0xFF01 - '!';

    private AddressFix() {}

    /** A well-formed address made of {@code text} by cleaning alone; nothing if it is one already or none comes out. */
    public static Optional<EmailAddress> propose(@Nullable String text) {
        if (text == null
                || text.isEmpty()
                || text.length() > INPUT_CHARS_MAX
                || AddressParser.parse(text, AddressDialect.SMTPUTF8) instanceof Wellformed) {
            return Optional.empty();
        }
        var cleaned =
                withoutEdges(withoutName(withoutLink(withPlainCharacters(text).strip())));
        var at = cleaned.indexOf('@');
        if (at < 0) {
            return Optional.empty();
        }
        var localPart = singleDots(cleaned.substring(0, at).strip());
        var domain = singleDots(cleaned.substring(at + 1).replace(',', '.').replace(" ", ""));
        return switch (AddressParser.parse(localPart + "@" + domain, AddressDialect.SMTP)) {
            case Wellformed(var address) -> Optional.of(address);
            case Malformed _ -> Optional.empty();
        };
    }

    /** Full-width and small forms become ASCII, any kind of space becomes a space, what cannot be seen goes. */
    private static String withPlainCharacters(String text) {
        var plain = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (c >= 0xFF01 && c <= 0xFF5E) {
                plain.append((char) (c - FULL_WIDTH_OFFSET));
            } else if (c == 0xFE6B) {
                plain.append('@');
            } else if (c == 0x3002 || c == 0xFF61) {
                plain.append('.');
            } else if (Character.isWhitespace(c) || Character.isSpaceChar(c)) {
                plain.append(' ');
            } else if (!Character.isISOControl(c) && Character.getType(c) != Character.FORMAT) {
                plain.appendCodePoint(c);
            }
        });
        return plain.toString();
    }

    private static String withoutLink(String text) {
        if (!text.toLowerCase(Locale.ROOT).startsWith(LINK_SCHEME)) {
            return text;
        }
        var query = text.indexOf('?');
        return text.substring(LINK_SCHEME.length(), query < 0 ? text.length() : query)
                .strip();
    }

    /** {@code Name <address>} becomes the address. */
    private static String withoutName(String text) {
        var open = text.lastIndexOf('<');
        var close = text.indexOf('>', open + 1);
        return open >= 0 && close > open
                ? withoutLink(text.substring(open + 1, close).strip())
                : text;
    }

    /** Brackets, quotes and punctuation around the whole, and dots behind it. */
    private static String withoutEdges(String text) {
        var start = 0;
        var end = text.length();
        while (start < end && "<>\"'()[]{} ,;:.".indexOf(text.charAt(start)) >= 0) {
            start++;
        }
        while (end > start && "<>\"'()[]{} ,;:.!?".indexOf(text.charAt(end - 1)) >= 0) {
            end--;
        }
        return text.substring(start, end);
    }

    /** Runs of dots become one, with the spaces around them; dots at the edges go. */
    private static String singleDots(String text) {
        var dots = new StringBuilder();
        for (var part : text.split("\\.", -1)) {
            if (!part.isBlank()) {
                dots.append(dots.isEmpty() ? "" : ".").append(part.strip());
            }
        }
        return dots.toString();
    }
}
