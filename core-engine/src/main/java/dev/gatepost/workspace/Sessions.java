package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog.By;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Who is signed in (reliability: X5). Every request looks into the database, so that a session that was ended, a role that
 * was changed and a person who was removed count at once on every node. Safe for any thread.
 */
public final class Sessions {
    /** A session ends after this long without a request. */
    public static final Duration IDLE_MAX = Duration.ofMinutes(30);

    /** A session ends after this long whatever happens. */
    public static final Duration AGE_MAX = Duration.ofHours(12);

    /** How often it is noted that a session is used. So much earlier than {@link #IDLE_MAX} may it end, and never later. */
    static final Duration SEEN_EVERY = Duration.ofMinutes(1);

    /** Sessions of one person at a time; one more ends the oldest. */
    static final int PER_PERSON_MAX = 20;

    /** Sessions that ended by themselves and are cleared away at a sign-in. */
    private static final int CLEARED_MAX = 100;

    private static final int AGENT_LENGTH_MAX = 200;

    private final Database database;
    private final Ids ids;
    private final AuditLog audit;
    private final Tokens tokens;
    private final InstantSource clock;

    public Sessions(Database database, Ids ids, AuditLog audit, InstantSource clock, SecureRandom random) {
        this.database = requireNonNull(database, "database");
        this.ids = requireNonNull(ids, "ids");
        this.audit = requireNonNull(audit, "audit");
        this.clock = requireNonNull(clock, "clock");
        this.tokens = new Tokens(random);
    }

    /**
     * Where somebody signs in.
     *
     * @param origin network address
     * @param agent what the browser calls itself, cut to a bound
     */
    public record From(String origin, String agent) {
        public From {
            requireNonNull(origin, "origin");
            agent = agent.substring(0, Math.min(agent.length(), AGENT_LENGTH_MAX));
        }
    }

    /**
     * Somebody who is signed in.
     *
     * @param sessionId names the session without opening it
     * @param member who, in which workspace, as what; as it is at this moment
     */
    public record SignedIn(String sessionId, Member member, Instant beganAt) {
        /** For the audit log. */
        public By by(String origin) {
            return new By(member.workspaceId(), member.person().id(), origin);
        }
    }

    /** A session as its person sees it. */
    public record Open(String id, String workspaceId, Instant beganAt, Instant seenAt, From from) {}

    /**
     * Begins a session in the workspace the person joined first; the answer is the cookie's value.
     *
     * @return empty when the person belongs nowhere
     */
    public Optional<String> begin(String personId, From from) {
        var token = tokens.draw();
        var id = ids.next();
        boolean begun = database.write(handle -> {
            var home = PersonRows.memberships(handle, personId).stream().findFirst();
            home.ifPresent(member -> {
                insert(handle, id, token, member, from);
                audit.add(handle, new By(member.workspaceId(), personId, from.origin()), AuditAction.SIGNED_IN, id, "");
            });
            return home.isPresent();
        });
        return begun ? Optional.of(token) : Optional.empty();
    }

    private void insert(Handle handle, String id, String token, Member member, From from) {
        var now = clock.instant();
        clear(handle, now);
        handle.createUpdate("""
                        delete from session where person_id = :person and id not in (
                            select id from session where person_id = :person order by id desc limit :keep)""")
                .bind("person", member.person().id())
                .bind("keep", PER_PERSON_MAX - 1)
                .execute();
        handle.createUpdate("""
                        insert into session (id, token_hash, person_id, workspace_id, began_at, seen_at, origin, agent)
                        values (:id, :hash, :person, :workspace, :now, :now, :origin, :agent)""")
                .bind("id", id)
                .bind("hash", Tokens.hash(token))
                .bind("person", member.person().id())
                .bind("workspace", member.workspaceId())
                .bind("now", now)
                .bind("origin", from.origin())
                .bind("agent", from.agent())
                .execute();
    }

    private static void clear(Handle handle, Instant now) {
        handle.createUpdate("""
                        delete from session where id in (
                            select id from session where began_at <= :oldest order by began_at limit :most)""")
                .bind("oldest", now.minus(AGE_MAX))
                .bind("most", CLEARED_MAX)
                .execute();
    }

    /** Who is signed in with this cookie; a request keeps the session alive. */
    public Optional<SignedIn> touch(String token) {
        var now = clock.instant();
        var found = find(token, now);
        found.filter(row -> !row.seenAt().plus(SEEN_EVERY).isAfter(now))
                .ifPresent(row -> database.write(handle -> handle.createUpdate(
                                "update session set seen_at = :now where id = :id and seen_at < :now")
                        .bind("now", now)
                        .bind("id", row.signedIn().sessionId())
                        .execute()));
        return found.map(Found::signedIn);
    }

    /** Who is signed in with this cookie; looking does not keep the session alive. */
    public Optional<SignedIn> look(String token) {
        return find(token, clock.instant()).map(Found::signedIn);
    }

    private record Found(SignedIn signedIn, Instant seenAt) {}

    private Optional<Found> find(String token, Instant now) {
        return database.read(handle -> handle.createQuery("""
                        select id, person_id, workspace_id, began_at, seen_at from session
                        where token_hash = :hash and began_at > :oldest and seen_at > :idle""")
                .bind("hash", Tokens.hash(token))
                .bind("oldest", now.minus(AGE_MAX))
                .bind("idle", now.minus(IDLE_MAX))
                .map((row, context) -> new Key(
                        row.getString("id"),
                        row.getString("person_id"),
                        row.getString("workspace_id"),
                        Instant.ofEpochMilli(row.getLong("began_at")),
                        Instant.ofEpochMilli(row.getLong("seen_at"))))
                .findOne()
                .flatMap(key -> PersonRows.member(handle, key.workspaceId(), key.personId())
                        .map(member -> new Found(new SignedIn(key.id(), member, key.beganAt()), key.seenAt()))));
    }

    private record Key(String id, String personId, String workspaceId, Instant beganAt, Instant seenAt) {}

    /** Puts a session into another workspace of its person; false when they do not belong there. */
    public boolean enter(SignedIn signedIn, String workspaceId) {
        return database.write(handle -> {
            var person = signedIn.member().person().id();
            if (PersonRows.member(handle, workspaceId, person).isEmpty()) {
                return false;
            }
            return handle.createUpdate("update session set workspace_id = :workspace where id = :id")
                            .bind("workspace", workspaceId)
                            .bind("id", signedIn.sessionId())
                            .execute()
                    == 1;
        });
    }

    /** A person's sessions that are alive, the latest first. */
    public List<Open> open(String personId) {
        var now = clock.instant();
        return database.read(handle -> handle.createQuery("""
                        select * from session
                        where person_id = :person and began_at > :oldest and seen_at > :idle order by id desc""")
                .bind("person", personId)
                .bind("oldest", now.minus(AGE_MAX))
                .bind("idle", now.minus(IDLE_MAX))
                .map(Sessions::toOpen)
                .list());
    }

    /** Ends one of a person's sessions; false when they have none with this id. */
    public boolean end(By by, String personId, String sessionId) {
        return database.write(handle -> {
            var ended = handle.createUpdate("delete from session where id = :id and person_id = :person")
                            .bind("id", sessionId)
                            .bind("person", personId)
                            .execute()
                    == 1;
            if (ended) {
                audit.add(handle, by, AuditAction.SIGNED_OUT, sessionId, "");
            }
            return ended;
        });
    }

    /** Ends all of a person's sessions, within the transaction that is the reason for it. */
    static void endAll(Handle handle, String personId) {
        handle.createUpdate("delete from session where person_id = :person")
                .bind("person", personId)
                .execute();
    }

    private static Open toOpen(ResultSet row, StatementContext context) throws SQLException {
        return new Open(
                row.getString("id"),
                row.getString("workspace_id"),
                Instant.ofEpochMilli(row.getLong("began_at")),
                Instant.ofEpochMilli(row.getLong("seen_at")),
                new From(row.getString("origin"), row.getString("agent")));
    }
}
