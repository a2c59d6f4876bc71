package dev.gatepost.address;

/** Reads text as an email address. Pure, never throws on any input, bounded work whatever the length. */
public final class AddressParser {
    private AddressParser() {}

    /** Reads {@code text} in the given dialect. */
    public static Syntax parse(String text, AddressDialect dialect) {
        return new Syntax.Malformed(Defect.EMPTY);
    }
}
