package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import dev.gatepost.lists.ListFetch.Fetched;
import dev.gatepost.lists.RefreshOutcome.Result;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes newer editions of the lists from their sources: plain text, one entry a line, {@code #} begins a comment. An edition
 * that looks broken is refused and the old one stays. Safe for any thread.
 */
public final class ListRefresh {
    /** Largest text taken; five times the largest public list of disposable domains, 209,403 names in 2025. */
    public static final int OCTETS_MAX = 16 << 20;

    /** Of so many lines one may be unreadable: lists have slips, and an HTML page has nothing else. */
    static final int LINES_PER_MISTAKE = 100;

    private static final String NO_LICENCE = "not stated by the source";

    private static final Logger LOG = LoggerFactory.getLogger(ListRefresh.class);

    private final ListFolder folder;
    private final ListFetch fetch;
    private final InstantSource clock;

    public ListRefresh(ListFolder folder, ListFetch fetch, InstantSource clock) {
        this.folder = requireNonNull(folder, "folder");
        this.fetch = requireNonNull(fetch, "fetch");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Tries once, remembers and logs what came of it. A new edition counts from the next read of the folder. */
    public RefreshOutcome refresh(ShippedList list, ListSource source) {
        var outcome = taken(list, source);
        if (outcome.result() == Result.TAKEN) {
            LOG.info("list {} refreshed: {}", list.word(), outcome.detail());
        } else {
            LOG.warn("list {} not refreshed, the old one stays: {}", list.word(), outcome.detail());
        }
        try {
            folder.note(outcome);
        } catch (IOException e) {
            LOG.warn("what came of refreshing {} could not be written down", list.word(), e);
        }
        return outcome;
    }

    private RefreshOutcome taken(ShippedList list, ListSource source) {
        return switch (text(source)) {
            case Fetched.Failed(var why) -> outcome(list, Result.FAILED, source.name() + ": " + why);
            case Fetched.Text(var text) -> {
                var reading = read(list, source, text);
                var before = folder.current(list);
                var objection = objection(reading, before);
                yield objection.isPresent()
                        ? outcome(list, Result.REFUSED, source.name() + ": " + objection.get())
                        : keep(list, reading.snapshot(), before);
            }
        };
    }

    private RefreshOutcome keep(ShippedList list, Snapshot snapshot, Snapshot before) {
        try {
            folder.keep(list, snapshot);
        } catch (IOException e) {
            return outcome(list, Result.FAILED, "the data folder cannot be written: " + e);
        }
        var gone = new HashSet<>(before.entries());
        snapshot.entries().forEach(gone::remove);
        var added = new HashSet<>(snapshot.entries());
        before.entries().forEach(added::remove);
        return outcome(
                list,
                Result.TAKEN,
                snapshot.entries().size() + " entries from " + snapshot.source() + ", " + added.size() + " new, "
                        + gone.size() + " gone");
    }

    private RefreshOutcome outcome(ShippedList list, Result result, String detail) {
        return new RefreshOutcome(list, clock.instant(), result, detail);
    }

    private Fetched text(ListSource source) {
        return switch (source) {
            case ListSource.OfUrl(var url) -> fetch.fetch(url, OCTETS_MAX);
            case ListSource.OfFile(var path) -> {
                try {
                    yield Files.size(path) > OCTETS_MAX
                            ? new Fetched.Failed("it is larger than " + OCTETS_MAX + " bytes")
                            : new Fetched.Text(Files.readString(path));
                } catch (NoSuchFileException _) {
                    yield new Fetched.Failed("there is no such file");
                } catch (CharacterCodingException _) {
                    yield new Fetched.Failed("it is not UTF-8");
                } catch (IOException e) {
                    yield new Fetched.Failed(
                            "it cannot be read: " + e.getClass().getSimpleName());
                }
            }
        };
    }

    /** @param unreadable lines that are no entry, {@code firstUnreadable} the number of the first, 0: none */
    private record Reading(Snapshot snapshot, int unreadable, int firstUnreadable) {}

    private Reading read(ShippedList list, ListSource source, String text) {
        var entries = new LinkedHashSet<String>();
        var header = new Header();
        int number = 0;
        int unreadable = 0;
        int first = 0;
        for (var line : text.lines().toList()) {
            number++;
            if (line.startsWith("#")) {
                header.read(line);
                continue;
            }
            var bare = OwnList.withoutComment(line);
            if (bare.isEmpty()) {
                continue;
            }
            var entry = list.entry(bare);
            if (entry.isPresent()) {
                entries.add(entry.get());
            } else {
                unreadable++;
                first = first == 0 ? number : first;
            }
        }
        var snapshot = new Snapshot(
                source.name(),
                header.licence,
                header.agreeing,
                header.day(today()),
                entries.stream().toList());
        return new Reading(snapshot, unreadable, first);
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private static Optional<String> objection(Reading reading, Snapshot before) {
        int count = reading.snapshot().entries().size();
        if (count == 0) {
            return Optional.of("it holds no entry"
                    + (reading.unreadable() == 0 ? "" : "; line " + reading.firstUnreadable() + " is none"));
        }
        if (reading.unreadable() * LINES_PER_MISTAKE > count + reading.unreadable()) {
            return Optional.of(reading.unreadable() + " of " + (count + reading.unreadable())
                    + " lines are no entry, first line " + reading.firstUnreadable());
        }
        if (count * 2L < before.entries().size()) {
            return Optional.of("it holds " + count + " entries, less than half of the "
                    + before.entries().size() + " in use");
        }
        return Optional.empty();
    }

    /** What a text may say of itself; the shipped lists do. */
    private static final class Header {
        private String licence = NO_LICENCE;
        private int agreeing = 1;
        private String asOf = "";

        void read(String line) {
            licence = after("# licence: ", line)
                    .or(() -> after("# license: ", line))
                    .orElse(licence);
            asOf = after("# as of: ", line).orElse(asOf);
            agreeing = after("# sources that agree: ", line)
                    .filter(number -> number.matches("[1-9]\\d{0,3}"))
                    .map(Integer::parseInt)
                    .orElse(agreeing);
        }

        /** The day it states, unless that is none or has not come yet. */
        LocalDate day(LocalDate today) {
            try {
                var stated = LocalDate.parse(asOf);
                return stated.isAfter(today) ? today : stated;
            } catch (DateTimeException _) {
                return today;
            }
        }

        private static Optional<String> after(String key, String line) {
            return line.startsWith(key)
                    ? Optional.of(line.substring(key.length()).strip())
                    : Optional.empty();
        }
    }
}
