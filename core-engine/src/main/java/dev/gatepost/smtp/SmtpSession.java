package dev.gatepost.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a mail host: sends lines, receives replies, each in bounded time. Knows no order of commands.
 * One thread at a time.
 */
final class SmtpSession implements AutoCloseable {
    private static final String LINE_END = "\r\n";

    private final String host;
    private final Transcript transcript;
    private final Deadline deadline;
    private Socket socket;
    private ReplyReader reader;
    private OutputStream out;
    private @Nullable Thread watch;

    /**
     * Takes over a connected socket.
     *
     * @param deadline end of everything on this connection
     */
    SmtpSession(Socket socket, String host, Transcript transcript, Deadline deadline) throws IOException {
        this.socket = socket;
        this.host = host;
        this.transcript = transcript;
        this.deadline = deadline;
        socket.setTcpNoDelay(true); // each write is a whole flight; nothing is gained by holding it back
        reader = new ReplyReader(socket);
        out = socket.getOutputStream();
    }

    String host() {
        return host;
    }

    /** Sends the lines in one write, so that a group of commands travels as one. */
    void send(List<String> lines) throws IOException {
        var text = String.join(LINE_END, lines) + LINE_END;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Waits for the next reply, at most {@code longest} and never beyond the session's deadline. */
    ReplyReader.Received receive(Stage stage, Duration longest) throws IOException {
        var received = reader.next(deadline.orIn(longest));
        transcript.add(host, stage, received.reply());
        return received;
    }

    ReplyReader.Received ask(Stage stage, String line, Duration longest) throws IOException {
        send(List.of(line));
        return receive(stage, longest);
    }

    /** Whether the host has already sent more than was asked for. */
    boolean hasMore() throws IOException {
        return reader.hasMore();
    }

    /**
     * Goes over to TLS, after the host has agreed.
     *
     * @throws ProtocolException when text came in before the handshake: somebody in between may have put it there
     */
    void startTls(Duration longest) throws IOException {
        if (reader.hasMore()) {
            throw new ProtocolException("text before the TLS handshake");
        }
        watch = closeAtDeadline(socket, deadline);
        socket = OpportunisticTls.over(socket, host, deadline.orIn(longest));
        reader = new ReplyReader(socket);
        out = socket.getOutputStream();
    }

    /** TLS reads whole records, so a host that drips octets could outlast the read's own limit. */
    private static Thread closeAtDeadline(Socket plain, Deadline deadline) {
        return Thread.ofVirtual().name("smtp-tls-deadline").start(() -> {
            try {
                Thread.sleep(deadline.left());
                plain.close();
            } catch (InterruptedException | IOException _) {
                Thread.currentThread().interrupt(); // the session has ended by itself
            }
        });
    }

    /** Says QUIT, as is polite, waits for nothing and closes. What goes wrong here has no bearing on the answer. */
    @Override
    public void close() {
        try {
            send(List.of(CommandLines.QUIT));
        } catch (IOException _) {
            // The host has gone already.
        }
        try {
            socket.close();
        } catch (IOException _) {
            // The system frees it in any case.
        }
        if (watch != null) {
            watch.interrupt();
        }
    }
}
