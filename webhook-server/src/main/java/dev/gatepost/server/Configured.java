package dev.gatepost.server;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What reading the configuration brought. */
public sealed interface Configured {

    record Ready(Config config) implements Configured {

        public Ready {
            requireNonNull(config, "config");
        }
    }

    /** Everything that is wrong, one sentence each, all at once; at least one. */
    record Wrong(List<String> mistakes) implements Configured {

        public Wrong {
            mistakes = List.copyOf(mistakes);
        }
    }
}
