package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The files of an app that an admin uploads to a CRM with the CRM's own developer tools, where that is how an app is made.
 *
 * @param kinds ways the app may be let in, the usual one first; not empty
 * @param files all files of an order, by path below the folder, with {@code /}
 * @param next what the admin does next, a sentence each; is given the folder
 */
public record AppFolder(
        List<String> kinds, Function<Order, Map<String, String>> files, BiFunction<Order, String, List<String>> next) {
    public AppFolder {
        kinds = List.copyOf(kinds);
        requireNonNull(files, "files");
        requireNonNull(next, "next");
    }

    /**
     * What the admin chose.
     *
     * @param kind one of {@link AppFolder#kinds()}
     * @param publicUrl how the CRM will call us, https, without trailing slash
     */
    public record Order(String kind, String publicUrl) {
        public Order {
            requireNonNull(kind, "kind");
            requireNonNull(publicUrl, "publicUrl");
        }
    }
}
