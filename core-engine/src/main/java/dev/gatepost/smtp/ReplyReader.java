package dev.gatepost.smtp;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads replies from a connection, within bounds of size and time. A host that feeds single octets cannot stretch a
 * read: the deadline counts for the whole reply. One thread at a time.
 */
final class ReplyReader {
    /** Longest line, in octets. Reliability M7; RFC 5321, section 4.5.3.1.5 says 512, hosts exceed it. */
    static final int LINE_BYTES_MAX = 2_048;

    /** Most lines of one reply. Reliability M7. */
    static final int LINES_MAX = 64;

    /** Most octets of one session. Reliability M7. */
    static final int SESSION_BYTES_MAX = 64 * 1_024;

    private static final int BUFFER_BYTES = 4_096;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int next;
    private int filled;
    private int sessionBytes;

    /**
     * A reply with its lines apart.
     *
     * @param lines texts without code and separator, at least one
     */
    record Received(int code, List<String> lines) {
        Received {
            lines = List.copyOf(lines);
        }

        Reply reply() {
            return ReplyParser.ofLines(code, lines);
        }

        boolean isPositive() {
            return code / 100 == 2;
        }
    }

    ReplyReader(Socket socket) throws IOException {
        this(socket, 0);
    }

    private ReplyReader(Socket socket, int sessionBytes) throws IOException {
        this.socket = socket;
        this.sessionBytes = sessionBytes;
        this.in = socket.getInputStream();
    }

    /** Goes on over TLS: another socket, but the same session. */
    ReplyReader over(Socket secure) throws IOException {
        return new ReplyReader(secure, sessionBytes);
    }

    /**
     * Waits for one whole reply.
     *
     * @throws SocketTimeoutException when it is not there at the deadline
     * @throws EOFException when the host closed the connection
     * @throws ProtocolException when what came is not a reply, or exceeds a bound
     */
    Received next(Deadline deadline) throws IOException {
        var texts = new ArrayList<String>();
        int code = 0;
        boolean last = false;
        while (!last) {
            var line = line(deadline);
            int found = code(line);
            if (code != 0 && found != code) {
                throw new ProtocolException("code changes inside a reply");
            }
            code = found;
            texts.add(line.substring(Math.min(line.length(), 4)));
            last = line.length() < 4 || line.charAt(3) != '-';
            if (!last && texts.size() == LINES_MAX) {
                throw new ProtocolException("more than " + LINES_MAX + " lines");
            }
        }
        return new Received(code, texts);
    }

    /** Whether so much has come that the connection should not be used for another group. */
    boolean isHalfSpent() {
        return sessionBytes > SESSION_BYTES_MAX / 2;
    }

    /** Whether the host has sent more than was read. */
    boolean hasMore() throws IOException {
        return next < filled || in.available() > 0;
    }

    private static int code(String line) throws ProtocolException {
        if (line.length() < 3 || line.charAt(0) < '2' || line.charAt(0) > '5') {
            throw new ProtocolException("not a reply");
        }
        boolean separated = line.length() == 3 || line.charAt(3) == ' ' || line.charAt(3) == '-';
        if (!separated || !isDigit(line.charAt(1)) || !isDigit(line.charAt(2))) {
            throw new ProtocolException("not a reply");
        }
        return Integer.parseInt(line.substring(0, 3));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** One line without its end; a bare LF ends it too. Octets that are not UTF-8 become replacement characters. */
    private String line(Deadline deadline) throws IOException {
        var line = new ByteArrayOutputStream(128);
        while (true) {
            if (next == filled) {
                fill(deadline);
            }
            byte octet = buffer[next++];
            if (octet == '\n') {
                var text = line.toString(StandardCharsets.UTF_8);
                return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
            }
            line.write(octet);
            if (line.size() > LINE_BYTES_MAX) {
                throw new ProtocolException("line longer than " + LINE_BYTES_MAX + " octets");
            }
        }
    }

    private void fill(Deadline deadline) throws IOException {
        int millis = deadline.millisLeft();
        if (millis <= 0) {
            throw new SocketTimeoutException("deadline");
        }
        socket.setSoTimeout(millis);
        int read = in.read(buffer);
        if (read < 0) {
            throw new EOFException("connection closed");
        }
        sessionBytes += read;
        if (sessionBytes > SESSION_BYTES_MAX) {
            throw new ProtocolException("more than " + SESSION_BYTES_MAX + " octets in a session");
        }
        next = 0;
        filled = read;
    }
}
