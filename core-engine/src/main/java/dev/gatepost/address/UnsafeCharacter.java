package dev.gatepost.address;

import com.ibm.icu.lang.UCharacter;
import com.ibm.icu.lang.UCharacterEnums.ECharacterCategory;
import com.ibm.icu.lang.UProperty;
import java.util.Optional;

/**
 * Characters no address may hold in any dialect that knows more than ASCII: they cannot be seen, turn the text around,
 * or mean nothing. Judged by their Unicode properties, not by a list.
 */
final class UnsafeCharacter {
    private UnsafeCharacter() {}

    /** The first such character in {@code text}, if there is one. */
    static Optional<Defect> in(String text) {
        for (var i = 0; i < text.length(); ) {
            var codePoint = text.codePointAt(i);
            var defect = defectOf(codePoint);
            if (defect.isPresent()) {
                return defect;
            }
            i += Character.charCount(codePoint);
        }
        return Optional.empty();
    }

    private static Optional<Defect> defectOf(int codePoint) {
        if (codePoint > ' ' && codePoint < 0x7F) {
            return Optional.empty();
        }
        return switch (UCharacter.getType(codePoint)) {
            case ECharacterCategory.CONTROL -> Optional.of(Defect.CONTROL_CHARACTER);
            case ECharacterCategory.SURROGATE -> Optional.of(Defect.LONE_SURROGATE);
            case ECharacterCategory.PRIVATE_USE -> Optional.of(Defect.PRIVATE_USE_CHARACTER);
            case ECharacterCategory.UNASSIGNED -> Optional.of(Defect.UNASSIGNED_CHARACTER);
            case ECharacterCategory.SPACE_SEPARATOR,
                    ECharacterCategory.LINE_SEPARATOR,
                    ECharacterCategory.PARAGRAPH_SEPARATOR -> Optional.of(Defect.SPACE);
            case ECharacterCategory.FORMAT ->
                Optional.of(isBidiControl(codePoint) ? Defect.BIDI_CONTROL : Defect.INVISIBLE_CHARACTER);
            default -> isIgnorable(codePoint) ? Optional.of(Defect.INVISIBLE_CHARACTER) : Optional.empty();
        };
    }

    private static boolean isBidiControl(int codePoint) {
        return UCharacter.hasBinaryProperty(codePoint, UProperty.BIDI_CONTROL);
    }

    /** Shown as nothing at all, such as a Hangul filler or a variation selector. */
    private static boolean isIgnorable(int codePoint) {
        return UCharacter.hasBinaryProperty(codePoint, UProperty.DEFAULT_IGNORABLE_CODE_POINT);
    }
}
