package dev.gatepost.rules;

/** How large a workflow may be. A person reads and edits it; each verification walks through it. */
public final class RuleLimits {
    /** Rules of a workflow; far more than a person keeps in mind. */
    public static final int RULES_MAX = 100;

    /** Conditions of a workflow, each {@code all}, {@code any} and {@code not} counted too. */
    public static final int CONDITIONS_MAX = 1_000;

    /** How deep conditions stand in each other; the outermost is at depth 1. */
    public static final int DEPTH_MAX = 8;

    /** Entries of one list of domains or addresses. Longer ones belong into the CRM as a field to filter by. */
    public static final int LIST_ENTRIES_MAX = 10_000;

    /** Name of a workflow or rule, in UTF-16 units: what fits a line of a table. */
    public static final int NAME_CHARS_MAX = 80;

    /** A rule's message, in UTF-16 units: two lines below a form field. */
    public static final int MESSAGE_CHARS_MAX = 300;

    /** A workflow as JSON, in UTF-16 units: several full lists. */
    public static final int DOCUMENT_CHARS_MAX = 1 << 20;

    /** Mistakes named at once; the others are only counted. */
    public static final int MISTAKES_MAX = 100;

    static final int SCORE_MAX = 100;

    private RuleLimits() {}
}
