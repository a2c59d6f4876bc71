package dev.gatepost.address;

import com.ibm.icu.text.IDNA;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Internationalised domain names by UTS #46, non-transitional, with the rules of IDNA2008 for direction and joiners.
 * Symbols that UTS #46 lets through (emoji) stay allowed, since such domains exist and take mail.
 */
final class Idn {
    static final String A_LABEL_PREFIX = "xn--";

    private static final IDNA UTS46 = IDNA.getUTS46Instance(IDNA.NONTRANSITIONAL_TO_ASCII
            | IDNA.NONTRANSITIONAL_TO_UNICODE
            | IDNA.CHECK_BIDI
            | IDNA.CHECK_CONTEXTJ
            | IDNA.CHECK_CONTEXTO
            | IDNA.USE_STD3_RULES);

    /** In ICU's order. Two hyphens in positions 3 and 4 (HYPHEN_3_4) are not among them: such names exist. */
    private static final Map<IDNA.Error, Defect> DEFECTS = new EnumMap<>(Map.ofEntries(
            Map.entry(IDNA.Error.LEADING_COMBINING_MARK, Defect.LABEL_STARTS_WITH_MARK),
            Map.entry(IDNA.Error.LABEL_TOO_LONG, Defect.LABEL_TOO_LONG),
            Map.entry(IDNA.Error.DOMAIN_NAME_TOO_LONG, Defect.DOMAIN_TOO_LONG),
            Map.entry(IDNA.Error.LEADING_HYPHEN, Defect.HYPHEN_AT_LABEL_EDGE),
            Map.entry(IDNA.Error.TRAILING_HYPHEN, Defect.HYPHEN_AT_LABEL_EDGE),
            Map.entry(IDNA.Error.EMPTY_LABEL, Defect.DOUBLE_DOT_IN_DOMAIN),
            Map.entry(IDNA.Error.PUNYCODE, Defect.BROKEN_A_LABEL),
            Map.entry(IDNA.Error.INVALID_ACE_LABEL, Defect.BROKEN_A_LABEL),
            Map.entry(IDNA.Error.LABEL_HAS_DOT, Defect.BROKEN_A_LABEL),
            Map.entry(IDNA.Error.BIDI, Defect.MIXED_DIRECTIONS),
            Map.entry(IDNA.Error.CONTEXTJ, Defect.INVISIBLE_CHARACTER),
            Map.entry(IDNA.Error.CONTEXTO_DIGITS, Defect.FORBIDDEN_CHARACTER_IN_DOMAIN),
            Map.entry(IDNA.Error.CONTEXTO_PUNCTUATION, Defect.FORBIDDEN_CHARACTER_IN_DOMAIN),
            Map.entry(IDNA.Error.DISALLOWED, Defect.FORBIDDEN_CHARACTER_IN_DOMAIN)));

    private Idn() {}

    /** The name in A-label form, or what is wrong with it. The caller still checks the labels of what comes out. */
    static DomainReader.Reading toAscii(String name) {
        var ascii = new StringBuilder();
        var outcome = new IDNA.Info();
        UTS46.nameToASCII(name, ascii, outcome);
        var defect = defectOf(outcome).or(() -> aLabelDefect(name, ascii));
        return defect.isPresent()
                ? new DomainReader.Refused(defect.get())
                : new DomainReader.Name(new Domain(ascii.toString()));
    }

    /** The name as people read it; A-labels that cannot be decoded stay as they are. */
    static String toUnicode(String ascii) {
        var unicode = new StringBuilder();
        var outcome = new IDNA.Info();
        UTS46.nameToUnicode(ascii, unicode, outcome);
        return defectOf(outcome).isPresent() ? ascii : unicode.toString();
    }

    private static Optional<Defect> defectOf(IDNA.Info outcome) {
        return DEFECTS.entrySet().stream()
                .filter(entry -> outcome.getErrors().contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** An A-label must be the one encoding of its name, and must not hide what could not be typed. */
    private static Optional<Defect> aLabelDefect(String name, StringBuilder ascii) {
        if (AsciiClass.isAscii(name, 0) && !name.contentEquals(ascii)) {
            return Optional.of(Defect.BROKEN_A_LABEL);
        }
        return UnsafeCharacter.in(toUnicode(ascii.toString()));
    }
}
