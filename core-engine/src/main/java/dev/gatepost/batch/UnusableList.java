package dev.gatepost.batch;

import static java.util.Objects.requireNonNull;

/** A list that cannot be taken as a whole; what is wrong, for the one who sent it. */
public final class UnusableList extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of wrong. */
    public enum Kind {
        /** It cannot be read in the format it claims. */
        MALFORMED,
        /** It has more rows or bytes than a list may have. */
        TOO_LARGE,
        /** It lacks something, or says something that cannot be. */
        INVALID
    }

    private final Kind kind;
    private final String field;

    /**
     * @param field the parameter or field it is about; empty for the whole
     * @param sentence for people; holds no address
     */
    UnusableList(Kind kind, String field, String sentence) {
        super(sentence);
        this.kind = requireNonNull(kind, "kind");
        this.field = requireNonNull(field, "field");
    }

    public Kind kind() {
        return kind;
    }

    public String field() {
        return field;
    }

    /** For people. */
    public String sentence() {
        return String.valueOf(getMessage());
    }

    static UnusableList malformed(String sentence) {
        return new UnusableList(Kind.MALFORMED, "", sentence);
    }
}
