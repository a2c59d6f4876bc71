package dev.gatepost.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What came of an order.
 *
 * @param exit how the command ends
 * @param code stable code of a failure; empty when there was none
 * @param text what to print for a person; the one sentence of a failure
 * @param json what to print with {@code --json}; one line
 */
record Outcome(Exit exit, String code, String text, String json) {

    Outcome {
        requireNonNull(exit, "exit");
        requireNonNull(code, "code");
        requireNonNull(text, "text");
        requireNonNull(json, "json");
    }

    static Outcome done(String text, ObjectNode json) {
        return new Outcome(Exit.DONE, "", text, json.toString());
    }

    static Outcome no(String text, ObjectNode json) {
        return new Outcome(Exit.NO, "", text, json.toString());
    }

    static Outcome failed(Exit exit, String code, String sentence) {
        return new Outcome(exit, code, sentence, "");
    }
}
