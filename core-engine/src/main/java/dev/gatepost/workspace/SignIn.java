package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Sessions.From;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Signing in, and proving that one still is who one was (reliability: X4). A wrong address costs just what a wrong password
 * costs: one hash. Safe for any thread.
 */
public final class SignIn {
    private final Database database;
    private final PasswordHasher hasher;
    private final SecondFactor secondFactor;
    private final Sessions sessions;
    private final AuditLog audit;
    private final SignInBrake brake;
    private final String unmatchable;

    /** The key is for keyed hashes of who failed. */
    public SignIn(
            Database database,
            PasswordHasher hasher,
            SecondFactor secondFactor,
            Sessions sessions,
            AuditLog audit,
            SecretKey key,
            InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.hasher = requireNonNull(hasher, "hasher");
        this.secondFactor = requireNonNull(secondFactor, "secondFactor");
        this.sessions = requireNonNull(sessions, "sessions");
        this.audit = requireNonNull(audit, "audit");
        this.brake = new SignInBrake(database, key, clock);
        this.unmatchable = hasher.unmatchable();
    }

    /**
     * What somebody typed.
     *
     * @param code of the authenticator app or a recovery code; empty when none was typed
     */
    public record Typed(String email, String password, String code) {
        public Typed {
            requireNonNull(email, "email");
            requireNonNull(password, "password");
            requireNonNull(code, "code");
        }

        /** Without what was typed. */
        @Override
        public String toString() {
            return "Typed[redacted]";
        }
    }

    /** What came of it. */
    public sealed interface Outcome {
        /** The new session's token, for the cookie. */
        record Welcome(String token) implements Outcome {
            /** Without the token. */
            @Override
            public String toString() {
                return "Welcome[redacted]";
            }
        }

        /** No such person, or not their password, or not their code; which of them is not said. */
        record Wrong() implements Outcome {}

        /** The password is right; a code is needed too. */
        record CodeNeeded() implements Outcome {}

        /** Too many failures; nothing was looked at. */
        record SlowDown(Duration after) implements Outcome {}

        /** Too many sign-ins at once; nothing was looked at. */
        record Busy() implements Outcome {}
    }

    /** Looks at what was typed, and begins a session when it is right. */
    public Outcome attempt(Typed typed, From from) {
        var email = Person.email(typed.email()).orElse("");
        var wait = brake.take(email, from.origin());
        if (!wait.isZero()) {
            return new Outcome.SlowDown(wait);
        }
        var row = database.<Optional<PersonRows.Row>>read(handle -> PersonRows.byEmail(handle, email));
        var by = new By("", "", from.origin());
        try {
            var stored = row.map(PersonRows.Row::password)
                    .filter(text -> !text.isEmpty())
                    .orElse(unmatchable);
            var password = PasswordRules.normalized(typed.password());
            if (!isRight(password, stored) || row.isEmpty()) {
                return wrong(by, row);
            }
            if (!row.get().totp().isEmpty()) {
                if (typed.code().isBlank()) {
                    return new Outcome.CodeNeeded();
                }
                if (!secondFactor.use(by, row.get(), typed.code())) {
                    return wrong(by, row);
                }
            }
            renew(row.get(), password);
        } catch (PasswordHasher.TooManyAtOnce e) {
            return new Outcome.Busy();
        }
        brake.release(email, from.origin());
        return sessions.begin(row.get().person().id(), from)
                .<Outcome>map(Outcome.Welcome::new)
                .orElseGet(Outcome.Wrong::new);
    }

    /** A text far longer than any password is wrong without being hashed; its length is the caller's own doing. */
    private boolean isRight(String password, String stored) {
        return hasher.matches(password.length() > 4 * PasswordRules.LENGTH_MAX ? "" : password, stored);
    }

    private Outcome wrong(By by, Optional<PersonRows.Row> row) {
        var person = row.map(found -> found.person().id()).orElse("");
        database.write(handle -> {
            var homes = PersonRows.memberships(handle, person);
            if (homes.isEmpty()) {
                audit.add(handle, by, AuditAction.SIGN_IN_FAILED, "", "no such person");
            }
            homes.forEach(home -> audit.add(handle, by.in(home.workspaceId()), AuditAction.SIGN_IN_FAILED, person, ""));
            return homes.size();
        });
        return new Outcome.Wrong();
    }

    /** What was hashed when less was thought enough is hashed anew now that the password is at hand. */
    private void renew(PersonRows.Row row, String password) {
        if (hasher.isOutdated(row.password())) {
            var fresh = hasher.hash(password);
            database.write(handle -> {
                PersonRows.rehash(handle, row.person().id(), row.password(), fresh);
                return true;
            });
        }
    }

    /** What came of asking for the password once more. */
    public sealed interface Proof {
        record Right() implements Proof {}

        record Wrong() implements Proof {}

        record SlowDown(Duration after) implements Proof {}

        record Busy() implements Proof {}
    }

    /** Asks somebody who is signed in for their password again, before something that a stolen session must not do. */
    public Proof prove(Member member, String password, String origin) {
        var email = member.person().email();
        var wait = brake.take(email, origin);
        if (!wait.isZero()) {
            return new Proof.SlowDown(wait);
        }
        var row = database.<Optional<PersonRows.Row>>read(
                handle -> PersonRows.byId(handle, member.person().id()));
        var stored = row.map(PersonRows.Row::password)
                .filter(text -> !text.isEmpty())
                .orElse(unmatchable);
        try {
            if (!isRight(PasswordRules.normalized(password), stored)) {
                wrong(new By("", "", origin), row);
                return new Proof.Wrong();
            }
        } catch (PasswordHasher.TooManyAtOnce e) {
            return new Proof.Busy();
        }
        brake.release(email, origin);
        return new Proof.Right();
    }

    /**
     * Gives somebody a new password, which {@link PasswordRules} has no objection to, and ends all their sessions.
     *
     * @throws PasswordHasher.TooManyAtOnce when too many others are being hashed
     */
    public void changePassword(By by, String personId, String password) {
        var stored = hasher.hash(PasswordRules.normalized(password));
        database.write(handle -> {
            PersonRows.setPassword(handle, personId, stored);
            Sessions.endAll(handle, personId);
            audit.add(handle, by, AuditAction.PASSWORD_CHANGED, personId, "");
            return true;
        });
    }
}
