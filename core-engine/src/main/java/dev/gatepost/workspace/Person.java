package dev.gatepost.workspace;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import java.util.Locale;
import java.util.Optional;

/**
 * Somebody who may sign in.
 *
 * @param email in lower case; what one signs in with
 * @param name for people; never empty
 * @param hasPassword false until the person used their first link
 * @param hasTotp whether signing in also takes a code
 */
public record Person(String id, String email, String name, boolean hasPassword, boolean hasTotp) {
    /** Longest name, in UTF-16 units: more than any name, and little enough for a table. */
    public static final int NAME_LENGTH_MAX = 100;

    public Person {
        requireNonNull(id, "id");
        requireNonNull(email, "email");
        requireNonNull(name, "name");
    }

    /** How an address is stored and looked up; empty when it is none. */
    public static Optional<String> email(String text) {
        return switch (AddressParser.parse(text.strip(), AddressDialect.SMTPUTF8)) {
            case Syntax.Wellformed(var address) ->
                Optional.of(address.normalized().toLowerCase(Locale.ROOT));
            case Syntax.Malformed _ -> Optional.empty();
        };
    }

    /** A name as it is stored: without white space around it and control characters in it; empty when nothing is left. */
    public static Optional<String> name(String text) {
        var name = text.strip();
        var isFine = !name.isEmpty()
                && name.length() <= NAME_LENGTH_MAX
                && name.codePoints()
                        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT);
        return isFine ? Optional.of(name) : Optional.empty();
    }

    /** Without the address. */
    @Override
    public String toString() {
        return "Person[" + id + "]";
    }
}
