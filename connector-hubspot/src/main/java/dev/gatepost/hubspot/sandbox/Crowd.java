package dev.gatepost.hubspot.sandbox;

import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Contacts made up when somebody looks at them, so that a million of them take the memory of a million bits. Each has a
 * number, an address, and whether it was written to; what was written, and when, is not kept. Safe for any thread.
 */
final class Crowd {
    private final long firstId;
    private final int size;
    private final String domain;
    private final Instant createdAt;
    /** By place among them. Guarded by this. */
    private final BitSet written = new BitSet();

    /**
     * @param firstId number of the first; the others follow without a gap
     * @param domain of their addresses
     */
    Crowd(long firstId, int size, String domain, Instant createdAt) {
        this.firstId = firstId;
        this.size = size;
        this.domain = domain;
        this.createdAt = createdAt;
    }

    Optional<SandboxContact> find(long id) {
        return contains(id) ? Optional.of(contact(id, Map.of())) : Optional.empty();
    }

    /** What a write leaves, for whoever wrote; empty when there is no such contact. */
    synchronized Optional<SandboxContact> update(long id, Map<String, String> properties) {
        if (!contains(id)) {
            return Optional.empty();
        }
        written.set((int) (id - firstId));
        return Optional.of(contact(id, properties));
    }

    /** Those with a number above {@code after}, in order. */
    Stream<SandboxContact> after(long after) {
        return LongStream.range(Math.max(firstId, after + 1), firstId + size).mapToObj(id -> contact(id, Map.of()));
    }

    /** How many have a number above {@code after}. */
    long count(long after) {
        return Math.max(0, firstId + size - Math.max(firstId, after + 1));
    }

    /** How many of them were written to. */
    synchronized int written() {
        return written.cardinality();
    }

    /** Stands for all of them but for number and address; empty when there are none. */
    Optional<SandboxContact> sample() {
        return find(firstId);
    }

    private boolean contains(long id) {
        return id >= firstId && id < firstId + size;
    }

    private SandboxContact contact(long id, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("email", "person" + id + "@" + domain);
        all.put("hs_object_id", Long.toString(id));
        all.put("createdate", createdAt.toString());
        all.put("lastmodifieddate", createdAt.toString());
        return new SandboxContact(Long.toString(id), all, createdAt, createdAt);
    }
}
