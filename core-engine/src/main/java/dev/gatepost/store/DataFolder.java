package dev.gatepost.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The folder with everything the product keeps, held by this process alone until it is closed. */
public final class DataFolder implements AutoCloseable {
    /** File systems on which SQLite's locks and shared memory cannot be relied upon: sqlite.org, "Write-Ahead Logging". */
    private static final Set<String> NETWORK_TYPES = Set.of(
            "nfs",
            "nfs3",
            "nfs4",
            "cifs",
            "smb",
            "smb2",
            "smb3",
            "smbfs",
            "9p",
            "afs",
            "afpfs",
            "ceph",
            "beegfs",
            "davfs",
            "fuse.ceph",
            "fuse.davfs",
            "fuse.glusterfs",
            "fuse.rclone",
            "fuse.s3fs",
            "fuse.sshfs",
            "glusterfs",
            "gpfs",
            "lustre",
            "ncpfs",
            "webdav");

    /** The byte that is locked lies far behind the text, so that the text can be read on systems with mandatory locks. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;

    private static final int LOCK_TEXT_BYTES_MAX = 64;

    /**
     * Folders held by this process. On POSIX systems closing any channel to a file gives up the process's locks on it, so a
     * second attempt must be refused before it opens one.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Whether a folder on a network file system is taken. */
    public enum NetworkFolder {
        REFUSED,
        /** The operator insists: SQLite may corrupt the database there. */
        FORCED
    }

    /**
     * Opens the folder, creating it (for its owner alone) when it is missing.
     *
     * @throws StoreUnusable when it cannot be written to, another process holds it, or it lies on a network file system
     */
    public static DataFolder open(Path path, NetworkFolder network) {
        var absolute = path.toAbsolutePath().normalize();
        try {
            Files.createDirectories(absolute, ownerOnly(absolute));
            var real = absolute.toRealPath();
            if (network == NetworkFolder.REFUSED) {
                refuseNetwork(real, Files.getFileStore(real).type());
            }
            return hold(real);
        } catch (IOException e) {
            throw new StoreUnusable(
                    "folder_not_writable",
                    "The data folder " + absolute + " cannot be written to ("
                            + e.getClass().getSimpleName() + "); give this user the right to, or name another folder.",
                    e);
        }
    }

    /** Applies to folders that are created now; what an operator set up stays as it is. */
    private static FileAttribute<?>[] ownerOnly(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
                }
                : new FileAttribute<?>[0];
    }

    /** Whether a file system of this type lies on the network, as {@link java.nio.file.FileStore#type} names it. */
    public static boolean isNetwork(String type) {
        return NETWORK_TYPES.contains(type.toLowerCase(Locale.ROOT));
    }

    static void refuseNetwork(Path path, String type) {
        if (isNetwork(type)) {
            throw new StoreUnusable(
                    "folder_on_network",
                    "The data folder " + path + " lies on a network file system (" + type
                            + "), where SQLite may corrupt the database; use a local disk, or PostgreSQL.");
        }
    }

    private static DataFolder hold(Path path) throws IOException {
        synchronized (HELD) {
            var file = path.resolve("gatepost.lock");
            if (HELD.contains(path)) {
                throw inUse(path, String.valueOf(ProcessHandle.current().pid()));
            }
            var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            if (channel.tryLock(LOCKED_BYTE, 1, false) == null) {
                try (channel) {
                    throw inUse(path, textIn(channel));
                }
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)));
            HELD.add(path);
            return new DataFolder(path, channel);
        }
    }

    private static String textIn(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate(LOCK_TEXT_BYTES_MAX);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
    }

    private static StoreUnusable inUse(Path path, String process) {
        return new StoreUnusable(
                "folder_in_use",
                "The data folder " + path + " is in use by process " + process
                        + "; stop it first, or name another folder.");
    }

    /** Where it is, without links. */
    public Path path() {
        return path;
    }

    /** The embedded database's file. */
    public Path database() {
        return path.resolve("gatepost.db");
    }

    /** Where the copy goes that is made before the schema becomes {@code version}. */
    Path backupBefore(int version) {
        return path.resolve("gatepost-before-schema-" + version + ".db");
    }

    /** There was a database here, and now there is none: better to stop than to start empty. */
    void refuseIfDatabaseIsMissing() {
        try {
            var gone = !Files.exists(database()) || Files.size(database()) == 0;
            if (gone && Files.exists(marker())) {
                throw new StoreUnusable(
                        "database_missing",
                        "The database " + database() + " is missing or empty, but there was one; restore a backup, or"
                                + " delete " + marker() + " to begin anew.");
            }
        } catch (IOException e) {
            throw new StoreUnusable("folder_not_writable", "The data folder " + path + " cannot be read.", e);
        }
    }

    /** From now on a missing database is a loss, not a beginning. */
    void rememberDatabase() {
        try {
            if (Files.exists(marker())) {
                return;
            }
            Files.writeString(marker(), "This folder holds a Gatepost database.\n");
        } catch (IOException e) {
            throw new StoreUnusable("folder_not_writable", "The file " + marker() + " cannot be written.", e);
        }
    }

    private Path marker() {
        return path.resolve("gatepost.installed");
    }

    /** Lets other processes have the folder. */
    @Override
    public void close() {
        synchronized (HELD) {
            HELD.remove(path);
            try {
                lock.close();
            } catch (IOException e) {
                throw new StoreUnusable("folder_not_writable", "The lock of " + path + " cannot be released.", e);
            }
        }
    }
}
