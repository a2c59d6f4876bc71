package dev.gatepost.intake;

import dev.gatepost.connector.Urgency;

/**
 * Which drain: each connection has one for what is urgent and one for what is not, so that a backfill never stands in the
 * way of a contact that has just come.
 */
record DrainName(String connectionId, Urgency urgency) {
    private static final String BACKGROUND = ":background";

    static DrainName urgent(String connectionId) {
        return new DrainName(connectionId, Urgency.REAL_TIME);
    }

    static DrainName background(String connectionId) {
        return new DrainName(connectionId, Urgency.BACKGROUND);
    }

    /** As the task is named. */
    String text() {
        return switch (urgency) {
            case REAL_TIME -> connectionId;
            case BACKGROUND -> connectionId + BACKGROUND;
        };
    }

    static DrainName of(String text) {
        return text.endsWith(BACKGROUND)
                ? background(text.substring(0, text.length() - BACKGROUND.length()))
                : urgent(text);
    }
}
