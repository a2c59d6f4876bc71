package dev.gatepost.smtp;

import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Says what a reply means. Pure; linear time in the length of the reply, of which the first 2,000 characters count.
 *
 * <p>Codes are overloaded, so the order decides: the stage, 2yz, a provider's own marker, words about us, an enhanced
 * code that is clear, words about the recipient, other enhanced codes, vague words, the basic code. Only a permanent
 * refusal of the recipient at RCPT can mean that the mailbox is not there or shut.
 */
public final class ReplyClassifier {
    private static final Words WORDS = new Words(
            PhraseTable.load(Words.MARKERS),
            PhraseTable.load(Words.ABOUT_US),
            PhraseTable.load(Words.ABOUT_RECIPIENT),
            PhraseTable.load(Words.VAGUE));
    private static final PhraseTable EXISTS = PhraseTable.load("mailbox-exists.csv");

    private static final Set<ReplyMeaning> ONLY_ABOUT_RECIPIENTS =
            Set.of(ReplyMeaning.MAILBOX_NOT_FOUND, ReplyMeaning.MAILBOX_FULL, ReplyMeaning.DISABLED);

    /** What only a permanent refusal may mean, whatever the words: the basic code decides permanence. */
    private static final Set<ReplyMeaning> INVALIDATING = Set.of(ReplyMeaning.MAILBOX_NOT_FOUND, ReplyMeaning.DISABLED);

    /** RFC 5321, section 4.2.3: the refusal that says least by itself. */
    private static final int CODE_OF_NO_MEANING = 550;

    /** The phrase tables, in their order of precedence. */
    record Words(PhraseTable markers, PhraseTable aboutUs, PhraseTable aboutRecipient, PhraseTable vague) {
        static final String MARKERS = "provider-markers.csv";
        static final String ABOUT_US = "phrases-about-us.csv";
        static final String ABOUT_RECIPIENT = "phrases-about-recipient.csv";
        static final String VAGUE = "phrases-vague.csv";
    }

    private ReplyClassifier() {}

    /** The meaning of {@code reply} at {@code stage}. */
    public static ReplyMeaning meaning(Stage stage, Reply reply) {
        return meaning(WORDS, stage, reply);
    }

    /** The same, going by other tables: the cross-check leaves words out. */
    static ReplyMeaning meaning(Words words, Stage stage, Reply reply) {
        var known = completed(reply);
        int kind = known.code() / 100;
        if (kind == 2) {
            return ReplyMeaning.ACCEPT;
        }
        if (kind == 0) {
            return withoutCode(words, stage, known);
        }
        if (kind != 4 && kind != 5) {
            return ReplyMeaning.SYNTAX;
        }
        return stage == Stage.RCPT ? atRcpt(words, known) : beforeRcpt(words, stage, known);
    }

    /**
     * Whether the refusal gives away that the mailbox is there: it gets too much mail just now, or is closed to
     * strangers (Google ReceivingRate; Microsoft 5.2.121-122, 5.7.124-136).
     */
    public static boolean saysMailboxExists(Reply reply) {
        var known = completed(reply);
        return EXISTS.first(known, ReplyText.of(known.text())).isPresent();
    }

    /** Words that a person pasted without their code: read as those of a refusal, where they say anything. */
    private static ReplyMeaning withoutCode(Words words, Stage stage, Reply reply) {
        var refusal = new Reply(CODE_OF_NO_MEANING, reply.enhancedCode(), reply.text());
        return byWords(words, refusal)
                .filter(meaning -> stage == Stage.RCPT || !ONLY_ABOUT_RECIPIENTS.contains(meaning))
                .orElse(ReplyMeaning.TEMPORARY);
    }

    private static ReplyMeaning atRcpt(Words words, Reply reply) {
        return byWords(words, reply)
                .map(meaning -> reply.code() < 500 && INVALIDATING.contains(meaning) ? ReplyMeaning.TEMPORARY : meaning)
                .orElseGet(() -> byBasicCode(reply.code()));
    }

    private static Optional<ReplyMeaning> byWords(Words words, Reply reply) {
        var text = ReplyText.of(reply.text());
        return Stream.<Supplier<Optional<ReplyMeaning>>>of(
                        () -> words.markers().first(reply, text),
                        () -> EnhancedCodes.meaning(reply, EnhancedCodes.Rank.FIRST),
                        () -> words.aboutUs().first(reply, text),
                        () -> EnhancedCodes.meaning(reply, EnhancedCodes.Rank.STRONG),
                        () -> words.aboutRecipient().first(reply, text),
                        () -> EnhancedCodes.meaning(reply, EnhancedCodes.Rank.WEAK),
                        () -> words.vague().first(reply, text),
                        () -> EnhancedCodes.meaning(reply, EnhancedCodes.Rank.LAST))
                .flatMap(source -> source.get().stream())
                .findFirst();
    }

    /** At the greeting, EHLO, STARTTLS and MAIL nobody has named the recipient yet: whatever it says is about us. */
    private static ReplyMeaning beforeRcpt(Words words, Stage stage, Reply reply) {
        var text = ReplyText.of(reply.text());
        return Stream.<Supplier<Optional<ReplyMeaning>>>of(
                        () -> words.markers().first(reply, text),
                        () -> EnhancedCodes.meaning(reply, EnhancedCodes.Rank.FIRST),
                        () -> words.aboutUs().first(reply, text),
                        () -> EnhancedCodes.meaning(reply, EnhancedCodes.Rank.STRONG),
                        () -> stage == Stage.GREETING
                                ? Optional.empty()
                                : EnhancedCodes.meaning(reply, EnhancedCodes.Rank.WEAK))
                .flatMap(source -> source.get().stream())
                .filter(meaning -> !ONLY_ABOUT_RECIPIENTS.contains(meaning))
                .findFirst()
                .orElseGet(() -> beforeRcptByBasicCode(stage, reply.code()));
    }

    private static ReplyMeaning beforeRcptByBasicCode(Stage stage, int code) {
        if (code >= 500 && stage == Stage.GREETING) {
            return ReplyMeaning.BLOCKED_REPUTATION;
        }
        var meaning = byBasicCode(code);
        return ONLY_ABOUT_RECIPIENTS.contains(meaning) ? ReplyMeaning.POLICY : meaning;
    }

    private static ReplyMeaning byBasicCode(int code) {
        return switch (code) {
            case 523, 538 -> ReplyMeaning.TLS_REQUIRED;
            case 530, 534, 535 -> ReplyMeaning.AUTH_REQUIRED;
            case 551 -> ReplyMeaning.RELAY_DENIED;
            case 552 -> ReplyMeaning.MAILBOX_FULL;
            case 553 -> ReplyMeaning.SYNTAX;
            case 556 -> ReplyMeaning.MAILBOX_NOT_FOUND;
            default -> code < 500 ? ReplyMeaning.TEMPORARY : code < 510 ? ReplyMeaning.SYNTAX : ReplyMeaning.POLICY;
        };
    }

    /** Finds an enhanced code inside the text, and a basic code where only an enhanced one was given. */
    private static Reply completed(Reply reply) {
        var enhanced = reply.enhancedCode().isEmpty() ? EnhancedCodes.in(reply.text()) : reply.enhancedCode();
        int code = reply.code() == 0 && !enhanced.isEmpty() ? (enhanced.charAt(0) - '0') * 100 + 50 : reply.code();
        return new Reply(code, enhanced, reply.text());
    }
}
