package dev.gatepost.console;

import static java.util.Objects.requireNonNull;

/**
 * Something that waits for a person, said above everything else.
 *
 * @param sentence what it is, and what happens meanwhile
 * @param command what to run to mend it
 */
public record Notice(String sentence, String command) {
    public Notice {
        requireNonNull(sentence, "sentence");
        requireNonNull(command, "command");
    }
}
