package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.StoreUnusable;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.KeyRing.DataKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jdbi.v3.core.Handle;

/**
 * Changes the key that secrets are encrypted under, and the master key above it, while everything works on (reliability:
 * X2). What has to be done is in the values themselves, so it may be stopped at any point and started again. Safe for any
 * thread.
 */
public final class KeyRotation {
    /** Values in one transaction: some milliseconds of the writer's time. */
    static final int BATCH = 100;

    /** An old key is kept at least so long: what was encrypted when it was current may still be on its way. */
    static final Duration OLD_KEPT = Duration.ofMinutes(2);

    private final Database database;
    private final Secrets secrets;
    private final AuditLog audit;

    public KeyRotation(Database database, Secrets secrets, AuditLog audit) {
        this.database = requireNonNull(database, "database");
        this.secrets = requireNonNull(secrets, "secrets");
        this.audit = requireNonNull(audit, "audit");
    }

    /**
     * What was done.
     *
     * @param keyId of the key that everything is encrypted under now
     * @param values encrypted anew
     * @param unreadable values that no key opens; they are left as they are
     * @param keysForgotten old keys that nothing needs any more
     */
    public record Report(String keyId, int values, int unreadable, int keysForgotten) {}

    /** Encrypts everything under a new key; goes on where it was stopped when it was. */
    public Report rotate(By by) {
        return rotate(by, Optional.empty());
    }

    /**
     * As {@link #rotate(By)}; from now on {@code next} opens the keys as well as the master key at hand.
     *
     * @throws IllegalArgumentException when {@code next} is the master key at hand
     */
    public Report rotate(By by, MasterKey next) {
        if (next.id().equals(secrets.ring().master().id())) {
            throw new IllegalArgumentException("this is the master key in use; make another with gatepost key create");
        }
        secrets.ring().admit(next, secrets.now());
        return rotate(by, Optional.of(next));
    }

    private Report rotate(By by, Optional<MasterKey> next) {
        var current = secrets.ring().current();
        var moved = new Moved();
        // Before there is a new one: what was old before it has been old for long.
        moved.forgotten = database.<Integer>write(this::forgetUnused);
        // Somebody stopped it half-way: first what is left, or each attempt would begin from the start.
        if (next.isEmpty() && hasValuesUnderOthers(current)) {
            move(current, moved);
        }
        var key = current;
        if (moved.values == 0) {
            key = renew(next);
            moved.unreadable = 0;
            move(key, moved);
        }
        return ended(by, key, moved);
    }

    private Report ended(By by, DataKey key, Moved moved) {
        database.write(handle -> {
            audit.add(handle, by, AuditAction.SECRETS_KEY_ROTATED, key.id(), moved.values + " values");
            return true;
        });
        return new Report(key.id(), moved.values, moved.unreadable, moved.forgotten);
    }

    private DataKey renew(Optional<MasterKey> next) {
        var masters = new ArrayList<>(List.of(secrets.ring().master()));
        next.ifPresent(masters::add);
        return secrets.ring().renew(masters, secrets.now());
    }

    /**
     * From now on only the master key at hand opens anything; how many others did is the answer.
     *
     * @return empty when another one was admitted after the one at hand, which would be locked out
     */
    public OptionalInt finish(By by) {
        return database.write(handle -> {
            if (!secrets.ring().isNewestMaster(handle)) {
                return OptionalInt.empty();
            }
            var others = secrets.ring().dismissOthers(handle);
            forgetUnused(handle);
            audit.add(handle, by, AuditAction.SECRETS_KEY_ROTATED, "", others + " master keys dismissed");
            return OptionalInt.of(others);
        });
    }

    private static final class Moved {
        int values;
        int unreadable;
        int forgotten;
    }

    private record Value(String row, String text) {}

    private void move(DataKey key, Moved moved) {
        for (var column : SecretColumn.values()) {
            if (column.isLasting()) {
                move(column, key, moved);
            }
        }
    }

    private void move(SecretColumn column, DataKey key, Moved moved) {
        var after = "";
        while (true) {
            var start = after;
            List<Value> batch = database.read(handle -> valuesUnderOthers(handle, column, key.id(), start, BATCH));
            if (batch.isEmpty()) {
                return;
            }
            move(column, key, batch, moved);
            after = batch.getLast().row();
        }
    }

    private void move(SecretColumn column, DataKey key, List<Value> batch, Moved moved) {
        record Fresh(Value old, String text) {}
        var fresh = new ArrayList<Fresh>();
        for (var value : batch) {
            try {
                var place = column.of(value.row());
                fresh.add(new Fresh(value, secrets.encrypt(key, place, secrets.decrypt(place, value.text()))));
            } catch (StoreUnusable e) {
                moved.unreadable++;
            }
        }
        int count = database.write(handle -> {
            var changed = 0;
            for (var each : fresh) {
                // What was saved meanwhile is newer than what was read, and under the new key already.
                changed += handle.createUpdate("update " + column.table() + " set " + column.column()
                                + " = :fresh where id = :row and " + column.column() + " = :old")
                        .bind("fresh", each.text())
                        .bind("row", each.old().row())
                        .bind("old", each.old().text())
                        .execute();
            }
            return changed;
        });
        moved.values += count;
    }

    private boolean hasValuesUnderOthers(DataKey current) {
        return database.read(handle -> {
            for (var column : SecretColumn.values()) {
                if (column.isLasting()
                        && !valuesUnderOthers(handle, column, current.id(), "", 1)
                                .isEmpty()) {
                    return true;
                }
            }
            return false;
        });
    }

    private static List<Value> valuesUnderOthers(
            Handle handle, SecretColumn column, String keyId, String after, int limit) {
        var prefix = Secrets.prefix(keyId);
        return handle.createQuery("select id as place, " + column.column() + " as text from "
                        + column.table() + " where " + column.column() + " <> '' and substr(" + column.column()
                        + ", 1, :length) <> :prefix and id > :after order by id limit :limit")
                .bind("length", prefix.length())
                .bind("prefix", prefix)
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new Value(row.getString("place"), row.getString("text")))
                .list();
    }

    /** Keys nothing is encrypted under, unless they were current a moment ago. */
    private int forgetUnused(Handle handle) {
        Instant since = KeyRing.currentSince(handle);
        if (secrets.now().isBefore(since.plus(OLD_KEPT))) {
            return 0;
        }
        var count = 0;
        for (var id : KeyRing.old(handle)) {
            if (isUnused(handle, id)) {
                KeyRing.forget(handle, id);
                count++;
            }
        }
        return count;
    }

    private static boolean isUnused(Handle handle, String keyId) {
        var prefix = Secrets.prefix(keyId);
        for (var column : SecretColumn.values()) {
            var used = handle.createQuery("select 1 from " + column.table() + " where substr(" + column.column()
                            + ", 1, :length) = :prefix limit 1")
                    .bind("length", prefix.length())
                    .bind("prefix", prefix)
                    .mapTo(Integer.class)
                    .findOne();
            if (used.isPresent()) {
                return false;
            }
        }
        return true;
    }
}
