package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditLog.By;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Who belongs to which workspace, and as what. A workspace that has an owner never loses its last one. Safe for any
 * thread.
 */
public final class People {
    private final Database database;
    private final Ids ids;
    private final AuditLog audit;
    private final InstantSource clock;

    public People(Database database, Ids ids, AuditLog audit, InstantSource clock) {
        this.database = requireNonNull(database, "database");
        this.ids = requireNonNull(ids, "ids");
        this.audit = requireNonNull(audit, "audit");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Somebody as an owner enters them.
     *
     * @param email as {@link Person#email} gave it
     * @param name as {@link Person#name(String)} gave it
     */
    public record Newcomer(String email, String name, Role role) {
        public Newcomer {
            requireNonNull(email, "email");
            requireNonNull(name, "name");
            requireNonNull(role, "role");
        }
    }

    /** What came of adding somebody. */
    public sealed interface Added {
        /** They belong to the workspace now; without a password they need a one-time link. */
        record Joined(Member member) implements Added {}

        record AlreadyMember() implements Added {}

        /**
         * The address belongs to a person in workspaces that the actor does not own. An address is not proven when it is
         * entered, so it must not open the way from one owner's workspace into another's.
         */
        record EmailTaken() implements Added {}
    }

    /** What came of changing somebody. */
    public sealed interface Changed {
        /** As it is now; as it was, for somebody who was removed. */
        record Done(Member member) implements Changed {}

        /** Nobody with this id belongs to this workspace. */
        record NoSuchPerson() implements Changed {}

        /** A workspace without an owner could never be managed again. */
        record LastOwner() implements Changed {}
    }

    /** Adds somebody to {@code by}'s workspace: a new person, or one whom the same owner has elsewhere. */
    public Added add(By by, Newcomer newcomer) {
        return database.write(handle -> add(handle, by, newcomer));
    }

    /** As {@link #add(By, Newcomer)}, within the caller's transaction. */
    public Added add(Handle handle, By by, Newcomer newcomer) {
        var fresh = new Person(ids.next(), newcomer.email(), newcomer.name(), false, false);
        Workspaces.hold(handle, database.dialect(), by.workspaceId());
        var known = PersonRows.byEmail(handle, newcomer.email()).map(PersonRows.Row::person);
        if (known.isPresent()) {
            var id = known.get().id();
            if (PersonRows.member(handle, by.workspaceId(), id).isPresent()) {
                return new Added.AlreadyMember();
            }
            if (PersonRows.memberships(handle, id).stream().noneMatch(other -> isOwner(handle, by, other))) {
                return new Added.EmailTaken();
            }
        } else {
            PersonRows.insert(handle, fresh, "", clock.instant());
        }
        var person = known.orElse(fresh);
        PersonRows.join(handle, by.workspaceId(), person.id(), newcomer.role(), clock.instant());
        audit.add(
                handle,
                by,
                AuditAction.PERSON_ADDED,
                person.id(),
                "as " + newcomer.role().word());
        return new Added.Joined(
                PersonRows.member(handle, by.workspaceId(), person.id()).orElseThrow());
    }

    private static boolean isOwner(Handle handle, By by, Member other) {
        return PersonRows.member(handle, other.workspaceId(), by.actor())
                .filter(actor -> actor.role() == Role.OWNER)
                .isPresent();
    }

    /** Gives somebody in {@code by}'s workspace another role. */
    public Changed changeRole(By by, String personId, Role role) {
        return database.write(handle -> {
            Workspaces.hold(handle, database.dialect(), by.workspaceId());
            var before = PersonRows.member(handle, by.workspaceId(), personId).orElse(null);
            if (before == null) {
                return new Changed.NoSuchPerson();
            }
            if (role != Role.OWNER && isLastOwner(handle, before)) {
                return new Changed.LastOwner();
            }
            if (role != before.role()) {
                PersonRows.setRole(handle, by.workspaceId(), personId, role);
                var words = before.role().word() + " to " + role.word();
                audit.add(handle, by, AuditAction.ROLE_CHANGED, personId, words);
            }
            return new Changed.Done(new Member(before.workspaceId(), before.person(), role, before.since()));
        });
    }

    /** Takes somebody out of {@code by}'s workspace; their sessions in it end. Who belongs nowhere any more is deleted. */
    public Changed remove(By by, String personId) {
        return database.write(handle -> {
            Workspaces.hold(handle, database.dialect(), by.workspaceId());
            var before = PersonRows.member(handle, by.workspaceId(), personId).orElse(null);
            if (before == null) {
                return new Changed.NoSuchPerson();
            }
            if (isLastOwner(handle, before)) {
                return new Changed.LastOwner();
            }
            PersonRows.leave(handle, by.workspaceId(), personId);
            audit.add(
                    handle,
                    by,
                    AuditAction.PERSON_REMOVED,
                    personId,
                    "was " + before.role().word());
            return new Changed.Done(before);
        });
    }

    private static boolean isLastOwner(Handle handle, Member member) {
        return member.role() == Role.OWNER && PersonRows.owners(handle, member.workspaceId()) == 1;
    }

    /** Somebody in a workspace; empty for those of other workspaces as for those who do not exist. */
    public Optional<Member> member(String workspaceId, String personId) {
        return database.read(handle -> PersonRows.member(handle, workspaceId, personId));
    }

    /** At most {@code limit} people of a workspace after the one with {@code afterId}, by id. */
    public List<Member> members(String workspaceId, String afterId, int limit) {
        return database.read(handle -> PersonRows.members(handle, workspaceId, afterId, limit));
    }

    /** Where somebody belongs, the oldest membership first. */
    public List<Member> memberships(String personId) {
        return database.read(handle -> PersonRows.memberships(handle, personId));
    }

    /** Whether anybody owns the first workspace; before that, only a one-time link opens the console. */
    public boolean hasOwner() {
        return database.<Long>read(handle -> PersonRows.owners(handle, Workspaces.MAIN)) > 0;
    }
}
