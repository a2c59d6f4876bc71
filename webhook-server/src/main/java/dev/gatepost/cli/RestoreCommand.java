package dev.gatepost.cli;

import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.server.Books;
import dev.gatepost.server.Config;
import dev.gatepost.store.DataFolder;
import dev.gatepost.store.DataFolder.NetworkFolder;
import dev.gatepost.store.Restored;
import dev.gatepost.store.StoreUnusable;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code gatepost restore}: puts a backup in the place of the database, and checks the ledger in it. */
@Command(
        name = "restore",
        description =
                "Puts a backup in the place of the embedded database and checks its ledger. Stop the server first."
                        + " The database that stood there is kept beside it.",
        footer = {"", "Example:", "  gatepost restore /backups/gatepost.db"})
final class RestoreCommand implements Callable<Integer> {

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Terminal terminal;
    private final Cli.Making making;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(paramLabel = "FILE", description = "a file that gatepost backup wrote")
    private Path file = Path.of("");

    RestoreCommand(Terminal terminal, Cli.Making making) {
        this.terminal = terminal;
        this.making = making;
    }

    @Override
    public Integer call() {
        var config = making.config().get();
        if (!config.databaseUrl().isEmpty()) {
            throw Failure.world(
                    "restore_postgresql",
                    "PostgreSQL is restored with its own pg_restore; run gatepost ledger verify after it");
        }
        var restored = restore(config);
        try (var books = Books.ofCommand(config, making.clock(), making.random())) {
            return tell(books.ledger().check(), restored);
        } catch (StoreUnusable e) {
            undo(config, restored);
            throw e;
        }
    }

    private Restored restore(Config config) {
        try (var folder = DataFolder.open(config.data(), NetworkFolder.REFUSED)) {
            return Restored.from(file, folder, NAME.format(making.clock().instant()));
        }
    }

    private static void undo(Config config, Restored restored) {
        try (var _ = DataFolder.open(config.data(), NetworkFolder.REFUSED)) {
            restored.undo();
        }
    }

    private int tell(LedgerCheck check, Restored restored) {
        var answer = JsonLine.object()
                .put("file", file.toString())
                .put("kept", restored.before().map(Path::toString).orElse(null));
        var kept = restored.before()
                .map(path -> "\nthe database that stood there is kept at " + path)
                .orElse("");
        return switch (check) {
            case LedgerCheck.Sound(var entries, var _) -> {
                answer.put("sound", true).put("entries", entries);
                terminal.out()
                        .println(
                                json.isSet()
                                        ? answer.toString()
                                        : "restored from " + file + kept + "\nledger sound: " + entries
                                                + " entries add up");
                yield Exit.DONE.code();
            }
            case LedgerCheck.Broken(var workspace, var seq, var why) -> {
                answer.put("sound", false)
                        .put("workspace", workspace)
                        .put("entry", seq)
                        .put("why", why);
                terminal.out()
                        .println(
                                json.isSet()
                                        ? answer.toString()
                                        : "restored from " + file + kept + "\nledger broken: workspace " + workspace
                                                + ", entry " + seq + ": " + why);
                yield Exit.NO.code();
            }
        };
    }
}
