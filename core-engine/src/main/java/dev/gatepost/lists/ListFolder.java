package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code lists/} in the data folder: {@code allow.txt}, {@code block.txt} and {@code optout.txt} are the
 * operator's own; {@code refreshed/} holds newer editions of the shipped lists, and what came of the last refresh. Every
 * file is replaced as a whole. Safe for any thread, and for several processes.
 */
public final class ListFolder {
    /** A file of one's own above this is a mistake. */
    private static final long OWN_OCTETS_MAX = 32L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ListFolder.class);

    private final Path folder;

    /** Nothing is read or made yet. */
    public ListFolder(Path data) {
        this.folder = data.resolve("lists");
    }

    /** The file of one of the operator's lists. */
    public Path file(ListName own) {
        return folder.resolve(own.name().toLowerCase(Locale.ROOT) + ".txt");
    }

    /** What is wrong with the operator's lists, each line with its number; empty when all is well. */
    public List<String> mistakes() {
        var mistakes = new ArrayList<String>();
        for (var name : List.of(ListName.ALLOW, ListName.BLOCK, ListName.OPTOUT)) {
            try {
                var _ = own(name);
            } catch (IllegalArgumentException e) {
                mistakes.add(String.valueOf(e.getMessage()));
            }
        }
        return mistakes;
    }

    /**
     * One of the operator's lists; empty where there is no file.
     *
     * @throws IllegalArgumentException when lines are wrong or the file cannot be read; the message names file and lines
     */
    public OwnList own(ListName name) {
        var file = file(name);
        try {
            if (!Files.exists(file)) {
                return OwnList.empty(name);
            }
            if (Files.size(file) > OWN_OCTETS_MAX) {
                throw new IllegalArgumentException("it is larger than " + OWN_OCTETS_MAX + " bytes");
            }
            var written = Files.getLastModifiedTime(file).toInstant();
            return OwnList.parse(name, LocalDate.ofInstant(written, ZoneOffset.UTC), Files.readString(file));
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /**
     * All lists as they stand now.
     *
     * @throws IllegalArgumentException as {@link #own} does
     */
    public ReferenceLists read() {
        return ReferenceLists.of(newer(), new OwnLists(own(ListName.ALLOW), own(ListName.BLOCK), own(ListName.OPTOUT)));
    }

    /** The editions that are newer than the shipped ones. One that cannot be read does not count. */
    Map<ShippedList, Snapshot> newer() {
        var newer = new EnumMap<ShippedList, Snapshot>(ShippedList.class);
        for (var list : ShippedList.values()) {
            newer(list).ifPresent(snapshot -> newer.put(list, snapshot));
        }
        return newer;
    }

    /** The edition in use. */
    Snapshot current(ShippedList list) {
        return newer(list).orElseGet(list::shipped);
    }

    private Optional<Snapshot> newer(ShippedList list) {
        var file = refreshed(list);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Snapshot.parse(Files.readString(file)));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} cannot be read; the list that came with the program is used", file, e);
            return Optional.empty();
        }
    }

    /**
     * Adds an entry to one of the operator's lists; false when it is there already.
     *
     * @param entry as {@link OwnList#entry} writes it
     */
    public boolean add(ListName own, String entry) {
        return change(own, lines -> {
            if (lines.stream().anyMatch(line -> says(own, line, entry))) {
                return false;
            }
            lines.add(entry);
            return true;
        });
    }

    /** Takes an entry off again; false when it is not there. */
    public boolean remove(ListName own, String entry) {
        return change(own, lines -> lines.removeIf(line -> says(own, line, entry)));
    }

    private interface Change {
        boolean to(List<String> lines);
    }

    private boolean change(ListName own, Change change) {
        var file = file(own);
        try {
            Files.createDirectories(folder);
            // Two commands at a time must not undo each other.
            synchronized (ListFolder.class) {
                try (var channel = FileChannel.open(
                                folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                        var _ = channel.lock()) {
                    var lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.<String>of());
                    var changed = change.to(lines);
                    if (changed) {
                        write(file, lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
                    }
                    return changed;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    private static boolean says(ListName own, String line, String entry) {
        var bare = OwnList.withoutComment(line);
        try {
            return !bare.isEmpty() && OwnList.entry(own, bare).equals(entry);
        } catch (IllegalArgumentException _) {
            return false; // a wrong line is named when the list is read
        }
    }

    /** Keeps a newer edition; it counts from the next {@link #read}. */
    void keep(ShippedList list, Snapshot snapshot) throws IOException {
        Files.createDirectories(folder.resolve("refreshed"));
        write(refreshed(list), snapshot.text(list.holds()));
    }

    /** What came of the last refresh of each list that was ever refreshed. */
    public Map<ShippedList, RefreshOutcome> outcomes() {
        var outcomes = new EnumMap<ShippedList, RefreshOutcome>(ShippedList.class);
        try {
            if (Files.exists(outcomesFile())) {
                for (var line : Files.readAllLines(outcomesFile())) {
                    RefreshOutcome.parse(line).ifPresent(outcome -> outcomes.put(outcome.list(), outcome));
                }
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be read", outcomesFile(), e);
        }
        return outcomes;
    }

    /** Remembers what came of a refresh. */
    void note(RefreshOutcome outcome) throws IOException {
        synchronized (ListFolder.class) {
            var outcomes = outcomes();
            outcomes.put(outcome.list(), outcome);
            Files.createDirectories(folder.resolve("refreshed"));
            write(
                    outcomesFile(),
                    String.join(
                                    "\n",
                                    outcomes.values().stream()
                                            .map(RefreshOutcome::line)
                                            .toList()) + "\n");
        }
    }

    /** Changes whenever a file that counts does. */
    Map<String, String> stamp() {
        var stamp = new TreeMap<String, String>();
        var files = new ArrayList<Path>();
        List.of(ListName.ALLOW, ListName.BLOCK, ListName.OPTOUT).forEach(name -> files.add(file(name)));
        Arrays.stream(ShippedList.values()).map(this::refreshed).forEach(files::add);
        for (var file : files) {
            try {
                stamp.put(file.toString(), Files.getLastModifiedTime(file) + " " + Files.size(file));
            } catch (IOException _) {
                stamp.put(file.toString(), "none");
            }
        }
        return stamp;
    }

    private Path refreshed(ShippedList list) {
        return folder.resolve("refreshed").resolve(list.file());
    }

    private Path outcomesFile() {
        return folder.resolve("refreshed").resolve("outcomes.txt");
    }

    /** Readers see the old text or the new one; the new one is on the disk before it has the name. */
    private static void write(Path file, String text) throws IOException {
        var parent = requireNonNull(file.getParent(), "parent");
        var temporary = Files.createTempFile(parent, "." + file.getFileName(), ".new");
        try {
            try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }
}
