package dev.gatepost.intake;

/** Whether an earlier answer about the same address may stand in for a verification. */
public enum Reuse {
    /** Within the freshness window, and then nothing is charged. */
    ALLOWED,
    /** A fresh check was asked for, and is charged. */
    REFUSED;

    /** The number in tables. */
    int number() {
        return this == ALLOWED ? 1 : 0;
    }

    static Reuse of(int number) {
        return number == 1 ? ALLOWED : REFUSED;
    }
}
