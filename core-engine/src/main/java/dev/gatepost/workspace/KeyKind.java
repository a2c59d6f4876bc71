package dev.gatepost.workspace;

import java.util.Locale;

/** What a key works on. */
public enum KeyKind {
    /** Real verifications, which cost credits. */
    LIVE,
    /** A fixed table of addresses: no network, no credit. */
    TEST,
    /** Publishable: may stand in a web page of the origins it is bound to, and learns the decision alone. */
    PUB;

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What every key of this kind begins with. */
    public String prefix() {
        return "gp_" + word() + "_";
    }
}
