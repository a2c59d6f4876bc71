package dev.gatepost.cli;

import picocli.CommandLine.Option;

/** {@code --help}, the same on every verb. */
final class HelpOption {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "say how this is used")
    private boolean help;

    boolean isSet() {
        return help;
    }
}
