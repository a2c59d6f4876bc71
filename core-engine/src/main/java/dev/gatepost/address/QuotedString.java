package dev.gatepost.address;

import java.util.Optional;

/** A local part in quotes (RFC 5321, section 4.1.2, Quoted-string): printable ASCII, {@code "} and {@code \} escaped. */
final class QuotedString {
    private QuotedString() {}

    /** Where the text goes on behind the closing quote of the string it starts with; -1 if that is never closed. */
    static int end(String text) {
        for (var i = 1; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c == '"') {
                return i + 1;
            }
            if (c == '\\') {
                i++;
            }
        }
        return -1;
    }

    /** What is wrong with a local part that starts with a quote. */
    static Optional<Defect> defectIn(String quoted) {
        if (end(quoted) != quoted.length()) {
            return Optional.of(Defect.BROKEN_QUOTES);
        }
        for (var i = 0; i < quoted.length(); i++) {
            var c = quoted.charAt(i);
            if (c < ' ' || c == 0x7F) {
                return Optional.of(Defect.CONTROL_CHARACTER);
            }
            if (!AsciiClass.isAscii(c)) {
                return Optional.of(Defect.NON_ASCII_LOCAL_PART);
            }
        }
        return Optional.empty();
    }

    /**
     * The plainest spelling of the same mailbox: without quotes where none are needed, else without needless escapes.
     * Hosts treat all spellings alike (RFC 5321, section 4.1.2). A local part not in quotes is returned as it is.
     */
    static String simplest(String localPart) {
        if (localPart.isEmpty() || localPart.charAt(0) != '"') {
            return localPart;
        }
        var bare = new StringBuilder();
        var escaped = new StringBuilder("\"");
        for (var i = 1; i < localPart.length() - 1; i++) {
            var c = localPart.charAt(i);
            if (c == '\\') {
                c = localPart.charAt(++i);
            }
            bare.append(c);
            escaped.append(c == '"' || c == '\\' ? "\\" : "").append(c);
        }
        var plain = bare.toString();
        return LocalPart.defectIn(plain, AddressDialect.SMTP).isEmpty()
                ? plain
                : escaped.append('"').toString();
    }
}
