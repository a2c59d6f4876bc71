package dev.gatepost.batch;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Finds the column with the addresses by its name. Pure. */
final class EmailColumn {
    /** Names that mean it, without case and punctuation; the first found wins. */
    private static final List<String> NAMES = List.of(
            "email",
            "emailaddress",
            "mail",
            "mailaddress",
            "primaryemail",
            "workemail",
            "contactemail",
            "useremail",
            "correo",
            "correoelectronico",
            "courriel",
            "adressemail",
            "emailadresse",
            "indirizzoemail");

    private static final int NAMES_SHOWN_MAX = 10;
    private static final int NAME_CHARS_SHOWN_MAX = 60;

    private EmailColumn() {}

    /** Its place among these names; empty when none of them means it. */
    static OptionalInt of(List<String> names) {
        for (var wanted : NAMES) {
            var found = IntStream.range(0, names.size())
                    .filter(i -> plain(names.get(i)).equals(wanted))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return IntStream.range(0, names.size())
                .filter(i -> plain(names.get(i)).contains("email"))
                .findFirst();
    }

    /** The place of the column that somebody named, by its name or its number from 1. */
    static OptionalInt named(String column, List<String> names) {
        var exact = IntStream.range(0, names.size())
                .filter(i -> names.get(i).equals(column))
                .findFirst();
        if (exact.isPresent()) {
            return exact;
        }
        var loose = IntStream.range(0, names.size())
                .filter(i -> names.get(i).strip().equalsIgnoreCase(column.strip()))
                .findFirst();
        return loose.isPresent() ? loose : numbered(column, names.size());
    }

    private static OptionalInt numbered(String column, int columns) {
        var number = column.matches("\\d{1,3}") ? Integer.parseInt(column) : 0;
        return number >= 1 && number <= columns ? OptionalInt.of(number - 1) : OptionalInt.empty();
    }

    /** For whoever sent a list without it; names no address. */
    static UnusableList missing(String column, List<String> names) {
        var there = names.stream()
                .limit(NAMES_SHOWN_MAX)
                .filter(name -> !name.contains("@"))
                .map(name -> name.substring(0, Math.min(name.length(), NAME_CHARS_SHOWN_MAX)))
                .toList();
        var known = there.isEmpty() ? "" : " The list has: " + String.join(", ", there) + ".";
        return new UnusableList(
                UnusableList.Kind.INVALID,
                "column",
                (column.isEmpty()
                                ? "No column of the list is called email; say ?column= with its name or number."
                                : "The list has no such column; say its name, or its number from 1.")
                        + known);
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }
}
