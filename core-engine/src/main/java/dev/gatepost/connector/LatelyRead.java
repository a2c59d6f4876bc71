package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Contacts.Contact;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Contacts as they were read a moment ago. Where the verdict comes at once, reading them again before writing would spend a
 * call of the few there are on what is known. Safe for any thread.
 */
public final class LatelyRead {
    /** About what a reading takes to be used anyway: a change within it would be missed by a second reading just as well. */
    public static final Duration AGE_MAX = Duration.ofSeconds(2);

    private static final int CONTACTS_MAX = 1_000;

    private final InstantSource clock;
    private final Map<String, Seen> seen = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
            return size() > CONTACTS_MAX;
        }
    };

    private record Seen(Contact contact, Instant at) {}

    /** Remembers nothing yet. */
    public LatelyRead(InstantSource clock) {
        this.clock = requireNonNull(clock, "clock");
    }

    /** Remembers contacts that were just read. */
    public synchronized void note(List<Contact> contacts) {
        var now = clock.instant();
        contacts.forEach(contact -> seen.put(contact.askedId(), new Seen(contact, now)));
    }

    /** All of these contacts, by the ids they were asked for with, each once only, if every one was read a moment ago. */
    public synchronized Optional<List<Contact>> take(List<String> ids) {
        var since = clock.instant().minus(AGE_MAX);
        var found = ids.stream()
                .map(seen::remove)
                .filter(known -> known != null && known.at().isAfter(since))
                .map(Seen::contact)
                .toList();
        return found.size() == ids.size() ? Optional.of(found) : Optional.empty();
    }
}
