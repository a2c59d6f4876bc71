package dev.gatepost.batch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Where a list is on its way. The words are public: never rename one. */
public enum BatchState {
    /** Its rows are still coming in; nobody is shown it. */
    RECEIVING,
    /** Its addresses are being verified. */
    RUNNING,
    /** There are no credits left; it goes on by itself when some are granted. */
    WAITING_CREDITS,
    /** Every address has its final answer, or was given up. */
    FINISHED,
    /** It is being removed; nobody is shown it. */
    REMOVING;

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether anybody outside sees a list in this state. */
    public boolean isShown() {
        return switch (this) {
            case RECEIVING, REMOVING -> false;
            case RUNNING, WAITING_CREDITS, FINISHED -> true;
        };
    }

    /** The words of the states that are shown. */
    public static List<String> shown() {
        return Arrays.stream(values())
                .filter(BatchState::isShown)
                .map(BatchState::word)
                .toList();
    }

    static BatchState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
