package dev.gatepost.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Lines of a stream, ended by LF or CR LF; what is not UTF-8 becomes U+FFFD. Used by one thread. */
final class Lines {

    /** Octets of a line that are kept; no address and no reply is that long, and the rest must not fill the memory. */
    static final int LINE_OCTETS_MAX = 64 * 1024;

    private final InputStream in;
    private final int octetsMax;

    Lines(InputStream in) {
        this(in, LINE_OCTETS_MAX);
    }

    /** @param octetsMax octets of a line that are kept */
    Lines(InputStream in, int octetsMax) {
        this.in = new BufferedInputStream(in, LINE_OCTETS_MAX);
        this.octetsMax = octetsMax;
    }

    /** The next line without its end; empty at the end of the stream. Blocks. */
    Optional<String> next() throws IOException {
        var line = new ByteArrayOutputStream();
        var octet = in.read();
        if (octet < 0) {
            return Optional.empty();
        }
        for (; octet >= 0 && octet != '\n'; octet = in.read()) {
            if (line.size() < octetsMax) {
                line.write(octet);
            }
        }
        var text = line.toString(StandardCharsets.UTF_8);
        return Optional.of(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }
}
