package dev.gatepost.hubspot.sandbox;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The portal's contacts. Tells what happened to them as HubSpot would. Safe for any thread. */
final class ContactBook {
    private static final long FIRST_ID = 1001;

    private final InstantSource clock;
    private final Consumer<Change> changes;
    /** By number, those that are neither archived nor merged away. Guarded by this, as all below. */
    private final TreeMap<Long, SandboxContact> contacts = new TreeMap<>();

    private final Map<Long, Long> mergedInto = new HashMap<>();
    private final Map<Long, SandboxContact> archived = new HashMap<>();
    private long nextId = FIRST_ID;
    private Crowd crowd = new Crowd(0, 0, "", Instant.EPOCH);

    /** @param changes is told of each change, in order; must not call back */
    ContactBook(InstantSource clock, Consumer<Change> changes) {
        this.clock = clock;
        this.changes = changes;
    }

    /** What happened to a contact. */
    sealed interface Change {
        long id();

        record Created(long id) implements Change {}

        record EmailSet(long id, String email) implements Change {}

        record Deleted(long id) implements Change {}

        record Restored(long id) implements Change {}

        record Erased(long id) implements Change {}

        /** Two contacts became one; {@code id} is the record that remains. */
        record Merged(long id, long primary, long other) implements Change {}
    }

    synchronized SandboxContact create(Map<String, String> properties) {
        var now = now();
        var id = nextId++;
        var contact = put(id, without("", normalised(properties)), now, now);
        changes.accept(new Change.Created(id));
        if (!contact.property("email").isEmpty()) {
            changes.accept(new Change.EmailSet(id, contact.property("email")));
        }
        return contact;
    }

    /** So many contacts more, of which nobody is told; instead of those that came so before. */
    synchronized void gather(int size, String domain) {
        crowd = new Crowd(nextId, size, domain, now());
        nextId += size;
    }

    /** Sets properties; empty text clears one. Empty when there is no such contact. */
    synchronized Optional<SandboxContact> update(long id, Map<String, String> properties) {
        return crowd.update(id, normalised(properties)).or(() -> updateStored(id, properties));
    }

    private Optional<SandboxContact> updateStored(long id, Map<String, String> properties) {
        return find(id).map(contact -> {
            Map<String, String> merged = new HashMap<>(contact.properties());
            merged.putAll(normalised(properties));
            var updated = put(Long.parseLong(contact.id()), without("", merged), contact.createdAt(), now());
            if (!updated.property("email").equals(contact.property("email"))) {
                changes.accept(new Change.EmailSet(Long.parseLong(contact.id()), updated.property("email")));
            }
            return updated;
        });
    }

    /** The contact, also by the number it had before a merge. */
    synchronized Optional<SandboxContact> find(long id) {
        long now = id;
        while (mergedInto.containsKey(now)) {
            now = mergedInto.get(now);
        }
        long last = now;
        return Optional.ofNullable(contacts.get(last)).or(() -> crowd.find(last));
    }

    synchronized Optional<SandboxContact> withEmail(String email) {
        return contacts.values().stream()
                .filter(contact -> contact.property("email").equals(normalised(email)))
                .findFirst();
    }

    /** Those with a number above {@code after}, in order. */
    synchronized List<SandboxContact> after(long after, int limit) {
        return Stream.concat(
                        contacts.tailMap(after, false).values().stream().limit(limit),
                        crowd.after(after).limit(limit))
                .sorted(Comparator.comparingLong(contact -> Long.parseLong(contact.id())))
                .limit(limit)
                .toList();
    }

    /** All but the crowd. */
    synchronized List<SandboxContact> stored() {
        return List.copyOf(contacts.values());
    }

    /** The crowd as it is now; its contacts are made up while it is read. */
    synchronized Crowd crowd() {
        return crowd;
    }

    /** Into the recycle bin. */
    synchronized boolean delete(long id) {
        var gone = contacts.remove(id);
        if (gone == null) {
            return false;
        }
        archived.put(id, gone);
        changes.accept(new Change.Deleted(id));
        return true;
    }

    /** Out of the recycle bin. */
    synchronized boolean restore(long id) {
        var back = archived.remove(id);
        if (back == null) {
            return false;
        }
        contacts.put(id, back);
        changes.accept(new Change.Restored(id));
        return true;
    }

    /** Deleted for good, by the person's right; HubSpot reports both deletions. */
    synchronized boolean erase(long id) {
        var here = contacts.remove(id);
        var binned = archived.remove(id);
        if (here == null && binned == null) {
            return false;
        }
        changes.accept(new Change.Deleted(id));
        changes.accept(new Change.Erased(id));
        return true;
    }

    /** Merges two contacts into a record with a new number, to which both old ones lead. */
    synchronized Optional<SandboxContact> merge(long primary, long other) {
        var winner = contacts.get(primary);
        var loser = contacts.get(other);
        if (winner == null || loser == null || primary == other) {
            return Optional.empty();
        }
        Map<String, String> properties = new HashMap<>(loser.properties());
        properties.putAll(winner.properties());
        contacts.remove(primary);
        contacts.remove(other);
        long id = nextId++;
        mergedInto.put(primary, id);
        mergedInto.put(other, id);
        var merged = put(id, properties, winner.createdAt(), now());
        changes.accept(new Change.Merged(id, primary, other));
        return Optional.of(merged);
    }

    private SandboxContact put(long id, Map<String, String> properties, Instant createdAt, Instant updatedAt) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("hs_object_id", Long.toString(id));
        all.put("createdate", createdAt.toString());
        all.put("lastmodifieddate", updatedAt.toString());
        var contact = new SandboxContact(Long.toString(id), all, createdAt, updatedAt);
        contacts.put(id, contact);
        return contact;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }

    private static Map<String, String> normalised(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.computeIfPresent("email", (_, email) -> normalised(email));
        return all;
    }

    /** HubSpot keeps addresses trimmed and in lower case. */
    private static String normalised(String email) {
        return email.strip().toLowerCase(Locale.ROOT);
    }

    private static Map<String, String> without(String value, Map<String, String> properties) {
        Map<String, String> kept = new HashMap<>(properties);
        kept.values().removeIf(value::equals);
        return kept;
    }
}
