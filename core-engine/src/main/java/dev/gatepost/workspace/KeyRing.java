package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.StoreUnusable;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jdbi.v3.core.Handle;

/**
 * The keys that values are encrypted under and stored keys are hashed with. They lie in the database, wrapped by the master
 * key, so that either can be changed without the other. What was encrypted under an old key stays readable as long as the
 * key is kept. Safe for any thread.
 */
final class KeyRing {
    private static final String CURRENT = "current";
    private static final String OLD = "old";
    private static final String HASH = "hash";
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;

    private final Database database;
    private final MasterKey master;
    private final SecureRandom random;
    private volatile Map<String, SecretKey> known = Map.of();

    KeyRing(Database database, MasterKey master, SecureRandom random) {
        this.database = requireNonNull(database, "database");
        this.master = requireNonNull(master, "master");
        this.random = requireNonNull(random, "random");
    }

    MasterKey master() {
        return master;
    }

    /** A key and its name. */
    record DataKey(String id, SecretKey key) {}

    private record Row(String id, String masterId, String state, String wrapped) {}

    /**
     * Makes the first key where there is none: the one that everything was encrypted under before keys were kept here.
     *
     * @throws StoreUnusable when the keys are wrapped by another master key
     */
    void begin(Handle handle, Instant now) {
        var rows = rows(handle);
        if (rows.isEmpty()) {
            insert(handle, master, new DataKey(master.id(), aes(master.derive("secrets"))), CURRENT, now);
            return;
        }
        requireOurs(rows);
    }

    private void requireOurs(List<Row> rows) {
        var masters = new TreeSet<>(rows.stream().map(Row::masterId).toList());
        if (!masters.contains(master.id())) {
            throw wrongMaster(String.join(" or ", masters), master.id());
        }
    }

    static StoreUnusable wrongMaster(String right, String given) {
        return new StoreUnusable(
                "master_key_wrong",
                "The master key is not the one this database was filled with (key " + right + ", not " + given
                        + "); give the right one with GATEPOST_MASTER_KEY_FILE.");
    }

    boolean isEmpty(Handle handle) {
        return rows(handle).isEmpty();
    }

    /** The key that is encrypted with now. Asked of the database, since another node may have changed it. */
    DataKey current() {
        String id = database.read(
                handle -> handle.createQuery("select id from data_key where master_id = :master and state = :current")
                        .bind("master", master.id())
                        .bind("current", CURRENT)
                        .mapTo(String.class)
                        .one());
        return new DataKey(id, byId(id).orElseThrow(() -> new IllegalStateException("no key " + id)));
    }

    /** The key with this name; looked for in the database when it is not known here yet. */
    Optional<SecretKey> byId(String id) {
        var held = known.get(id);
        if (held != null) {
            return Optional.of(held);
        }
        List<Row> rows = database.read(KeyRing::rows);
        var keys = new HashMap<String, SecretKey>();
        for (var row : rows) {
            if (row.masterId().equals(master.id())) {
                keys.put(row.id(), unwrap(row));
            }
        }
        known = Map.copyOf(keys);
        return Optional.ofNullable(known.get(id));
    }

    /**
     * A key for hashing what is stored under a purpose. It never changes, whatever becomes of the master key it was made
     * from: hashes cannot be made again without what was hashed.
     */
    SecretKey hashKey(String purpose, Instant now) {
        var held = byId(purpose);
        if (held.isPresent()) {
            return mac(held.get());
        }
        database.write(handle -> {
            var others = rows(handle).stream()
                    .filter(row -> row.id().equals(purpose))
                    .toList();
            if (others.isEmpty()) {
                insert(handle, master, new DataKey(purpose, master.derive(purpose)), HASH, now);
            } else {
                requireOurs(others);
            }
            return true;
        });
        return mac(byId(purpose).orElseThrow(() -> new IllegalStateException("no key for " + purpose)));
    }

    /** Makes a new key the current one, under every master key that opens the others. */
    DataKey renew(List<MasterKey> masters, Instant now) {
        var bytes = new byte[KEY_BYTES];
        random.nextBytes(bytes);
        var name = new byte[ID_BYTES];
        random.nextBytes(name);
        var fresh = new DataKey(HexFormat.of().formatHex(name), new SecretKeySpec(bytes, "AES"));
        database.write(handle -> {
            handle.createUpdate("update data_key set state = :old where state = :current")
                    .bind("old", OLD)
                    .bind("current", CURRENT)
                    .execute();
            masters.forEach(each -> insert(handle, each, fresh, CURRENT, now));
            return true;
        });
        return fresh;
    }

    /** Lets {@code other} open every key as well. */
    void admit(MasterKey other, Instant now) {
        database.write(handle -> {
            for (var row : rows(handle)) {
                if (row.masterId().equals(master.id())) {
                    insert(handle, other, new DataKey(row.id(), unwrap(row)), row.state(), now);
                }
            }
            return true;
        });
    }

    /** Whether no other master key was admitted after this one. */
    boolean isNewestMaster(Handle handle) {
        return handle.createQuery("""
                        select master_id from data_key group by master_id
                        order by min(created_at) desc, case when master_id = :master then 1 else 0 end limit 1""")
                .bind("master", master.id())
                .mapTo(String.class)
                .one()
                .equals(master.id());
    }

    /** From now on only the master key at hand opens anything; how many others did is the answer. */
    int dismissOthers(Handle handle) {
        var others = rows(handle).stream()
                .map(Row::masterId)
                .filter(id -> !id.equals(master.id()))
                .distinct()
                .count();
        handle.createUpdate("delete from data_key where master_id <> :master")
                .bind("master", master.id())
                .execute();
        return (int) others;
    }

    /** Names of the keys that are kept only to read what is old. */
    static List<String> old(Handle handle) {
        return handle.createQuery("select distinct id from data_key where state = :old order by id")
                .bind("old", OLD)
                .mapTo(String.class)
                .list();
    }

    /** When the key that is encrypted with now was made. */
    static Instant currentSince(Handle handle) {
        return handle.createQuery("select max(created_at) from data_key where state = :current")
                .bind("current", CURRENT)
                .mapTo(Instant.class)
                .one();
    }

    static void forget(Handle handle, String id) {
        handle.createUpdate("delete from data_key where id = :id and state = :old")
                .bind("id", id)
                .bind("old", OLD)
                .execute();
    }

    private static List<Row> rows(Handle handle) {
        return handle.createQuery("select * from data_key order by id, master_id")
                .map((row, context) -> new Row(
                        row.getString("id"),
                        row.getString("master_id"),
                        row.getString("state"),
                        row.getString("wrapped")))
                .list();
    }

    private void insert(Handle handle, MasterKey under, DataKey key, String state, Instant now) {
        var wrapped = Sealing.seal(
                wrapping(under), bound(key.id(), under.id()), key.key().getEncoded(), random);
        handle.createUpdate("""
                        insert into data_key (id, master_id, state, wrapped, created_at)
                        values (:id, :master, :state, :wrapped, :now) on conflict (id, master_id) do nothing""")
                .bind("id", key.id())
                .bind("master", under.id())
                .bind("state", state)
                .bind("wrapped", wrapped)
                .bind("now", now)
                .execute();
    }

    private SecretKey unwrap(Row row) {
        return Sealing.open(wrapping(master), bound(row.id(), row.masterId()), row.wrapped())
                .<SecretKey>map(bytes -> new SecretKeySpec(bytes, "AES"))
                .orElseThrow(() -> new StoreUnusable(
                        "secret_changed",
                        "The key " + row.id() + " in table data_key was changed behind the program's back; restore a"
                                + " backup."));
    }

    private static SecretKey wrapping(MasterKey master) {
        return aes(master.derive("key encryption"));
    }

    private static SecretKey aes(SecretKey key) {
        return new SecretKeySpec(key.getEncoded(), "AES");
    }

    private static SecretKey mac(SecretKey key) {
        return new SecretKeySpec(key.getEncoded(), "HmacSHA256");
    }

    private static String bound(String id, String masterId) {
        return String.join("\0", "data_key", id, "wrapped", masterId);
    }
}
