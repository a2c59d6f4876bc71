package dev.gatepost.hook;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a receiver can ask to be told. The words are public: never rename one. */
public enum HookEvent {
    /** A verification has its final answer. */
    VERIFICATION_COMPLETED("verification.completed"),
    /** A verification has its final answer, and the workflow rejects the address. */
    EMAIL_REJECTED("email.rejected"),
    /** A customer's list is done. */
    BATCH_FINISHED("batch.finished"),
    /** Available credits fell below the threshold. */
    CREDITS_LOW("credits.low");

    private final String word;

    HookEvent(String word) {
        this.word = word;
    }

    /** The word in JSON and tables. */
    public String word() {
        return word;
    }

    /** The event with this word. */
    public static Optional<HookEvent> of(String word) {
        return Arrays.stream(values()).filter(event -> event.word.equals(word)).findFirst();
    }

    /** All words. */
    public static List<String> words() {
        return Arrays.stream(values()).map(HookEvent::word).toList();
    }
}
