package dev.gatepost.workspace;

import org.jdbi.v3.core.Handle;

/** The table {@code change}: what nodes look at to learn that their copy in memory is old. */
final class ChangeNotice {
    private ChangeNotice() {}

    /** Grows with every change of {@code name}. */
    static long version(Handle handle, String name) {
        return handle.createQuery("select version from change where name = :name")
                .bind("name", name)
                .mapTo(Long.class)
                .findOne()
                .orElse(0L);
    }

    /** Tells all nodes that {@code name} changes with this transaction, and holds back other changes of it until then. */
    static void announce(Handle handle, String name) {
        handle.createUpdate("""
                        insert into change (name, version) values (:name, 1)
                        on conflict (name) do update set version = change.version + 1""").bind("name", name).execute();
    }
}
