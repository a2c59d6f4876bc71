package dev.gatepost.cli;

import static java.util.Objects.requireNonNull;

/** A command that cannot go on; becomes one line on standard error and the exit code. */
final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String code;
    private final Exit exit;
    private final String sentence;

    Failure(Exit exit, String code, String sentence) {
        super(requireNonNull(sentence, "sentence"), null, false, false);
        this.sentence = sentence;
        this.exit = requireNonNull(exit, "exit");
        this.code = requireNonNull(code, "code");
    }

    static Failure wrongUse(String code, String sentence) {
        return new Failure(Exit.WRONG_USE, code, sentence);
    }

    static Failure world(String code, String sentence) {
        return new Failure(Exit.WORLD_FAILED, code, sentence);
    }

    /** Stable, lower-case words with underscores. */
    String code() {
        return code;
    }

    Exit exit() {
        return exit;
    }

    /** One sentence. */
    String sentence() {
        return sentence;
    }

    /** The one line. */
    String line() {
        return "gatepost: " + code + ": " + sentence;
    }
}
