package dev.gatepost.docs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * {@code gatepost.js}, made small: comments and indentation left out, and lines joined where JavaScript never needs a
 * new one. Pure.
 */
final class PageScript {

    /** Most octets of what is served: pages of others load it, on phones too. */
    static final int OCTETS_MAX = 2 * 1024;

    private PageScript() {}

    static byte[] octets() {
        return small(source()).getBytes(UTF_8);
    }

    private static String small(String source) {
        return source.lines()
                .filter(line -> !line.startsWith("//"))
                .map(String::strip)
                .map(line -> line.matches(".*[{(,;]") ? line : line + "\n")
                .collect(Collectors.joining());
    }

    private static String source() {
        try (var in = PageScript.class.getResourceAsStream("/web/gatepost.js")) {
            return new String(Objects.requireNonNull(in, "gatepost.js").readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
