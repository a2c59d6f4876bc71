package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/** Gives Flyway the migrations by name, so that it does not search the class path. */
record ListedResources(String folder, List<String> names) implements ResourceProvider {
    @Override
    public @Nullable LoadableResource getResource(String name) {
        return names.contains(name) ? new Migration(folder, name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return names.stream()
                .filter(name ->
                        name.startsWith(prefix) && Arrays.stream(suffixes).anyMatch(name::endsWith))
                .<LoadableResource>map(name -> new Migration(folder, name))
                .toList();
    }

    /** One file of the product's own resources. */
    private static final class Migration extends LoadableResource {
        private final String path;
        private final String name;

        Migration(String folder, String name) {
            this.path = folder + "/" + name;
            this.name = name;
        }

        @Override
        public Reader read() {
            var bytes = requireNonNull(ListedResources.class.getResourceAsStream("/" + path), path);
            return new InputStreamReader(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public String getAbsolutePath() {
            return path;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return path;
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return path;
        }
    }
}
