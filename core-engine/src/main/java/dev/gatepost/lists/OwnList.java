package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * A list of the operator's own: domains, each with all below it, and whole addresses. One entry a line; {@code #} at the
 * begin of a line or behind a blank begins a comment. Immutable.
 */
public final class OwnList {
    /** More would hardly be kept by hand; a longer file is a mistake. */
    static final int ENTRIES_MAX = 1_000_000;

    private static final int MISTAKES_MAX = 20;

    private final ListName name;
    private final LocalDate asOf;
    private final Set<String> entries;

    private OwnList(ListName name, LocalDate asOf, Set<String> entries) {
        this.name = name;
        this.asOf = asOf;
        this.entries = Set.copyOf(entries);
    }

    /** Nobody is on it. */
    static OwnList empty(ListName name) {
        return new OwnList(name, LocalDate.EPOCH, Set.of());
    }

    /**
     * Reads a file's text.
     *
     * @param asOf the day the file was written last
     * @throws IllegalArgumentException when lines are wrong; the message names each with its number, up to 20
     */
    static OwnList parse(ListName name, LocalDate asOf, String text) {
        var entries = new LinkedHashSet<String>();
        var mistakes = new ArrayList<String>();
        var number = 0;
        for (var line : text.lines().toList()) {
            number++;
            var bare = withoutComment(line);
            if (bare.isEmpty()) {
                continue;
            }
            try {
                entries.add(entry(name, bare));
            } catch (IllegalArgumentException e) {
                mistakes.add("line " + number + ": " + e.getMessage());
            }
            if (mistakes.size() == MISTAKES_MAX || entries.size() > ENTRIES_MAX) {
                mistakes.add("reading stopped at line " + number);
                break;
            }
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        return new OwnList(requireNonNull(name, "name"), asOf, entries);
    }

    static String withoutComment(String line) {
        if (line.startsWith("#")) {
            return "";
        }
        var hash = line.indexOf(" #");
        return (hash < 0 ? line : line.substring(0, hash)).strip();
    }

    /**
     * A typed entry as it is kept: domains in lower-case A-labels, addresses as two spellings of one share them.
     *
     * @throws IllegalArgumentException when it is neither, or is an address where only domains count
     */
    public static String entry(ListName list, String text) {
        if (text.indexOf('@') > 0) {
            if (list == ListName.OPTOUT) {
                throw new IllegalArgumentException(
                        "\"" + text + "\" is an address; the opt-out list takes domains and" + " mail hosts");
            }
            return switch (AddressParser.parse(text, AddressDialect.SMTPUTF8)) {
                case Wellformed(var address) -> key(address);
                case Malformed(var defect) ->
                    throw new IllegalArgumentException("\"" + text + "\" is no address: " + defect.sentence());
            };
        }
        return ShippedList.domain(text.toLowerCase(Locale.ROOT))
                .orElseThrow(() -> new IllegalArgumentException("\"" + text + "\" is no domain"
                        + (list == ListName.OPTOUT ? " or mail host" : " or address")
                        + (text.startsWith("*.") ? "; leave the *. away, everything below a domain counts" : "")));
    }

    /** The entry for the address, its domain, or the nearest domain above that is on the list. */
    Optional<ListHit> find(EmailAddress address) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        var key = key(address);
        return entries.contains(key) ? Optional.of(hit(key)) : find(address.domain());
    }

    Optional<ListHit> find(Domain domain) {
        return domain.isLiteral() ? Optional.empty() : find(domain.ascii());
    }

    /** The entry for a name or the nearest name above it, at dots only. */
    Optional<ListHit> find(String name) {
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        for (var start = 0; start >= 0; ) {
            var part = name.substring(start);
            if (entries.contains(part)) {
                return Optional.of(hit(part));
            }
            var dot = name.indexOf('.', start);
            start = dot < 0 ? -1 : dot + 1;
        }
        return Optional.empty();
    }

    private ListHit hit(String entry) {
        return new ListHit(name, entry, asOf);
    }

    private static String key(EmailAddress address) {
        return address.normalized();
    }

    public ListName name() {
        return name;
    }

    /** The day the file was written last. */
    public LocalDate asOf() {
        return asOf;
    }

    /** In alphabetical order. */
    public List<String> entries() {
        return entries.stream().sorted().toList();
    }
}
