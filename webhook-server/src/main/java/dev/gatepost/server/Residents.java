package dev.gatepost.server;

import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.Argon2Hasher;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.OneTimeLinks;
import dev.gatepost.workspace.People;
import dev.gatepost.workspace.SecondFactor;
import dev.gatepost.workspace.Secrets;
import dev.gatepost.workspace.Sessions;
import dev.gatepost.workspace.SignIn;
import dev.gatepost.workspace.Workspaces;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Everything that has to do with people and what they do. Safe for any thread. */
public record Residents(
        AuditLog audit,
        Workspaces workspaces,
        People people,
        Sessions sessions,
        SecondFactor secondFactor,
        SignIn signIn,
        OneTimeLinks links) {

    static Residents of(Database database, Secrets secrets, Ids ids, InstantSource clock, SecureRandom random) {
        var audit = new AuditLog(ids, clock);
        var hasher = new Argon2Hasher(Argon2Hasher.COST, random);
        var sessions = new Sessions(database, ids, audit, clock, random);
        var secondFactor = new SecondFactor(database, secrets, audit, clock, random);
        return new Residents(
                audit,
                new Workspaces(database, clock),
                new People(database, ids, audit, clock),
                sessions,
                secondFactor,
                new SignIn(database, hasher, secondFactor, sessions, audit, secrets.hashKey("failed sign-ins"), clock),
                new OneTimeLinks(database, ids, audit, hasher, clock, random));
    }
}
