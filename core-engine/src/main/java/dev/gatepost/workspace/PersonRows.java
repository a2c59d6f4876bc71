package dev.gatepost.workspace;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The statements on the tables of persons and members. */
final class PersonRows {
    private PersonRows() {}

    /** A person as stored; {@code password} is empty while there is none, {@code totp} is encrypted or empty. */
    record Row(Person person, String password, String totp, String totpNew) {
        /** Without what is stored of the password. */
        @Override
        public String toString() {
            return "Row[" + person.id() + "]";
        }
    }

    static Optional<Row> byEmail(Handle handle, String email) {
        return handle.createQuery("select * from person where email = :email")
                .bind("email", email)
                .map(PersonRows::toRow)
                .findOne();
    }

    static Optional<Row> byId(Handle handle, String id) {
        return handle.createQuery("select * from person where id = :id")
                .bind("id", id)
                .map(PersonRows::toRow)
                .findOne();
    }

    static void insert(Handle handle, Person person, String password, Instant now) {
        handle.createUpdate("""
                        insert into person (id, email, name, password, totp, totp_new, totp_step, created_at)
                        values (:id, :email, :name, :password, '', '', 0, :now)""")
                .bind("id", person.id())
                .bind("email", person.email())
                .bind("name", person.name())
                .bind("password", password)
                .bind("now", now)
                .execute();
    }

    static void setPassword(Handle handle, String id, String password) {
        handle.createUpdate("update person set password = :password where id = :id")
                .bind("password", password)
                .bind("id", id)
                .execute();
    }

    /** Another form of the same password; nothing when the person changed it meanwhile. */
    static void rehash(Handle handle, String id, String old, String fresh) {
        handle.createUpdate("update person set password = :fresh where id = :id and password = :old")
                .bind("fresh", fresh)
                .bind("old", old)
                .bind("id", id)
                .execute();
    }

    static void join(Handle handle, String workspaceId, String personId, Role role, Instant now) {
        handle.createUpdate("""
                        insert into member (workspace_id, person_id, role, created_at)
                        values (:workspace, :person, :role, :now)""")
                .bind("workspace", workspaceId)
                .bind("person", personId)
                .bind("role", role.word())
                .bind("now", now)
                .execute();
    }

    static void setRole(Handle handle, String workspaceId, String personId, Role role) {
        handle.createUpdate("update member set role = :role where workspace_id = :workspace and person_id = :person")
                .bind("workspace", workspaceId)
                .bind("person", personId)
                .bind("role", role.word())
                .execute();
    }

    static Optional<Member> member(Handle handle, String workspaceId, String personId) {
        return handle.createQuery("""
                        select p.*, m.workspace_id, m.role, m.created_at as joined_at
                        from member m join person p on p.id = m.person_id
                        where m.workspace_id = :workspace and m.person_id = :person""")
                .bind("workspace", workspaceId)
                .bind("person", personId)
                .map(PersonRows::toMember)
                .findOne();
    }

    static List<Member> members(Handle handle, String workspaceId, String afterId, int limit) {
        return handle.createQuery("""
                        select p.*, m.workspace_id, m.role, m.created_at as joined_at
                        from member m join person p on p.id = m.person_id
                        where m.workspace_id = :workspace and m.person_id > :after
                        order by m.person_id limit :limit""")
                .bind("workspace", workspaceId)
                .bind("after", afterId)
                .bind("limit", limit)
                .map(PersonRows::toMember)
                .list();
    }

    /** Where a person belongs, the oldest membership first. */
    static List<Member> memberships(Handle handle, String personId) {
        return handle.createQuery("""
                        select p.*, m.workspace_id, m.role, m.created_at as joined_at
                        from member m join person p on p.id = m.person_id
                        where m.person_id = :person order by m.created_at, m.workspace_id""")
                .bind("person", personId)
                .map(PersonRows::toMember)
                .list();
    }

    static long owners(Handle handle, String workspaceId) {
        return handle.createQuery("select count(*) from member where workspace_id = :workspace and role = 'owner'")
                .bind("workspace", workspaceId)
                .mapTo(Long.class)
                .one();
    }

    /** Ends a membership, and the person with it when it was the last one. */
    static void leave(Handle handle, String workspaceId, String personId) {
        update(
                handle,
                "delete from session where workspace_id = :workspace and person_id = :person",
                workspaceId,
                personId);
        update(
                handle,
                "delete from member where workspace_id = :workspace and person_id = :person",
                workspaceId,
                personId);
        if (memberships(handle, personId).isEmpty()) {
            for (var table : List.of("session", "recovery_code", "one_time_link")) {
                update(handle, "delete from " + table + " where person_id = :person", workspaceId, personId);
            }
            update(handle, "delete from person where id = :person", workspaceId, personId);
        }
    }

    private static void update(Handle handle, String sql, String workspaceId, String personId) {
        var update = handle.createUpdate(sql).bind("person", personId);
        (sql.contains(":workspace") ? update.bind("workspace", workspaceId) : update).execute();
    }

    private static Row toRow(ResultSet row, StatementContext context) throws SQLException {
        return new Row(toPerson(row), row.getString("password"), row.getString("totp"), row.getString("totp_new"));
    }

    private static Member toMember(ResultSet row, StatementContext context) throws SQLException {
        var word = row.getString("role");
        return new Member(
                row.getString("workspace_id"),
                toPerson(row),
                Role.of(word).orElseThrow(() -> new IllegalStateException("no role " + word)),
                Instant.ofEpochMilli(row.getLong("joined_at")));
    }

    private static Person toPerson(ResultSet row) throws SQLException {
        return new Person(
                row.getString("id"),
                row.getString("email"),
                row.getString("name"),
                !row.getString("password").isEmpty(),
                !row.getString("totp").isEmpty());
    }
}
