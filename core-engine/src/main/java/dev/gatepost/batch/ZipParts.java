package dev.gatepost.batch;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The parts of a zip file in memory, by its directory (PKWARE APPNOTE 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16): what writes workbooks in
 * one go leaves sizes out of the parts' own heads, which the JDK's stream does not read. Immutable.
 */
final class ZipParts {
    private static final int END_SIGNATURE = 0x06054b50;
    private static final int ENTRY_SIGNATURE = 0x02014b50;
    private static final int END_BYTES = 22;
    private static final int COMMENT_BYTES_MAX = 0xffff;
    private static final int ENTRY_BYTES = 46;
    private static final int HEAD_BYTES = 30;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int SHORT = 0xffff;

    private final byte[] octets;
    private final Map<String, Part> parts;

    private record Part(int method, int at, int length) {}

    /** @throws IllegalArgumentException when it is no zip file, or cut off */
    ZipParts(byte[] octets) {
        this.octets = octets;
        try {
            this.parts = Map.copyOf(directory(ByteBuffer.wrap(octets).order(ByteOrder.LITTLE_ENDIAN)));
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("points beyond its end", e);
        }
    }

    private static Map<String, Part> directory(ByteBuffer file) {
        var end = end(file);
        var count = file.getShort(end + 10) & SHORT;
        var at = file.getInt(end + 16);
        var parts = new HashMap<String, Part>();
        for (int i = 0; i < count; i++) {
            if (file.getInt(at) != ENTRY_SIGNATURE) {
                throw new IllegalArgumentException("no entry where one should be");
            }
            var nameBytes = file.getShort(at + 28) & SHORT;
            var name = new byte[nameBytes];
            file.get(at + ENTRY_BYTES, name);
            parts.put(new String(name, StandardCharsets.UTF_8), part(file, at));
            at += ENTRY_BYTES + nameBytes + (file.getShort(at + 30) & SHORT) + (file.getShort(at + 32) & SHORT);
        }
        return parts;
    }

    private static Part part(ByteBuffer file, int entry) {
        var head = file.getInt(entry + 42);
        var from = head + HEAD_BYTES + (file.getShort(head + 26) & SHORT) + (file.getShort(head + 28) & SHORT);
        var length = file.getInt(entry + 20);
        if (from < 0 || length < 0 || length > file.capacity() - from) {
            throw new IllegalArgumentException("a part lies outside of the file");
        }
        return new Part(file.getShort(entry + 10) & SHORT, from, length);
    }

    private static int end(ByteBuffer file) {
        var last = file.capacity() - END_BYTES;
        for (int at = last; at >= Math.max(0, last - COMMENT_BYTES_MAX); at--) {
            if (file.getInt(at) == END_SIGNATURE) {
                return at;
            }
        }
        throw new IllegalArgumentException("no directory");
    }

    Set<String> names() {
        return parts.keySet();
    }

    /** One part unfolded; empty when there is none, or it is folded in a way nobody uses. */
    Optional<InputStream> open(String name) {
        var part = parts.get(name);
        if (part == null) {
            return Optional.empty();
        }
        var folded = new ByteArrayInputStream(octets, part.at(), part.length());
        return switch (part.method()) {
            case STORED -> Optional.of(folded);
            case DEFLATED -> Optional.of(new InflaterInputStream(folded, new Inflater(true)));
            default -> Optional.empty();
        };
    }
}
