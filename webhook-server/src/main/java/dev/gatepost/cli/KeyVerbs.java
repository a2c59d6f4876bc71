package dev.gatepost.cli;

import dev.gatepost.workspace.MasterKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatepost key}: makes keys. */
final class KeyVerbs {

    private KeyVerbs() {}

    /** Groups what is done with keys. */
    @Command(
            name = "key",
            description = "Makes keys.",
            footer = {"", "Example:", "  gatepost key create --master /etc/gatepost/master.key"})
    static final class Key {}

    /** {@code gatepost key create --master FILE}. */
    @Command(
            name = "create",
            description = "Makes the master key, which encrypts the secrets in the database.",
            footer = {"", "Example:", "  gatepost key create --master /etc/gatepost/master.key"})
    static final class Create implements Callable<Integer> {

        private final Terminal terminal;
        private final SecureRandom random;

        @Mixin
        private final JsonOption json = new JsonOption();

        @Option(
                names = "--master",
                paramLabel = "FILE",
                required = true,
                description = "where to write it; must not exist; readable by its owner alone")
        private @Nullable Path file;

        Create(Terminal terminal, SecureRandom random) {
            this.terminal = terminal;
            this.random = random;
        }

        @Override
        public Integer call() {
            if (file == null) {
                throw Failure.wrongUse("wrong_usage", "--master is missing");
            }
            var path = file.toAbsolutePath().normalize();
            MasterKey.create(path, random);
            terminal.out()
                    .println(
                            json.isSet()
                                    ? JsonLine.object()
                                            .put("file", path.toString())
                                            .toString()
                                    : "written to " + path + "\nstart with GATEPOST_MASTER_KEY_FILE=" + path
                                            + ", and keep a copy elsewhere: without it the secrets are lost");
            return Exit.DONE.code();
        }
    }
}
