package dev.gatepost.server;

import dev.gatepost.connector.ConnectorPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the connectors: those in the product's own jar, and those in jars of the data folder's {@code plugins/}. */
public final class Plugins {

    private Plugins() {}

    /** All of them, by id. The class loader lives as long as the process. */
    public static List<ConnectorPlugin> load(Path data) {
        return ServiceLoader.load(ConnectorPlugin.class, loader(data.resolve("plugins"))).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(ConnectorPlugin::id))
                .toList();
    }

    private static ClassLoader loader(Path folder) {
        var own = Plugins.class.getClassLoader();
        if (!Files.isDirectory(folder)) {
            return own;
        }
        try (var files = Files.list(folder)) {
            var jars = files.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .map(Plugins::url)
                    .toArray(URL[]::new);
            return jars.length == 0 ? own : new URLClassLoader("plugins", jars, own);
        } catch (IOException e) {
            throw new UncheckedIOException("the folder " + folder + " cannot be read", e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(jar.toString(), e); // file URLs are always known
        }
    }
}
