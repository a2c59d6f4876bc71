package dev.gatepost.address;

import java.util.Optional;

/** The grammar of what stands before the @. */
final class LocalPart {
    /** Longest local part, in octets. RFC 5321, section 4.5.3.1.1. */
    static final int OCTETS_MAX = 64;

    private LocalPart() {}

    /** What is wrong with it in an SMTP dialect; non-ASCII text must already be in NFC. */
    static Optional<Defect> defectIn(String localPart, AddressDialect dialect) {
        if (localPart.isEmpty()) {
            return Optional.of(Defect.NO_LOCAL_PART);
        }
        var grammar = localPart.charAt(0) == '"' ? quotedDefect(localPart, dialect) : dotAtomDefect(localPart, dialect);
        if (grammar.isPresent()) {
            return grammar;
        }
        return octets(localPart) > OCTETS_MAX ? Optional.of(Defect.LOCAL_PART_TOO_LONG) : Optional.empty();
    }

    /** What is wrong with it in a form control: any atext and dots in any place, however long. */
    static Optional<Defect> html5DefectIn(String localPart) {
        for (var i = 0; i < localPart.length(); i++) {
            var c = localPart.charAt(i);
            if (!AsciiClass.isAtext(c) && c != '.') {
                return Optional.of(forbidden(c));
            }
        }
        return localPart.isEmpty() ? Optional.of(Defect.NO_LOCAL_PART) : Optional.empty();
    }

    /** Its length in UTF-8. */
    static int octets(String localPart) {
        var octets = localPart.length();
        for (var i = 0; i < localPart.length(); i++) {
            var c = localPart.charAt(i);
            // Each half of a surrogate pair stands for two of the pair's four octets.
            octets += c < 0x80 ? 0 : c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
        }
        return octets;
    }

    private static Optional<Defect> dotAtomDefect(String localPart, AddressDialect dialect) {
        var afterDot = true;
        for (var i = 0; i < localPart.length(); i++) {
            var c = localPart.charAt(i);
            if (c == '.') {
                if (afterDot) {
                    return Optional.of(i == 0 ? Defect.LOCAL_PART_STARTS_WITH_DOT : Defect.DOUBLE_DOT_IN_LOCAL_PART);
                }
                afterDot = true;
                continue;
            }
            if (!AsciiClass.isAtext(c) && (AsciiClass.isAscii(c) || !dialect.allowsNonAsciiLocalPart())) {
                return Optional.of(forbidden(c));
            }
            afterDot = false;
        }
        if (afterDot) {
            return Optional.of(Defect.LOCAL_PART_ENDS_WITH_DOT);
        }
        return startsWithMark(localPart) ? Optional.of(Defect.LOCAL_PART_STARTS_WITH_MARK) : Optional.empty();
    }

    private static Optional<Defect> quotedDefect(String localPart, AddressDialect dialect) {
        if (!dialect.allowsQuotesAndLiterals()) {
            return Optional.of(Defect.QUOTED_LOCAL_PART);
        }
        return QuotedString.defectIn(localPart);
    }

    /** A mark in front would join whatever is written before the address. */
    private static boolean startsWithMark(String localPart) {
        return switch (Character.getType(localPart.codePointAt(0))) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.COMBINING_SPACING_MARK -> true;
            default -> false;
        };
    }

    private static Defect forbidden(char c) {
        return switch (c) {
            case ' ' -> Defect.SPACE;
            case '"' -> Defect.BROKEN_QUOTES;
            case '(', ')' -> Defect.COMMENT;
            case '<', '>' -> Defect.ANGLE_BRACKETS;
            case '\\' -> Defect.BACKSLASH_IN_LOCAL_PART;
            default -> {
                if (Character.isISOControl(c)) {
                    yield Defect.CONTROL_CHARACTER;
                }
                yield AsciiClass.isAscii(c) ? Defect.FORBIDDEN_CHARACTER_IN_LOCAL_PART : Defect.NON_ASCII_LOCAL_PART;
            }
        };
    }
}
