package dev.gatepost.smtp;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a mail host: sends lines, receives replies, each in bounded time, and keeps count of what the host
 * was asked. Knows no order of commands. Serves one probe after another; one thread at a time.
 */
final class SmtpSession implements AutoCloseable {
    /** Refusals a connection may gather: hosts slow down or hang up after 10 (Postfix) or more. Reliability M3. */
    static final int REFUSALS_MAX = 8;

    private static final String LINE_END = "\r\n";

    private static final int CLOSING = 421;

    private final Socket plain;
    private Socket socket;
    private ReplyReader reader;
    private OutputStream out;
    private Use use;
    private Set<String> offered = Set.of();
    private boolean introduced;
    private boolean encrypted;
    private boolean kept;
    private boolean closing;
    private boolean spokenToBefore;
    private int transactions;
    private int recipients;
    private int refusals;
    private @Nullable Thread watch;

    /**
     * What one probe has to do with the connection.
     *
     * @param host the name it knows the host by
     * @param deadline end of everything that this probe does here
     */
    record Use(String host, Transcript transcript, Deadline deadline) {}

    /** Takes over a connected socket. */
    SmtpSession(Socket socket, Use use) throws IOException {
        this.plain = socket;
        this.socket = socket;
        this.use = use;
        socket.setTcpNoDelay(true); // each write is a whole flight; nothing is gained by holding it back
        reader = new ReplyReader(socket);
        out = socket.getOutputStream();
    }

    String host() {
        return use.host();
    }

    /** Goes on for another probe. */
    void begin(Use next) {
        use = next;
        kept = true;
        if (encrypted) {
            watch = closeAtDeadline(plain, next.deadline());
        }
    }

    /** Ends what the present probe has set going; the connection stays. */
    void rest() {
        if (watch != null) {
            watch.interrupt();
            watch = null;
        }
    }

    /** Whether the connection has served a probe before this one. */
    boolean isKept() {
        return kept;
    }

    /** Notes that a transaction begins; tells whether there was one before, which must be reset. */
    boolean beginsAnotherTransaction() {
        return transactions++ > 0;
    }

    /** Whether the host has said who it is, so that transactions may begin. */
    boolean isIntroduced() {
        return introduced;
    }

    /**
     * Notes what the host offers: the first words of all lines but the greeting (RFC 5321, section 4.1.1.1).
     *
     * @param hello its reply to EHLO or HELO
     */
    void introduced(ReplyReader.Received hello) {
        introduced = true;
        offered = hello.lines().stream()
                .skip(1)
                .map(line -> line.strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    boolean offers(String keyword) {
        return offered.contains(keyword);
    }

    /** How many recipients more the host may be asked about on this connection; 0 when it is to end. */
    int room(int recipientsMax) {
        boolean ends = closing || refusals >= REFUSALS_MAX || reader.isHalfSpent();
        return ends ? 0 : Math.max(0, recipientsMax - recipients);
    }

    /** What the host has refused on this connection. */
    int refusals() {
        return refusals;
    }

    /** Sends the lines in one write, so that a group of commands travels as one. */
    void send(List<String> lines) throws IOException {
        spokenToBefore = reader.hasMore();
        var text = String.join(LINE_END, lines) + LINE_END;
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Waits for the next reply, at most {@code longest} and never beyond the probe's deadline. */
    ReplyReader.Received receive(Stage stage, Duration longest) throws IOException {
        var received = next(longest);
        recipients += stage == Stage.RCPT ? 1 : 0;
        use.transcript().add(use.host(), stage, received.reply());
        return received;
    }

    /** Waits for the reply to a recipient of another probe, which keeps its own transcript. */
    ReplyReader.Received receiveForAnother(Duration longest) throws IOException {
        var received = next(longest);
        recipients++;
        return received;
    }

    /** Waits for the reply to RSET, which is no part of the evidence. */
    ReplyReader.Received receiveReset(Duration longest) throws IOException {
        return next(longest);
    }

    private ReplyReader.Received next(Duration longest) throws IOException {
        boolean wasClosing = closing;
        closing = true; // unless a reply comes: after a missing one nobody could tell which is which
        var received = reader.next(use.deadline().orIn(longest));
        if (spokenToBefore && received.isPositive()) {
            // Only good-byes come unasked. Whatever this is, it would pass for the answer to another command.
            throw new ProtocolException("a reply before its command");
        }
        spokenToBefore = false;
        refusals += received.isPositive() ? 0 : 1;
        closing = wasClosing || received.code() == CLOSING;
        return received;
    }

    ReplyReader.Received ask(Stage stage, String line, Duration longest) throws IOException {
        send(List.of(line));
        return receive(stage, longest);
    }

    /** Whether the probe has ended, rather than the host's patience or its own. */
    boolean isCutShort() {
        return use.deadline().hasPassed() || Thread.currentThread().isInterrupted();
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
        watch = closeAtDeadline(plain, use.deadline());
        socket = OpportunisticTls.over(plain, use.host(), use.deadline().orIn(longest));
        reader = reader.over(socket);
        out = socket.getOutputStream();
        encrypted = true;
    }

    /** TLS reads whole records, so a host that drips octets could outlast the read's own limit. */
    private static Thread closeAtDeadline(Socket plain, Deadline deadline) {
        return Thread.ofVirtual().name("smtp-tls-deadline").start(() -> {
            try {
                Thread.sleep(deadline.left());
                plain.close();
            } catch (InterruptedException | IOException _) {
                Thread.currentThread().interrupt(); // the probe has ended by itself
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
        rest();
    }
}
