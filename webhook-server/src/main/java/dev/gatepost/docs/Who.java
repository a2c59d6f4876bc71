package dev.gatepost.docs;

import dev.gatepost.api.Permit;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import java.util.ArrayList;
import java.util.stream.Collectors;

/** Says in words who may call a route. Pure. */
final class Who {

    private Who() {}

    static String mayCall(Permit permit) {
        return switch (permit) {
            case Permit.Open _ -> "everybody";
            case Permit.Page _ -> "a publishable key, from a web page of its origins";
            case Permit.AnyOf(var scopes, var roles) -> {
                var said = new ArrayList<String>();
                if (scopes.size() == Scope.values().length) {
                    said.add("any live or test key");
                } else if (!scopes.isEmpty()) {
                    said.add("a key with the scope "
                            + scopes.stream().sorted().map(Scope::word).collect(Collectors.joining(" or ")));
                }
                if (roles.size() == Role.values().length) {
                    said.add("anybody who is signed in");
                } else if (!roles.isEmpty()) {
                    said.add("people signed in as "
                            + roles.stream().sorted().map(Role::word).collect(Collectors.joining(" or ")));
                }
                yield String.join("; ", said);
            }
        };
    }
}
