package dev.gatepost.address;

import com.ibm.icu.text.Normalizer2;
import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads text as an email address. Pure, never throws on any input, bounded work whatever the length. */
public final class AddressParser {
    /**
     * Longest text looked into, in UTF-16 units; anything longer is refused before a character of it is read. A local
     * part has at most 64 octets and a domain at most 253, and no unit is less than an octet; composed forms may
     * shrink under NFC and UTS #46, so the bound is above 254.
     */
    static final int INPUT_CHARS_MAX = 320;

    /** Longest address, in octets: a path has 256 with its angle brackets (RFC 5321, section 4.5.3.1.3). */
    static final int ADDRESS_OCTETS_MAX = 254;

    private AddressParser() {}

    /** Reads {@code text} in the given dialect; a missing text is an empty one. Nothing is trimmed or mended. */
    public static Syntax parse(@Nullable String text, AddressDialect dialect) {
        if (text == null || text.isEmpty()) {
            return new Malformed(Defect.EMPTY);
        }
        if (text.length() > INPUT_CHARS_MAX) {
            return new Malformed(Defect.TOO_LONG);
        }
        if (!AsciiClass.isAscii(text, 0)) {
            var unsafe = UnsafeCharacter.in(text);
            if (unsafe.isPresent()) {
                return new Malformed(unsafe.get());
            }
        }
        var at =
                dialect.allowsQuotesAndLiterals() && text.charAt(0) == '"' ? QuotedString.end(text) : text.indexOf('@');
        if (at < 0 || at >= text.length() || text.charAt(at) != '@') {
            return new Malformed(withoutAtSign(text));
        }
        if (text.indexOf('@', at + 1) >= 0) {
            return new Malformed(severalAtSigns(text, dialect));
        }
        return dialect == AddressDialect.HTML5 ? html5(text, at) : smtp(text, at, dialect);
    }

    private static Syntax smtp(String text, int at, AddressDialect dialect) {
        if (text.charAt(text.length() - 1) == '>') {
            return new Malformed(Defect.ANGLE_BRACKETS);
        }
        var localPart = text.substring(0, at);
        if (dialect.allowsNonAsciiLocalPart() && !AsciiClass.isAscii(localPart, 0)) {
            localPart = Normalizer2.getNFCInstance().normalize(localPart);
        }
        var defect = LocalPart.defectIn(localPart, dialect);
        if (defect.isPresent()) {
            return new Malformed(defect.get());
        }
        return switch (DomainReader.read(text.substring(at + 1), dialect)) {
            case DomainReader.Name(var domain) -> bounded(new EmailAddress(localPart, domain));
            case DomainReader.Refused(var why) -> new Malformed(why);
        };
    }

    private static Syntax bounded(EmailAddress address) {
        var octets = LocalPart.octets(address.localPart())
                + 1
                + address.domain().ascii().length();
        return octets > ADDRESS_OCTETS_MAX ? new Malformed(Defect.TOO_LONG) : new Wellformed(address);
    }

    /** The form control knows no limit of length but that of a label; the 253 octets are what DNS can carry. */
    private static Syntax html5(String text, int at) {
        var localPart = text.substring(0, at);
        var domain = text.substring(at + 1);
        Optional<Defect> defect = LocalPart.html5DefectIn(localPart).or(() -> DomainReader.labelDefectIn(domain));
        return defect.isPresent()
                ? new Malformed(defect.get())
                : new Wellformed(new EmailAddress(localPart, Domain.ofChecked(domain)));
    }

    private static Defect withoutAtSign(String text) {
        if (text.charAt(0) == '"' && text.indexOf('@') >= 0) {
            return Defect.BROKEN_QUOTES;
        }
        var lookAlike = text.indexOf('\uFF20') >= 0 || text.indexOf('\uFE6B') >= 0;
        return lookAlike ? Defect.FULL_WIDTH_AT_SIGN : Defect.NO_AT_SIGN;
    }

    private static Defect severalAtSigns(String text, AddressDialect dialect) {
        if (text.endsWith(">")) {
            return Defect.ANGLE_BRACKETS;
        }
        var quoted = text.charAt(0) == '"' && !dialect.allowsQuotesAndLiterals();
        return quoted ? Defect.QUOTED_LOCAL_PART : Defect.SEVERAL_AT_SIGNS;
    }
}
