package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.AddressRange;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key of the API as it is kept: everything but the key.
 *
 * @param id ours
 * @param hint last characters of the key, for people
 * @param createdBy a person, key or command
 * @param lastUsedAt to the minute; null when never
 */
public record ApiKey(
        String id,
        Draft draft,
        String hint,
        Instant createdAt,
        String createdBy,
        @Nullable Instant revokedAt,
        @Nullable Instant lastUsedAt) {
    /** Requests a minute that a key may make unless it was made with another number. */
    public static final int RATE_PER_MINUTE = 6_000;

    /** As above for a publishable key: two sign-ups a second. */
    public static final int PUBLIC_RATE_PER_MINUTE = 120;

    /** The most that a key can be made with: 10,000 a second. */
    public static final int RATE_PER_MINUTE_MAX = 600_000;

    public ApiKey {
        requireNonNull(id, "id");
        requireNonNull(draft, "draft");
    }

    /**
     * What a key is made with.
     *
     * @param name for people
     * @param scopes what it may be used for; none for a publishable key
     * @param ranges addresses it may be used from; none means from anywhere
     * @param origins web origins a publishable key may be used from, as in {@code https://www.acme.io}
     * @param ratePerMinute requests a minute, on each node
     * @param expiresAt when it ends by itself; null means never
     */
    public record Draft(
            String workspaceId,
            KeyKind kind,
            String name,
            Set<Scope> scopes,
            List<AddressRange> ranges,
            List<String> origins,
            int ratePerMinute,
            @Nullable Instant expiresAt) {
        public Draft {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(kind, "kind");
            requireNonNull(name, "name");
            scopes = Set.copyOf(scopes);
            ranges = List.copyOf(ranges);
            origins = List.copyOf(origins);
        }
    }

    /** Whether it opens anything at this time. */
    public boolean isLive(Instant now) {
        var end = draft.expiresAt();
        return revokedAt == null && (end == null || now.isBefore(end));
    }

    /** Whether it may be used from this address. */
    public boolean admits(InetAddress address) {
        return draft.ranges().isEmpty() || draft.ranges().stream().anyMatch(range -> range.contains(address));
    }
}
