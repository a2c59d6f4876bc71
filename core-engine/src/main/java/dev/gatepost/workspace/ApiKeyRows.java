package dev.gatepost.workspace;

import dev.gatepost.egress.AddressRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The table {@code api_key}. */
final class ApiKeyRows {
    /** When a key ends that never does. */
    private static final Instant NEVER = Instant.parse("9999-12-31T23:59:59Z");

    private ApiKeyRows() {}

    static long version(Handle handle, String change) {
        return handle.createQuery("select version from change where name = :name")
                .bind("name", change)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    static void announceChange(Handle handle, String change) {
        handle.createUpdate("""
                        insert into change (name, version) values (:name, 1)
                        on conflict (name) do update set version = change.version + 1""").bind("name", change).execute();
    }

    static void insert(Handle handle, ApiKey key, String hash) {
        var draft = key.draft();
        handle.createUpdate("""
                        insert into api_key (id, workspace_id, kind, name, hash, hint, scopes, ranges, origins,
                            rate_per_minute, created_at, created_by, expires_at)
                        values (:id, :workspace, :kind, :name, :hash, :hint, :scopes, :ranges, :origins,
                            :rate, :createdAt, :createdBy, :expiresAt)""")
                .bind("id", key.id())
                .bind("workspace", draft.workspaceId())
                .bind("kind", draft.kind().word())
                .bind("name", draft.name())
                .bind("hash", hash)
                .bind("hint", key.hint())
                .bind(
                        "scopes",
                        draft.scopes().stream().map(Scope::word).sorted().collect(Collectors.joining(" ")))
                .bind(
                        "ranges",
                        draft.ranges().stream().map(AddressRange::toString).collect(Collectors.joining(" ")))
                .bind("origins", String.join(" ", draft.origins()))
                .bind("rate", draft.ratePerMinute())
                .bind("createdAt", key.createdAt())
                .bind("createdBy", key.createdBy())
                .bind("expiresAt", millis(draft.expiresAt()))
                .execute();
    }

    static Optional<ApiKey> byHash(Handle handle, String hash) {
        return handle.createQuery("select * from api_key where hash = :hash")
                .bind("hash", hash)
                .map((row, _) -> key(row))
                .findOne();
    }

    /** When the last key bound to this origin ends, which {@link Origins} found to be one; empty when there is none. */
    static Optional<Instant> boundUntil(Handle handle, String origin) {
        // An origin holds neither of the letters that have a meaning in a pattern.
        return handle.createQuery("""
                        select max(coalesce(expires_at, :never)) from api_key
                        where kind = 'pub' and revoked_at is null
                            and ' ' || origins || ' ' like '% ' || :origin || ' %'""")
                .bind("never", NEVER.toEpochMilli())
                .bind("origin", origin)
                .mapTo(Long.class)
                .findOne()
                .map(Instant::ofEpochMilli);
    }

    static List<ApiKey> page(Handle handle, String workspaceId, String beforeId, int limit) {
        return handle.createQuery("""
                        select * from api_key
                        where workspace_id = :workspace and revoked_at is null and (:before = '' or id < :before)
                        order by id desc limit :limit""")
                .bind("workspace", workspaceId)
                .bind("before", beforeId)
                .bind("limit", limit)
                .map((row, _) -> key(row))
                .list();
    }

    static boolean revoke(Handle handle, String workspaceId, String id, Instant now) {
        return handle.createUpdate("""
                        update api_key set revoked_at = :now
                        where id = :id and workspace_id = :workspace and revoked_at is null""")
                        .bind("now", now)
                        .bind("id", id)
                        .bind("workspace", workspaceId)
                        .execute()
                == 1;
    }

    static int used(Handle handle, String id, Instant now) {
        return handle.createUpdate("update api_key set last_used_at = :now where id = :id")
                .bind("now", now)
                .bind("id", id)
                .execute();
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : (Long) instant.toEpochMilli();
    }

    private static ApiKey key(ResultSet row) throws SQLException {
        return new ApiKey(
                row.getString("id"),
                new ApiKey.Draft(
                        row.getString("workspace_id"),
                        KeyKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("name"),
                        words(row.getString("scopes")).stream()
                                .map(word -> Scope.valueOf(word.toUpperCase(Locale.ROOT)))
                                .collect(Collectors.toSet()),
                        words(row.getString("ranges")).stream()
                                .map(AddressRange::parse)
                                .toList(),
                        words(row.getString("origins")),
                        row.getInt("rate_per_minute"),
                        instant(row, "expires_at")),
                row.getString("hint"),
                Instant.ofEpochMilli(row.getLong("created_at")),
                row.getString("created_by"),
                instant(row, "revoked_at"),
                instant(row, "last_used_at"));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : Arrays.asList(text.split(" "));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        var millis = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(millis);
    }
}
