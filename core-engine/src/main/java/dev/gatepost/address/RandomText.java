package dev.gatepost.address;

import java.util.Locale;

/**
 * Whether a local part looks as if nobody's name stood behind it: mostly digits, a walk over the keyboard, letters and
 * digits in turn, or more consonants in a row than any language writes. A hint for the score, never a proof. Pure; linear.
 */
public final class RandomText {
    /** Shorter ones are initials and nicknames. In characters, without dots, hyphens, underscores and tag. */
    private static final int LENGTH_MIN = 6;

    /** More digits than this share of the whole. Verification contract, section 9: 60 %. */
    private static final double DIGITS_SHARE_MAX = 0.6;

    /** Neighbouring keys in a row that are no accident, if they make up half of the text. */
    private static final int WALK_MIN = 5;

    /** Changes between letters and digits: john2doe has two, k3j9x2p1 has seven. */
    private static final int CHANGES_MIN = 4;

    /** Consonants in a row: German writes eight where two words meet (Angstschrei). */
    private static final int CONSONANTS_MIN = 9;

    private static final String[] KEYBOARD_ROWS = {
        "1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz", "azerty"
    };

    private RandomText() {}

    /** Looks at the local part of an address, in any case. */
    public static boolean isLikely(String localPart) {
        int tag = localPart.indexOf('+');
        var text = letters(tag > 0 ? localPart.substring(0, tag) : localPart);
        return text.length() >= LENGTH_MIN
                && (isMostlyDigits(text)
                        || longestWalk(text) >= Math.max(WALK_MIN, text.length() / 2)
                        || changes(text) >= CHANGES_MIN
                        || longestConsonants(text) >= CONSONANTS_MIN);
    }

    private static String letters(String text) {
        var kept = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (Character.isLetterOrDigit(text.charAt(i))) {
                kept.append(text.charAt(i));
            }
        }
        return kept.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean isMostlyDigits(String text) {
        long digits = text.chars().filter(Character::isDigit).count();
        return digits > DIGITS_SHARE_MAX * text.length();
    }

    private static int changes(String text) {
        int changes = 0;
        for (int i = 1; i < text.length(); i++) {
            if (Character.isDigit(text.charAt(i)) != Character.isDigit(text.charAt(i - 1))) {
                changes++;
            }
        }
        return changes;
    }

    private static int longestConsonants(String text) {
        int longest = 0;
        int here = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isConsonant = c >= 'a' && c <= 'z' && "aeiouy".indexOf(c) < 0;
            here = isConsonant ? here + 1 : 0;
            longest = Math.max(longest, here);
        }
        return longest;
    }

    private static int longestWalk(String text) {
        int longest = 0;
        for (var row : KEYBOARD_ROWS) {
            int here = 1;
            int direction = 0;
            for (int i = 1; i < text.length(); i++) {
                int step = step(row, text.charAt(i - 1), text.charAt(i));
                here = step == 0 ? 1 : step == direction ? here + 1 : 2;
                direction = step;
                longest = Math.max(longest, here);
            }
        }
        return longest;
    }

    /** 1 or -1 for a neighbour in the row, 0 otherwise. */
    private static int step(String row, char from, char to) {
        int a = row.indexOf(from);
        int b = row.indexOf(to);
        return a >= 0 && b >= 0 && Math.abs(a - b) == 1 ? b - a : 0;
    }
}
