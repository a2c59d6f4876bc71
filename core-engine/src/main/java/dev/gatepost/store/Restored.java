package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** A backup that stands in the place of the embedded database; what stood there before lies beside it. */
public final class Restored {
    /** A database in write-ahead mode is these files together. */
    private static final List<String> SUFFIXES = List.of("", "-wal", "-shm");

    private final Path database;
    private final @Nullable Path before;

    private Restored(Path database, @Nullable Path before) {
        this.database = database;
        this.before = before;
    }

    /**
     * Puts {@code backup} in the place of the folder's database, which nobody has open since the folder is held. The backup
     * is checked and copied first; a crash on the way leaves the old database, or none, and never half of one.
     *
     * @param name tells what is kept from other restorations, for example a time
     * @throws StoreUnusable when the file is no backup of this product or of a newer version, or cannot be copied
     */
    public static Restored from(Path backup, DataFolder folder, String name) {
        requireNonNull(backup, "backup");
        check(backup);
        var database = folder.database();
        var before = folder.path().resolve("gatepost-before-restore-" + name + ".db");
        try {
            if (Files.exists(database) && Files.isSameFile(database, backup)) {
                throw new StoreUnusable("restore_itself", backup + " is the database itself; name a backup of it.");
            }
            var copy = folder.path().resolve("gatepost.db.part");
            Files.copy(backup, copy, StandardCopyOption.REPLACE_EXISTING);
            sync(copy);
            var kept = Files.exists(database) ? before : null;
            move(database, before);
            Files.move(copy, database, StandardCopyOption.ATOMIC_MOVE);
            return new Restored(database, kept);
        } catch (IOException e) {
            throw new StoreUnusable("restore_failed", "The backup cannot be put in place: " + e.getMessage(), e);
        }
    }

    /** Where the database lies that stood there before; empty when there was none. */
    public Optional<Path> before() {
        return Optional.ofNullable(before);
    }

    /** Puts the database back that stood there before, since the restored one is of no use here. */
    public void undo() {
        if (before == null) {
            return;
        }
        try {
            for (var suffix : SUFFIXES) {
                Files.deleteIfExists(Path.of(database + suffix));
            }
            move(before, database);
        } catch (IOException e) {
            throw new StoreUnusable(
                    "restore_failed",
                    "The database that stood there before lies at " + before + " and cannot be moved back: "
                            + e.getMessage(),
                    e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        for (var suffix : SUFFIXES) {
            var file = Path.of(from + suffix);
            if (Files.exists(file)) {
                Files.move(file, Path.of(to + suffix), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static void check(Path backup) {
        if (!Files.isRegularFile(backup)) {
            throw new StoreUnusable("no_backup", "There is no file " + backup + ".");
        }
        var config = new SQLiteConfig();
        config.setReadOnly(true);
        var source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + backup.toAbsolutePath());
        try (var connection = source.getConnection()) {
            var answer = SqliteFile.pragma(connection, "integrity_check");
            if (!answer.equals("ok")) {
                throw new StoreUnusable("backup_damaged", "The backup " + backup + " is damaged: " + answer);
            }
        } catch (SQLException e) {
            throw new StoreUnusable(
                    "no_backup", "The file " + backup + " is not a backup of Gatepost: " + e.getMessage(), e);
        }
        Migrations.refuseUnknown(source, backup);
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }
}
