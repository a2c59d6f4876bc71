package dev.gatepost.console;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.store.Stores;
import dev.gatepost.workspace.Argon2Hasher;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.OneTimeLinks;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import dev.gatepost.workspace.People;
import dev.gatepost.workspace.Sessions;
import dev.gatepost.workspace.Workspaces;
import java.security.SecureRandom;
import java.time.InstantSource;

/** A store in which people can live, with hashing made cheap. */
final class Town implements AutoCloseable {

    static final Sessions.From HERE = new Sessions.From("127.0.0.1", "a browser");

    private final Stores store = Stores.fresh(Dialect.SQLITE);
    private final Sessions sessions;
    private final OneTimeLinks links;
    private final People people;

    Town(InstantSource clock) {
        var database = store.database();
        var random = new SecureRandom();
        var ids = new Ids(clock, random);
        var audit = new AuditLog(ids, clock);
        new Workspaces(database, clock).ensureMain();
        var hasher = new Argon2Hasher(new Argon2Hasher.Cost(64, 1, 1), random);
        sessions = new Sessions(database, ids, audit, clock, random);
        links = new OneTimeLinks(database, ids, audit, hasher, clock, random);
        people = new People(database, ids, audit, clock);
    }

    Access access() {
        return new Access.BySession(sessions, links, people);
    }

    Sessions sessions() {
        return sessions;
    }

    String link() {
        return ((ForOwner.Made) links.makeAtTheMachine("", Codes.KEPT)).token();
    }

    /** Makes the first owner; the answer is their id. */
    String owner() {
        return links.becomeOwner(link(), "ann@acme.io", "Ann", "seven quiet otters", "127.0.0.1")
                .orElseThrow();
    }

    @Override
    public void close() {
        store.close();
    }
}
