package dev.gatepost.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** Where a server's control socket is: in the data folder, or where a file in the data folder says. */
final class ControlPath {

    /** Octets of a socket's path, with its NUL: sockaddr_un of Linux has 108, that of macOS 104; the smaller holds. */
    private static final int PATH_OCTETS_MAX = 103;

    private static final String SOCKET = "control.sock";

    private static final String POINTER = "control.path";

    private ControlPath() {}

    /** Where to put a socket for {@code data}; says so in the data folder when it is elsewhere. */
    static Path choose(Path data) throws IOException {
        var near = data.toRealPath().resolve(SOCKET);
        Files.deleteIfExists(near);
        Files.deleteIfExists(data.resolve(POINTER));
        if (octets(near) <= PATH_OCTETS_MAX) {
            return near;
        }
        var folder = Files.createTempDirectory(
                "gatepost", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        var far = folder.resolve(SOCKET);
        Files.writeString(data.resolve(POINTER), far.toString());
        return far;
    }

    /** Where a running server's socket should be; empty when there is none. */
    static Optional<Path> find(Path data) throws IOException {
        var near = data.resolve(SOCKET);
        if (Files.exists(near)) {
            // The real path may be short enough where the one given is not.
            return Optional.of(near.toRealPath());
        }
        var pointer = data.resolve(POINTER);
        return Files.exists(pointer)
                ? Optional.of(Path.of(Files.readString(pointer).strip())).filter(Files::exists)
                : Optional.empty();
    }

    /** Takes away what {@link #choose} made. */
    static void remove(Path data, Path socket) throws IOException {
        Files.deleteIfExists(socket);
        if (Files.deleteIfExists(data.resolve(POINTER)) && socket.getParent() != null) {
            Files.deleteIfExists(socket.getParent());
        }
    }

    private static int octets(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }
}
