package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;
import static dev.gatepost.doctor.Finding.unsure;

import dev.gatepost.server.Config;
import dev.gatepost.store.DataFolder;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The data folder: may it be written, is there room, is the file system one that SQLite may be on. */
final class FolderCheck {

    /** Room for about a million verifications, and for a backup of them. */
    static final long FREE_BYTES_MIN = 1L << 30;

    private static final String CHECK = "data folder";

    private final Path data;
    private final boolean onSqlite;

    FolderCheck(Config config) {
        this.data = config.data();
        this.onSqlite = config.databaseUrl().isEmpty();
    }

    List<Finding> findings() {
        var there = data;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            return List.of(
                    mend(CHECK, there + " cannot be written to", "give this user the right to, or set GATEPOST_DATA"));
        }
        try {
            var store = Files.getFileStore(there);
            return List.of(of(store.type(), store.getUsableSpace()));
        } catch (IOException e) {
            return List.of(unsure(CHECK, "the file system of " + there + " cannot be looked at: " + e, ""));
        }
    }

    /** Judges what {@link FileStore} says. */
    Finding of(String type, long freeBytes) {
        if (onSqlite && DataFolder.isNetwork(type)) {
            return mend(
                    CHECK,
                    data + " lies on a network file system (" + type + "), where SQLite may lose data",
                    "set GATEPOST_DATA to a folder on a local disk, or GATEPOST_DATABASE_URL");
        }
        var room = (freeBytes >> 20) + " MiB free on " + type;
        return freeBytes < FREE_BYTES_MIN
                ? mend(CHECK, data + ": " + room, "make room: below 1024 MiB a busy day may fill the disk")
                : fine(CHECK, data + ": " + room);
    }
}
