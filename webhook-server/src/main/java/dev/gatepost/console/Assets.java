package dev.gatepost.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/** The static files, read and compressed once, under a path that changes whenever any of them does. Immutable. */
public final class Assets {

    private static final String WEBJARS = "/META-INF/resources/webjars/";

    /** File on the page, its type, and where it comes from. */
    private static final Map<String, Source> SOURCES = sources();

    private final Map<String, Asset> files = new LinkedHashMap<>();
    private final String path;

    /** Reads them all. */
    public Assets() {
        var digest = sha256();
        SOURCES.forEach((name, source) -> {
            var octets = read(source.resource());
            digest.update(octets);
            files.put(name, new Asset(source.type(), octets, gzip(octets)));
        });
        path = "/assets/" + HexFormat.of().formatHex(digest.digest(), 0, 6);
    }

    /** For example {@code /assets/3f2a9c0d11e4}. */
    public String path() {
        return path;
    }

    Optional<Asset> find(String name) {
        return Optional.ofNullable(files.get(name));
    }

    /** One file, as it is and compressed. */
    @SuppressWarnings("ArrayRecordComponent") // handed to the response as they are; nobody compares assets
    record Asset(String type, byte[] octets, byte[] gzip) {}

    private record Source(String type, String resource) {}

    private static Map<String, Source> sources() {
        var sources = new LinkedHashMap<String, Source>();
        var css = "text/css; charset=utf-8";
        var script = "text/javascript; charset=utf-8";
        sources.put("pico.css", new Source(css, WEBJARS + "picocss__pico/2.1.1/css/pico.min.css"));
        sources.put("gatepost.css", new Source(css, "/console/gatepost.css"));
        sources.put("htmx.js", new Source(script, WEBJARS + "htmx.org/2.0.10/dist/htmx.min.js"));
        sources.put("sse.js", new Source(script, WEBJARS + "htmx-ext-sse/2.2.2/sse.js"));
        sources.put("app.js", new Source(script, "/console/app.js"));
        sources.put("forms.js", new Source(script, "/console/forms.js"));
        sources.put("icon.svg", new Source("image/svg+xml", "/console/icon.svg"));
        return sources;
    }

    private static byte[] read(String resource) {
        try (var in = Assets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is not in the jar");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(resource, e);
        }
    }

    private static byte[] gzip(byte[] octets) {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(octets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}
