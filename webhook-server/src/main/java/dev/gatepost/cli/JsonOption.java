package dev.gatepost.cli;

import picocli.CommandLine.Option;

/** {@code --json}, the same on every verb. */
final class JsonOption {

    @Option(names = "--json", description = "answer as JSON, one object a line")
    private boolean json;

    boolean isSet() {
        return json;
    }
}
