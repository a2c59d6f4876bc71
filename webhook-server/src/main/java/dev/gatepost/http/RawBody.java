package dev.gatepost.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import okio.Buffer;
import okio.ByteString;

/** The body of a request as it came, within the bounds of reliability I6. */
public sealed interface RawBody {

    /** Most octets of a delivery. */
    int OCTETS_MAX = 1024 * 1024;

    /** Longest time for the whole body; checked as octets come, the server's own time-out ends silence. */
    Duration TIME_MAX = Duration.ofSeconds(30);

    record Body(ByteString octets) implements RawBody {}

    record TooLarge() implements RawBody {}

    /** Sent with a content coding; a small body could unfold to a huge one. */
    record Compressed() implements RawBody {}

    /** The sender was too slow, or went away. */
    record Unfinished() implements RawBody {}

    /** Reads it all, up to {@link #OCTETS_MAX}; blocks. */
    static RawBody read(HttpServletRequest request, InstantSource clock) {
        return read(request, OCTETS_MAX, clock);
    }

    /** Reads it all, up to {@code octetsMax}; blocks. */
    static RawBody read(HttpServletRequest request, int octetsMax, InstantSource clock) {
        var coding = request.getHeader("Content-Encoding");
        if (coding != null && !coding.isBlank() && !coding.strip().equalsIgnoreCase("identity")) {
            return new Compressed();
        }
        if (request.getContentLengthLong() > octetsMax) {
            return new TooLarge();
        }
        var deadline = clock.instant().plus(TIME_MAX);
        var whole = new Buffer();
        var piece = new byte[8 * 1024];
        try {
            var in = request.getInputStream();
            for (var read = in.read(piece); read >= 0; read = in.read(piece)) {
                whole.write(piece, 0, read);
                if (whole.size() > octetsMax) {
                    return new TooLarge();
                }
                if (clock.instant().isAfter(deadline)) {
                    return new Unfinished();
                }
            }
        } catch (IOException _) {
            // Jetty's idle time-out or a connection that broke: there is no whole body, and nobody who reads the
            // answer.
            return new Unfinished();
        }
        return new Body(whole.readByteString());
    }
}
