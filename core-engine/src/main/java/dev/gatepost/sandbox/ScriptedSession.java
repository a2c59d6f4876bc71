package dev.gatepost.sandbox;

import dev.gatepost.sandbox.MailScript.Quirk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Locale;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** One connection of a {@link ScriptedMailHost}. Replies are held back until the flight of commands is read. */
final class ScriptedSession {
    private static final int BUFFER_BYTES = 8_192;

    /** Longest command line taken, far above RFC 5321, section 4.5.3.1.4. */
    private static final int LINE_BYTES_MAX = 4_096;

    private static final Duration STALL = Duration.ofSeconds(2);

    private static final Duration DRIP = Duration.ofMillis(5);

    private final MailScript script;
    private final ScriptedMailHost host;
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private Socket socket;
    private InputStream in;
    private OutputStream out;
    private int next;
    private int filled;
    private int recipients;
    private int recipientsOfSession;
    private boolean flightCounted;
    private boolean encrypted;
    private boolean greeted;
    private boolean mailTaken;
    private String sender = "";

    ScriptedSession(Socket socket, MailScript script, ScriptedMailHost host) throws IOException {
        this.socket = socket;
        this.script = script;
        this.host = host;
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** First word of a command line, in upper case. */
    static String verb(String line) {
        return line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
    }

    void run() throws IOException, InterruptedException {
        host.waited(); // for the connection
        if (script.has(Quirk.DROPS_AT_CONNECT)) {
            return;
        }
        host.waited(); // for the greeting
        if (!greet()) {
            return;
        }
        for (var line = line(); line != null; line = line()) {
            host.heard(line);
            if (!answer(line)) {
                return;
            }
        }
    }

    private boolean greet() throws IOException, InterruptedException {
        if (script.has(Quirk.ENDLESS_LINES) || script.has(Quirk.ENDLESS_LINE) || script.has(Quirk.DRIPS)) {
            pourOut();
            return false;
        }
        script.greeting().forEach(this::say);
        flush();
        return true;
    }

    /** Writes until the client has had enough and closes. */
    private void pourOut() throws IOException, InterruptedException {
        var lines = "220-more\r\n".repeat(100).getBytes(StandardCharsets.US_ASCII);
        var line = ("220-" + "x".repeat(1_000)).getBytes(StandardCharsets.US_ASCII);
        while (true) {
            if (script.has(Quirk.DRIPS)) {
                out.write('2');
                Thread.sleep(DRIP);
            } else {
                out.write(script.has(Quirk.ENDLESS_LINES) ? lines : line);
            }
        }
    }

    /** Answers one command; false ends the session. */
    private boolean answer(String line) throws IOException, InterruptedException {
        var verb = verb(line);
        if (!verb.equals("QUIT") && !flightCounted) {
            host.waited();
            flightCounted = true;
        }
        greeted |= verb.equals("EHLO") || verb.equals("HELO");
        if (!greeted && script.has(Quirk.EHLO_FIRST)) {
            return say("503 5.5.1 Error: send EHLO first");
        }
        return switch (verb) {
            case "EHLO" -> ehlo();
            case "HELO" -> say("250 mx.sandbox-mail.com");
            case "MAIL" -> mail(line);
            case "RCPT" -> rcpt(line);
            case "STARTTLS" -> startTls();
            case "RSET" -> reset();
            case "NOOP" -> say("250 2.0.0 Ok");
            case "QUIT" -> {
                say("221 2.0.0 Bye");
                flush();
                yield false;
            }
            default -> say("502 5.5.2 Error: command not recognized");
        };
    }

    private boolean ehlo() {
        if (script.has(Quirk.HELO_ONLY)) {
            return say("502 5.5.2 Error: command not recognized");
        }
        if (script.has(Quirk.DROPS_AFTER_EHLO)) {
            return false;
        }
        var keywords = script.extensions().stream()
                .filter(keyword -> !(encrypted && keyword.equals("STARTTLS")))
                .toList();
        say((keywords.isEmpty() ? "250 " : "250-") + "mx.sandbox-mail.com");
        for (int i = 0; i < keywords.size(); i++) {
            say((i == keywords.size() - 1 ? "250 " : "250-") + keywords.get(i));
        }
        return true;
    }

    private boolean reset() {
        mailTaken = false;
        recipients = 0;
        return say("250 2.0.0 Ok");
    }

    private boolean mail(String line) throws IOException, InterruptedException {
        boolean group = next < filled;
        if (group && script.has(Quirk.REFUSES_GROUPS)) {
            say("554 5.5.0 Error: improper use of SMTP command pipelining");
            flush();
            return false;
        }
        if (group && script.has(Quirk.FORGETS_GROUPS)) {
            next = filled;
        }
        if (group && script.has(Quirk.MISCOUNTS_GROUPS)) {
            say("250 2.0.0 One more");
        }
        if (script.has(Quirk.DEMANDS_TLS) && !encrypted) {
            return say("530 5.7.0 Must issue a STARTTLS command first");
        }
        sender = line;
        mailTaken = script.mailReply().startsWith("2");
        return say(script.mailReply());
    }

    private boolean rcpt(String line) throws IOException, InterruptedException {
        recipients++;
        recipientsOfSession++;
        boolean second = recipients == 2;
        if (script.has(Quirk.RESETS_AFTER_RCPT)) {
            socket.setSoLinger(true, 0); // closing then sends a reset
            return false;
        }
        if (script.has(Quirk.DROPS_AFTER_RCPT)) {
            return false;
        }
        if (second && script.has(Quirk.DROPS_AFTER_SECOND_RCPT)) {
            sendReplies();
            return false;
        }
        boolean stalls = (recipients == 1 && script.has(Quirk.STALLS_AT_FIRST_RCPT))
                || (second && script.has(Quirk.STALLS_AT_SECOND_RCPT));
        if (stalls) {
            sendReplies();
            Thread.sleep(STALL);
        }
        if (!mailTaken) {
            return say("503 5.5.1 Error: need MAIL command");
        }
        boolean secondOfSession = recipientsOfSession > 1 && script.has(Quirk.ONE_RECIPIENT_A_SESSION);
        if (secondOfSession || (recipients > 1 && script.has(Quirk.ONE_RECIPIENT))) {
            return say("452 4.5.3 Too many recipients");
        }
        int open = line.indexOf('<');
        int shut = line.lastIndexOf('>');
        if (open < 0 || shut < open) {
            return say("501 5.1.3 Bad recipient address syntax");
        }
        var address = line.substring(open + 1, shut);
        var reply = script.replyTo(address);
        boolean putOff = reply.startsWith("2") && host.isGreylisted(socket.getInetAddress(), sender, address);
        return say(putOff ? MailScript.GREYLISTED.replace("{rcpt}", address) : reply);
    }

    private boolean startTls() throws IOException, InterruptedException {
        say("220 2.0.0 Ready to start TLS");
        if (script.has(Quirk.INJECTS_BEFORE_TLS)) {
            say("250 injected");
        }
        if (script.has(Quirk.BREAKS_TLS)) {
            say("this is not TLS");
        }
        flush();
        host.waited(); // for the handshake
        var secure = (SSLSocket) tls().getSocketFactory().createSocket(socket, null, socket.getPort(), true);
        secure.setUseClientMode(false);
        secure.startHandshake();
        socket = secure;
        in = secure.getInputStream();
        out = secure.getOutputStream();
        encrypted = true;
        greeted = false;
        mailTaken = false;
        next = filled;
        return true;
    }

    /** The sandbox's own key, good for nothing else; the verifier looks at no certificate. */
    private static SSLContext tls() {
        var password = "sandbox".toCharArray();
        try (var stored = ScriptedSession.class.getResourceAsStream("mail-host.p12")) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(stored, password);
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean say(String line) {
        var charset = script.has(Quirk.LATIN_1) ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        replies.writeBytes(line.getBytes(charset));
        replies.writeBytes((script.has(Quirk.BARE_LF) ? "\n" : "\r\n").getBytes(StandardCharsets.US_ASCII));
        return true;
    }

    private void flush() throws IOException, InterruptedException {
        if (!script.delay().isZero() && replies.size() > 0) {
            Thread.sleep(script.delay());
        }
        sendReplies();
    }

    private void sendReplies() throws IOException {
        out.write(replies.toByteArray());
        out.flush();
        replies.reset();
    }

    /** The next command, null at the end. Sends what was held back once the client has no more to say. */
    private @Nullable String line() throws IOException, InterruptedException {
        var line = new ByteArrayOutputStream();
        while (line.size() < LINE_BYTES_MAX) {
            if (next == filled && !fill()) {
                return null;
            }
            byte octet = buffer[next++];
            if (octet == '\n') {
                return line.toString(StandardCharsets.UTF_8).stripTrailing();
            }
            line.write(octet);
        }
        return null;
    }

    private boolean fill() throws IOException, InterruptedException {
        flush();
        flightCounted = false;
        next = 0;
        filled = Math.max(0, in.read(buffer));
        return filled > 0;
    }
}
