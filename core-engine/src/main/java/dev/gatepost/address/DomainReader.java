package dev.gatepost.address;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Optional;

/** The grammar of what stands after the @, and the way from what was typed to the name DNS is asked for. */
final class DomainReader {
    /** Longest label, in octets of its A-label form. RFC 1035, section 2.3.4. */
    static final int LABEL_OCTETS_MAX = 63;

    /** Longest name as text without a trailing dot, in octets: 255 on the wire. RFC 1035, section 2.3.4. */
    static final int NAME_OCTETS_MAX = 253;

    private DomainReader() {}

    /** What the text after the @ is. */
    sealed interface Reading {}

    /** A name, or an address literal. */
    record Name(Domain domain) implements Reading {
        Name {
            requireNonNull(domain, "domain");
        }
    }

    /** Not a mail domain. */
    record Refused(Defect defect) implements Reading {
        Refused {
            requireNonNull(defect, "defect");
        }
    }

    /** Reads a domain in an SMTP dialect. */
    static Reading read(String text, AddressDialect dialect) {
        if (text.startsWith("[")) {
            return literal(text, dialect);
        }
        if (!AsciiClass.isAscii(text, 0)) {
            return switch (Idn.toAscii(text)) {
                // Mapping makes dots and ASCII specials out of other characters, so its outcome is looked at again.
                case Name(var mapped) -> checked(mapped.ascii());
                case Refused refused -> refused;
            };
        }
        var reading = checked(text);
        return reading instanceof Name(var name) && hasALabel(name.ascii()) ? Idn.toAscii(name.ascii()) : reading;
    }

    private static Reading checked(String ascii) {
        var defect = labelDefectIn(ascii).or(() -> topLevelDefectIn(ascii));
        return defect.isPresent() ? new Refused(defect.get()) : new Name(Domain.ofChecked(ascii));
    }

    /** What is wrong with the labels of a name, whatever their number. */
    static Optional<Defect> labelDefectIn(String name) {
        if (name.isEmpty()) {
            return Optional.of(Defect.NO_DOMAIN);
        }
        var start = 0;
        for (var i = 0; i <= name.length(); i++) {
            if (i == name.length() || name.charAt(i) == '.') {
                if (i == start || i - start > LABEL_OCTETS_MAX) {
                    return Optional.of(i == start ? emptyLabel(name, i) : Defect.LABEL_TOO_LONG);
                }
                if (name.charAt(start) == '-' || name.charAt(i - 1) == '-') {
                    return Optional.of(Defect.HYPHEN_AT_LABEL_EDGE);
                }
                start = i + 1;
            } else if (!AsciiClass.isLetterOrDigit(name.charAt(i)) && name.charAt(i) != '-') {
                return Optional.of(forbidden(name.charAt(i)));
            }
        }
        return name.length() > NAME_OCTETS_MAX ? Optional.of(Defect.DOMAIN_TOO_LONG) : Optional.empty();
    }

    private static Optional<Defect> topLevelDefectIn(String name) {
        var dot = name.lastIndexOf('.');
        if (dot < 0) {
            return Optional.of(Defect.DOTLESS_DOMAIN);
        }
        for (var i = dot + 1; i < name.length(); i++) {
            if (!AsciiClass.isDigit(name.charAt(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(Defect.NUMERIC_TOP_LEVEL);
    }

    private static Reading literal(String text, AddressDialect dialect) {
        if (!dialect.allowsQuotesAndLiterals()) {
            return new Refused(Defect.ADDRESS_LITERAL);
        }
        return AddressLiteral.isOne(text)
                ? new Name(new Domain(text.toLowerCase(Locale.ROOT)))
                : new Refused(Defect.BROKEN_ADDRESS_LITERAL);
    }

    private static boolean hasALabel(String lowerCase) {
        return lowerCase.startsWith(Idn.A_LABEL_PREFIX) || lowerCase.contains("." + Idn.A_LABEL_PREFIX);
    }

    private static Defect emptyLabel(String name, int at) {
        if (at == 0) {
            return Defect.DOMAIN_STARTS_WITH_DOT;
        }
        return at == name.length() ? Defect.DOMAIN_ENDS_WITH_DOT : Defect.DOUBLE_DOT_IN_DOMAIN;
    }

    private static Defect forbidden(char c) {
        return switch (c) {
            case '_' -> Defect.UNDERSCORE_IN_DOMAIN;
            case ',' -> Defect.COMMA_IN_DOMAIN;
            case ' ' -> Defect.SPACE;
            case '(', ')' -> Defect.COMMENT;
            case '<', '>' -> Defect.ANGLE_BRACKETS;
            default -> Character.isISOControl(c) ? Defect.CONTROL_CHARACTER : Defect.FORBIDDEN_CHARACTER_IN_DOMAIN;
        };
    }
}
