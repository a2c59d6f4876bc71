package dev.gatepost.address;

/** The sets of ASCII characters the grammars speak of, as one bit each in a table; the parser's inner loops. */
final class AsciiClass {
    private static final int ATEXT = 1;
    private static final int LETTER_DIGIT = 2;
    private static final byte[] SETS = sets();

    private AsciiClass() {}

    /** May stand in a dot-atom between the dots (RFC 5322, section 3.2.3). */
    static boolean isAtext(char c) {
        return c < SETS.length && (SETS[c] & ATEXT) != 0;
    }

    /** A letter or a digit: what a domain label starts and ends with (RFC 5321, section 4.1.2). */
    static boolean isLetterOrDigit(char c) {
        return c < SETS.length && (SETS[c] & LETTER_DIGIT) != 0;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isUpper(char c) {
        return c >= 'A' && c <= 'Z';
    }

    static boolean isAscii(char c) {
        return c < 0x80;
    }

    /** Whether the text from {@code from} on holds ASCII only. */
    static boolean isAscii(String text, int from) {
        for (var i = from; i < text.length(); i++) {
            if (!isAscii(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static byte[] sets() {
        var sets = new byte[0x80];
        for (var c = '0'; c <= 'z'; c++) {
            if (isDigit(c) || isUpper(c) || (c >= 'a' && c <= 'z')) {
                sets[c] = ATEXT | LETTER_DIGIT;
            }
        }
        for (var c : "!#$%&'*+-/=?^_`{|}~".toCharArray()) {
            sets[c] |= ATEXT;
        }
        return sets;
    }
}
