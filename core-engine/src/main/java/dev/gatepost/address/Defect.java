package dev.gatepost.address;

/**
 * What is wrong with a text that is not an address; each with one plain sentence for the person who typed it.
 *
 * <p>The first defect found is the one reported: hidden characters before anything else, then the @, then the part
 * before it, then the domain, then the length of the whole.
 */
public enum Defect {
    EMPTY("the address is empty"),
    TOO_LONG("the address is longer than 254 octets"),

    CONTROL_CHARACTER("there is a control character, such as a line break or a NUL"),
    BIDI_CONTROL("there is a hidden character that turns the direction of the text"),
    INVISIBLE_CHARACTER("there is a character that cannot be seen, such as a zero-width space"),
    PRIVATE_USE_CHARACTER("there is a private-use character, which means something else on each computer"),
    UNASSIGNED_CHARACTER("there is a code point that is no character"),
    LONE_SURROGATE("there is half of a character (a lone surrogate)"),
    SPACE("there is a space"),

    NO_AT_SIGN("there is no @"),
    FULL_WIDTH_AT_SIGN("the @ is a look-alike (full-width or small) and not a plain @"),
    SEVERAL_AT_SIGNS("there is more than one @"),
    ANGLE_BRACKETS("the address stands in angle brackets, or a name stands beside it"),

    NO_LOCAL_PART("nothing stands before the @"),
    LOCAL_PART_TOO_LONG("the part before the @ is longer than 64 octets"),
    LOCAL_PART_STARTS_WITH_DOT("the part before the @ starts with a dot"),
    LOCAL_PART_ENDS_WITH_DOT("there is a dot right before the @"),
    DOUBLE_DOT_IN_LOCAL_PART("two dots in a row before the @"),
    LOCAL_PART_STARTS_WITH_MARK("the part before the @ starts with an accent that has no letter to sit on"),
    NON_ASCII_LOCAL_PART("the part before the @ has letters outside ASCII; only the smtputf8 dialect allows them"),
    QUOTED_LOCAL_PART("the part before the @ is in quotes; only the rfc5321 dialect allows that"),
    BROKEN_QUOTES("the quotes before the @ do not enclose the whole of it, or are not closed"),
    COMMENT("there is a comment in round brackets"),
    BACKSLASH_IN_LOCAL_PART("there is a backslash before the @"),
    FORBIDDEN_CHARACTER_IN_LOCAL_PART("there is a character before the @ that is not allowed there"),

    NO_DOMAIN("nothing stands after the @"),
    ADDRESS_LITERAL("an IP address stands after the @; only the rfc5321 dialect allows that"),
    BROKEN_ADDRESS_LITERAL("what stands in square brackets after the @ is no IP address"),
    DOMAIN_STARTS_WITH_DOT("there is a dot right after the @"),
    DOMAIN_ENDS_WITH_DOT("the domain ends with a dot"),
    DOUBLE_DOT_IN_DOMAIN("two dots in a row after the @"),
    DOTLESS_DOMAIN("the domain has no dot, as in example.com"),
    NUMERIC_TOP_LEVEL("the domain ends in a number"),
    HYPHEN_AT_LABEL_EDGE("a part of the domain starts or ends with a hyphen"),
    UNDERSCORE_IN_DOMAIN("there is an underscore in the domain"),
    COMMA_IN_DOMAIN("there is a comma in the domain, perhaps instead of a dot"),
    FORBIDDEN_CHARACTER_IN_DOMAIN("there is a character in the domain that is not allowed there"),
    LABEL_TOO_LONG("a part of the domain between two dots is longer than 63 octets"),
    DOMAIN_TOO_LONG("the domain is longer than 253 octets"),
    LABEL_STARTS_WITH_MARK("a part of the domain starts with an accent that has no letter to sit on"),
    BROKEN_A_LABEL("a part of the domain starts with xn-- but is no encoded name"),
    MIXED_DIRECTIONS("the domain mixes letters written left to right with letters written right to left");

    private final String sentence;

    Defect(String sentence) {
        this.sentence = sentence;
    }

    /** One plain English sentence without a full stop. */
    public String sentence() {
        return sentence;
    }
}
