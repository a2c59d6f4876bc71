package dev.gatepost.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Copies a SQLite database while it is in use. */
final class SqliteBackup {
    private final SqliteFile file;

    SqliteBackup(SqliteFile file) {
        this.file = file;
    }

    /** Writes a copy under a temporary name, checks it, waits for the disk, then gives it its name. */
    void to(Path target) {
        var absolute = target.toAbsolutePath();
        var temporary = absolute.resolveSibling(absolute.getFileName() + ".part");
        try {
            Files.deleteIfExists(temporary);
            copy(temporary);
            check(temporary);
            sync(temporary);
            Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder(absolute);
        } catch (SQLException | IOException e) {
            throw new StoreUnusable("backup_failed", "The backup to " + target + " failed: " + e.getMessage(), e);
        }
    }

    /** On a connection of its own, since it takes as long as the database is large. */
    private void copy(Path temporary) throws SQLException {
        try (var connection = file.migrating().getConnection();
                var statement = connection.prepareStatement("vacuum into ?")) {
            statement.setString(1, temporary.toString());
            statement.execute();
        }
    }

    private static void check(Path copy) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
            var answer = SqliteFile.pragma(connection, "integrity_check");
            if (!answer.equals("ok")) {
                throw new SQLException("integrity check of the copy: " + answer);
            }
        }
    }

    private static void sync(Path file) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** The new name is durable only when the folder is. Windows cannot open folders, and needs no such sync. */
    private static void syncFolder(Path file) throws IOException {
        var folder = file.getParent();
        if (folder == null
                || !folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
