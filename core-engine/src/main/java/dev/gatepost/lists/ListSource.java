package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/** Where newer editions of a list come from. */
public sealed interface ListSource {
    /** As evidence and {@code gatepost lists} name it; without a query, which may hold a token. */
    String name();

    record OfFile(Path path) implements ListSource {
        public OfFile {
            requireNonNull(path, "path");
        }

        @Override
        public String name() {
            return path.toString();
        }
    }

    /** An https URL that the egress rules allow. */
    record OfUrl(String url) implements ListSource {
        public OfUrl {
            requireNonNull(url, "url");
        }

        @Override
        public String name() {
            var query = url.indexOf('?');
            return query < 0 ? url : url.substring(0, query);
        }

        /** Without the query. */
        @Override
        public String toString() {
            return name();
        }
    }
}
