package dev.gatepost.console;

import java.util.List;

/**
 * What a page without data of its own says.
 *
 * @param sentences one paragraph each
 * @param command a command line to run, or empty
 */
public record Message(List<String> sentences, String command) {

    public Message {
        sentences = List.copyOf(sentences);
    }
}
