package dev.gatepost.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which passwords people may choose (reliability: X4). No rule asks for digits or signs: length is what helps. */
public final class PasswordRules {
    /** In characters, as people count them. */
    public static final int LENGTH_MIN = 12;

    /** Long enough for any sentence, short enough to hash. */
    public static final int LENGTH_MAX = 128;

    /** A part this short is not worth a look into the list. */
    private static final int PART_MIN = 3;

    /** So many digits and signs at an end are known without a list. */
    private static final int DIGITS_PART_MAX = 8;

    private static final String LIST = "common-passwords.txt";

    private PasswordRules() {}

    /** The form that is hashed: what looks the same on two keyboards is the same (NIST SP 800-63B, 3.1.1.2). */
    static String normalized(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }

    /**
     * What is wrong with a password, as one sentence for the person; empty when nothing is.
     *
     * @param email the person's address, which is no password
     */
    public static Optional<String> objection(String password, String email) {
        var text = normalized(password);
        var length = text.codePointCount(0, text.length());
        if (length < LENGTH_MIN) {
            return Optional.of("The password needs " + LENGTH_MIN + " characters or more; this one has " + length
                    + ". A few words in a row are easy to remember.");
        }
        if (length > LENGTH_MAX) {
            return Optional.of("The password may have " + LENGTH_MAX + " characters at most.");
        }
        var folded = text.toLowerCase(Locale.ROOT);
        var at = email.indexOf('@');
        if (folded.equals(email.toLowerCase(Locale.ROOT))
                || (at > PART_MIN && folded.contains(email.substring(0, at).toLowerCase(Locale.ROOT)))) {
            return Optional.of("The password holds your address; choose something that is not about you.");
        }
        if (isRepetition(folded) || isCommon(folded)) {
            return Optional.of("Many people use this password or its parts, so it is guessed first; choose another.");
        }
        return Optional.empty();
    }

    /** Whether it is a short piece over and over: aaaaaaaaaaaa, abcabcabcabc. */
    private static boolean isRepetition(String text) {
        for (int period = 1; period <= text.length() / 2; period++) {
            if (text.regionMatches(period, text, 0, text.length() - period)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether it stands in the list, or is two of its entries in a row, or one and a few digits: few listed passwords have
     * 12 characters, and most people make them longer just like that.
     */
    private static boolean isCommon(String text) {
        var known = list();
        if (known.contains(text)) {
            return true;
        }
        for (int cut = PART_MIN; cut <= text.length() - 1; cut++) {
            if (isKnown(known, text.substring(0, cut)) && isKnown(known, text.substring(cut))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isKnown(Set<String> known, String part) {
        return known.contains(part)
                || (part.length() <= DIGITS_PART_MAX && part.chars().allMatch(PasswordRules::isDigitOrSign));
    }

    private static boolean isDigitOrSign(int character) {
        return character > ' ' && character <= '9';
    }

    /** Read anew each time: people choose passwords rarely, and 49,000 texts need not lie in memory meanwhile. */
    private static Set<String> list() {
        try (var in = PasswordRules.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IllegalStateException(LIST + " is not in the jar");
            }
            var entries = new HashSet<String>(1 << 17);
            new String(in.readAllBytes(), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(entries::add);
            return entries;
        } catch (IOException e) {
            throw new UncheckedIOException(LIST, e);
        }
    }
}
