package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.workspace.Connection;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * The table {@code tombstone}: keyed hashes of what was erased, so that a late event does not bring it back (reliability
 * L4). Nothing can be read from them.
 */
final class Tombstones {
    private final Function<byte[], byte[]> keyedHash;

    Tombstones(Function<byte[], byte[]> keyedHash) {
        this.keyedHash = requireNonNull(keyedHash, "keyedHash");
    }

    /** The CRM erased this contact; its id never comes to life again. */
    void layContact(Handle handle, String connectionId, String objectId, Instant now) {
        lay(handle, contact(connectionId, objectId), now);
    }

    /** This address was erased from a workspace. */
    void layAddress(Handle handle, String workspaceId, String normalized, Instant now) {
        lay(handle, address(workspaceId, normalized), now);
    }

    /** Whether the contact, or the address, was erased. */
    boolean covers(Handle handle, Connection connection, String objectId, String normalized) {
        return handle.createQuery("select count(*) from tombstone where key in (<keys>)")
                        .bindList(
                                "keys",
                                List.of(
                                        contact(connection.id(), objectId),
                                        address(connection.workspaceId(), normalized)))
                        .mapTo(Long.class)
                        .one()
                > 0;
    }

    private static void lay(Handle handle, String key, Instant now) {
        handle.createUpdate("""
                        insert into tombstone (key, at) values (:key, :at)
                        on conflict (key) do update set at = excluded.at
                        """).bind("key", key).bind("at", now.toEpochMilli()).execute();
    }

    private String contact(String connectionId, String objectId) {
        return hash("erased contact|" + connectionId + "|" + objectId);
    }

    private String address(String workspaceId, String normalized) {
        return hash("erased address|" + workspaceId + "|" + normalized);
    }

    private String hash(String text) {
        return HexFormat.of().formatHex(keyedHash.apply(text.getBytes(StandardCharsets.UTF_8)));
    }
}
