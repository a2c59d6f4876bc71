package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;

/** Writes down who takes a whole list away as a file (reliability L2). Safe for any thread. */
public record Exports(Database database, AuditLog audit) {

    public Exports {
        requireNonNull(database, "database");
        requireNonNull(audit, "audit");
    }

    /**
     * Before the first line is sent, so that no file leaves unseen.
     *
     * @param what which list
     */
    void note(Call call, String what) {
        database.write(handle -> {
            audit.add(handle, call.by(), AuditAction.EXPORTED, what, "as CSV");
            return true;
        });
    }
}
