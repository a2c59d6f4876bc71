package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog.By;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Links that work once (reliability: X1): the first makes the installation's first owner, any other lets a person choose a
 * password. Opening a link does not use it up, since mail programs and chats open what they show; choosing does. Only
 * hashes are stored. Safe for any thread.
 */
public final class OneTimeLinks {
    /** For whoever sits at the machine. */
    public static final Duration GOOD_FOR = Duration.ofMinutes(30);

    /** For somebody who was added: people read mail the day after tomorrow. */
    public static final Duration INVITATION_GOOD_FOR = Duration.ofDays(3);

    /** Links open for one person at a time; one more takes the place of the one that ends first. */
    private static final int PER_PERSON_MAX = 5;

    private final Database database;
    private final Ids ids;
    private final AuditLog audit;
    private final InstantSource clock;
    private final PasswordHasher hasher;
    private final Tokens tokens;

    public OneTimeLinks(
            Database database,
            Ids ids,
            AuditLog audit,
            PasswordHasher hasher,
            InstantSource clock,
            SecureRandom random) {
        this.database = requireNonNull(database, "database");
        this.ids = requireNonNull(ids, "ids");
        this.audit = requireNonNull(audit, "audit");
        this.hasher = requireNonNull(hasher, "hasher");
        this.clock = requireNonNull(clock, "clock");
        this.tokens = new Tokens(random);
    }

    /** What becomes of the second factor when a link is used. */
    public enum Codes {
        KEPT,
        /** For somebody who lost the authenticator and the recovery codes. */
        SWITCHED_OFF
    }

    /** What a link on the command line is for. */
    public sealed interface ForOwner {
        /** What stands behind {@code /welcome?token=}. */
        record Made(String token) implements ForOwner {
            /** Without the token. */
            @Override
            public String toString() {
                return "Made[redacted]";
            }
        }

        /** There is more than one owner, and it was not said which. */
        record SayWhich(int owners) implements ForOwner {}

        record NoSuchPerson() implements ForOwner {}
    }

    /**
     * A link for whoever sits at the machine: for the first owner while there is none; after that for the owner, or for
     * the person with {@code email}.
     *
     * @param email empty: the owner
     */
    public ForOwner makeAtTheMachine(String email, Codes codes) {
        var token = tokens.draw();
        return database.write(handle -> {
            var person = "";
            if (!email.isEmpty()) {
                var known = Person.email(email).flatMap(text -> PersonRows.byEmail(handle, text));
                if (known.isEmpty()) {
                    return new ForOwner.NoSuchPerson();
                }
                person = known.get().person().id();
            } else {
                var owners = owners(handle);
                if (owners.size() > 1) {
                    return new ForOwner.SayWhich(owners.size());
                }
                person = owners.isEmpty() ? "" : owners.getFirst();
            }
            insert(handle, token, new Link(person, codes, clock.instant().plus(GOOD_FOR)));
            audit.add(handle, By.COMMAND, AuditAction.LINK_MADE, person, "");
            return new ForOwner.Made(token);
        });
    }

    private static List<String> owners(Handle handle) {
        return handle.createQuery(
                        "select distinct person_id from member where role = 'owner' order by person_id limit 100")
                .mapTo(String.class)
                .list();
    }

    /**
     * A link by which a member of {@code by}'s workspace chooses a password. Only where the actor owns every workspace that
     * the person belongs to, or an owner of one could become anybody in all.
     *
     * @return the token; empty when the actor may not
     */
    public Optional<String> invite(By by, String personId) {
        return database.write(handle -> invite(handle, by, personId));
    }

    /** As {@link #invite(By, String)}, within the caller's transaction. */
    public Optional<String> invite(Handle handle, By by, String personId) {
        var homes = PersonRows.memberships(handle, personId);
        var mayNot = homes.isEmpty()
                || homes.stream()
                        .anyMatch(home -> PersonRows.member(handle, home.workspaceId(), by.actor())
                                .filter(actor -> actor.role() == Role.OWNER)
                                .isEmpty());
        if (mayNot) {
            return Optional.empty();
        }
        var token = tokens.draw();
        insert(handle, token, new Link(personId, Codes.KEPT, clock.instant().plus(INVITATION_GOOD_FOR)));
        audit.add(handle, by, AuditAction.LINK_MADE, personId, "");
        return Optional.of(token);
    }

    private record Link(String personId, Codes codes, Instant endsAt) {}

    private void insert(Handle handle, String token, Link link) {
        handle.createUpdate("delete from one_time_link where ends_at <= :now")
                .bind("now", clock.instant())
                .execute();
        handle.createUpdate("""
                        delete from one_time_link where person_id = :person and token_hash not in (
                            select token_hash from one_time_link where person_id = :person
                            order by ends_at desc limit :keep)""")
                .bind("person", link.personId())
                .bind("keep", PER_PERSON_MAX - 1)
                .execute();
        handle.createUpdate("""
                        insert into one_time_link (token_hash, person_id, without_totp, ends_at)
                        values (:hash, :person, :without, :ends)""")
                .bind("hash", Tokens.hash(token))
                .bind("person", link.personId())
                .bind("without", link.codes() == Codes.SWITCHED_OFF ? 1 : 0)
                .bind("ends", link.endsAt())
                .execute();
    }

    /** What a link is good for. */
    public sealed interface Purpose {
        /** Becoming the first owner. */
        record FirstOwner() implements Purpose {}

        /** Choosing a password. */
        record NewPassword(Person person) implements Purpose {}

        /** Nothing: it was used, is too old, or never was. */
        record None() implements Purpose {}
    }

    /** What a link is good for; looking does not use it up. */
    public Purpose look(String token) {
        return database.read(handle ->
                find(handle, token).<Purpose>map(link -> purpose(handle, link)).orElseGet(Purpose.None::new));
    }

    private static Purpose purpose(Handle handle, Link link) {
        if (link.personId().isEmpty()) {
            return owners(handle).isEmpty() ? new Purpose.FirstOwner() : new Purpose.None();
        }
        return PersonRows.byId(handle, link.personId())
                .<Purpose>map(row -> new Purpose.NewPassword(row.person()))
                .orElseGet(Purpose.None::new);
    }

    private Optional<Link> find(Handle handle, String token) {
        return handle.createQuery("select * from one_time_link where token_hash = :hash and ends_at > :now")
                .bind("hash", Tokens.hash(token))
                .bind("now", clock.instant())
                .map((row, context) -> new Link(
                        row.getString("person_id"),
                        row.getInt("without_totp") == 1 ? Codes.SWITCHED_OFF : Codes.KEPT,
                        Instant.ofEpochMilli(row.getLong("ends_at"))))
                .findOne();
    }

    /**
     * Uses a link up and makes the first owner.
     *
     * @param email as {@link Person#email} gave it
     * @param name as {@link Person#name(String)} gave it
     * @param password that {@link PasswordRules} has no objection to
     * @return the person's id; empty when the link is not good for this
     * @throws PasswordHasher.TooManyAtOnce when too many others are being hashed
     */
    public Optional<String> becomeOwner(String token, String email, String name, String password, String origin) {
        if (!(look(token) instanceof Purpose.FirstOwner)) {
            return Optional.empty();
        }
        var stored = hasher.hash(PasswordRules.normalized(password));
        var person = new Person(ids.next(), email, name, true, false);
        boolean done = database.write(handle -> {
            Workspaces.hold(handle, database.dialect(), Workspaces.MAIN);
            var link = find(handle, token).orElse(null);
            if (link == null || !(purpose(handle, link) instanceof Purpose.FirstOwner) || !use(handle, token)) {
                return false;
            }
            PersonRows.insert(handle, person, stored, clock.instant());
            PersonRows.join(handle, Workspaces.MAIN, person.id(), Role.OWNER, clock.instant());
            handle.execute("delete from one_time_link where person_id = ''");
            var by = new By(Workspaces.MAIN, person.id(), origin);
            audit.add(handle, by, AuditAction.LINK_USED, person.id(), "");
            audit.add(handle, by, AuditAction.PERSON_ADDED, person.id(), "as owner");
            return true;
        });
        return done ? Optional.of(person.id()) : Optional.empty();
    }

    /**
     * Uses a link up and gives its person a password; all their sessions end.
     *
     * @param password that {@link PasswordRules} has no objection to
     * @return the person's id; empty when the link is not good for this
     * @throws PasswordHasher.TooManyAtOnce when too many others are being hashed
     */
    public Optional<String> choosePassword(String token, String password, String origin) {
        if (!(look(token) instanceof Purpose.NewPassword)) {
            return Optional.empty();
        }
        var stored = hasher.hash(PasswordRules.normalized(password));
        return database.write(handle -> {
            var link = find(handle, token).orElse(null);
            if (link == null
                    || !(purpose(handle, link) instanceof Purpose.NewPassword(var person))
                    || !use(handle, token)) {
                return Optional.<String>empty();
            }
            PersonRows.setPassword(handle, person.id(), stored);
            if (link.codes() == Codes.SWITCHED_OFF) {
                SecondFactor.switchOff(handle, person.id());
            }
            Sessions.endAll(handle, person.id());
            for (var home : PersonRows.memberships(handle, person.id())) {
                var by = new By(home.workspaceId(), person.id(), origin);
                audit.add(
                        handle, by, AuditAction.LINK_USED, person.id(), link.codes() == Codes.KEPT ? "" : "codes off");
                audit.add(handle, by, AuditAction.PASSWORD_CHANGED, person.id(), "");
            }
            return Optional.of(person.id());
        });
    }

    /** Only one of two who use it at the same moment gets it. */
    private static boolean use(Handle handle, String token) {
        return handle.createUpdate("delete from one_time_link where token_hash = :hash")
                        .bind("hash", Tokens.hash(token))
                        .execute()
                == 1;
    }
}
