package dev.gatepost.intake;

import java.util.Locale;

/** What a verification cost, and why. */
public enum Billing {
    /** One credit was taken. */
    CHARGED,
    /** Nobody could say, so it costs nothing. */
    NOT_CHARGED_UNKNOWN,
    /** The same address was verified for the same workspace within the freshness window. */
    REUSED,
    /** Not final yet: one credit is set aside until it is. */
    RESERVED,
    /** Asked for with a test key. */
    TEST,
    /** There was no credit for it, so nothing was asked; stands in the usage log alone. */
    INSUFFICIENT_CREDITS;

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
