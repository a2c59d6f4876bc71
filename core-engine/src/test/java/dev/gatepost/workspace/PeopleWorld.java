package dev.gatepost.workspace;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.AuditRow;
import dev.gatepost.workspace.Sessions.From;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A store with all that has to do with people, and a hasher that counts. */
final class PeopleWorld implements AutoCloseable {
    static final From HERE = new From("192.0.2.7", "a browser");
    static final From ELSEWHERE = new From("198.51.100.9", "a browser");
    static final String PASSWORD = "seven quiet otters";

    final WorkspaceStore store;
    final CountingHasher hasher = new CountingHasher();
    final AuditLog audit;
    final Workspaces workspaces;
    final People people;
    final Sessions sessions;
    final SecondFactor secondFactor;
    final SignIn signIn;
    final OneTimeLinks links;

    PeopleWorld(Dialect dialect) {
        this(new WorkspaceStore(dialect));
    }

    PeopleWorld(WorkspaceStore store) {
        this.store = store;
        var database = store.store.database();
        var random = new SecureRandom();
        audit = new AuditLog(store.ids, store.clock);
        workspaces = new Workspaces(database, store.clock);
        people = new People(database, store.ids, audit, store.clock);
        sessions = new Sessions(database, store.ids, audit, store.clock, random);
        secondFactor = new SecondFactor(database, store.secrets, audit, store.clock, random);
        var key = WorkspaceStore.KEY.derive("test");
        signIn = new SignIn(database, hasher, secondFactor, sessions, audit, key, store.clock);
        links = new OneTimeLinks(database, store.ids, audit, hasher, store.clock, random);
    }

    /** The first owner, as the link at the first start makes them. */
    Member owner() {
        var id = links.becomeOwner(linkAtTheMachine(), "ann@acme.io", "Ann", PASSWORD, "127.0.0.1")
                .orElseThrow();
        return people.member(Workspaces.MAIN, id).orElseThrow();
    }

    String linkAtTheMachine() {
        return ((OneTimeLinks.ForOwner.Made) links.makeAtTheMachine("", OneTimeLinks.Codes.KEPT)).token();
    }

    /** Somebody with a password. */
    Member join(AuditLog.By by, String email, Role role) {
        var added = people.add(by, new People.Newcomer(email, "Somebody", role));
        var member = ((People.Added.Joined) added).member();
        links.choosePassword(links.invite(by, member.person().id()).orElseThrow(), PASSWORD, "192.0.2.7");
        return people.member(by.workspaceId(), member.person().id()).orElseThrow();
    }

    static AuditLog.By by(Member member) {
        return new AuditLog.By(member.workspaceId(), member.person().id(), "192.0.2.7");
    }

    SignIn.Outcome signIn(String email, String password) {
        return signIn.attempt(new SignIn.Typed(email, password, ""), HERE);
    }

    String token(SignIn.Outcome outcome) {
        return ((SignIn.Outcome.Welcome) outcome).token();
    }

    List<String> actions(String workspaceId) {
        return store
                .store
                .database()
                .<List<AuditRow>>read(handle -> audit.latest(handle, workspaceId, "", "", 100))
                .reversed()
                .stream()
                .map(row -> row.deed().action())
                .toList();
    }

    @Override
    public void close() {
        store.close();
    }

    /** Quick, and tells how often it was asked. What it stores names the cost, so that it can grow. */
    static final class CountingHasher implements PasswordHasher {
        final AtomicInteger hashes = new AtomicInteger();
        volatile int cost = 1;

        @Override
        public String hash(String password) {
            hashes.incrementAndGet();
            return cost + ":" + Tokens.hash(password);
        }

        @Override
        public boolean matches(String password, String stored) {
            hashes.incrementAndGet();
            return stored.endsWith(":" + Tokens.hash(password));
        }

        @Override
        public String unmatchable() {
            return cost + ":none";
        }

        @Override
        public boolean isOutdated(String stored) {
            return !stored.startsWith(cost + ":");
        }
    }
}
