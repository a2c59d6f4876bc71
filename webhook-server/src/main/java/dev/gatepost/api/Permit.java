package dev.gatepost.api;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may call a route. */
public sealed interface Permit {

    /** Everybody, known or not. */
    record Open() implements Permit {}

    /** A publishable key, from a web page of one of its origins; no other key, and no person. */
    record Page() implements Permit {}

    /**
     * Those who have one of these.
     *
     * @param scopes of a key; none keeps keys out
     * @param roles of a person; none keeps people out
     */
    record AnyOf(Set<Scope> scopes, Set<Role> roles) implements Permit {

        public AnyOf {
            scopes = Set.copyOf(scopes);
            roles = Set.copyOf(roles);
        }

        /** Refuses a caller who has none of them. */
        void check(Caller caller) {
            switch (caller) {
                case Caller.ByKey(var _, var _, var has, var kind) -> {
                    if (kind == KeyKind.PUB) {
                        throw new Refused(Fault.MISSING_SCOPE.saying(
                                "A publishable key may only check addresses at POST /v1/check."));
                    }
                    if (has.stream().noneMatch(scopes::contains)) {
                        throw new Refused(Fault.MISSING_SCOPE.saying(
                                scopes.isEmpty()
                                        ? "No key may do this, only a signed-in person."
                                        : "This needs a key with the scope " + words() + "."));
                    }
                }
                case Caller.ByPerson(var _, var _, var role) -> {
                    if (!roles.contains(role)) {
                        throw new Refused(Fault.MISSING_ROLE.plain());
                    }
                }
            }
        }

        private String words() {
            return scopes.stream().map(Scope::word).sorted().collect(Collectors.joining(" or "));
        }
    }

    /** A key with one of {@code scopes}, or any person of the workspace. */
    static Permit look(Scope... scopes) {
        return new AnyOf(Set.of(scopes), Set.of(Role.values()));
    }

    /** A key with one of {@code scopes}, or an owner or administrator. */
    static Permit change(Scope... scopes) {
        return new AnyOf(Set.of(scopes), Set.of(Role.OWNER, Role.ADMIN));
    }

    /** A key with any scope at all, or any person. */
    static Permit known() {
        return look(Arrays.copyOf(Scope.values(), Scope.values().length));
    }

    /** People in one of {@code roles}; no key. */
    static Permit people(Role... roles) {
        return new AnyOf(Set.of(), Set.of(roles));
    }

    /** Keys with one of {@code scopes}; no person. */
    static Permit keys(Scope... scopes) {
        return new AnyOf(Set.of(scopes), Set.of());
    }
}
