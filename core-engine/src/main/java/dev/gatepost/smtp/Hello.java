package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.Dialer;
import dev.gatepost.egress.Dialled;
import dev.gatepost.egress.Purpose;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;

/** What came of saying hello to a mail host: connect, greeting, EHLO, QUIT, and nothing about any mailbox. */
public sealed interface Hello {
    /**
     * The host answered EHLO.
     *
     * @param greeting what it said first, codes left out
     * @param answer what it said to EHLO, all lines; some hosts name the address they see us at
     * @param from our own end of the connection
     */
    record Greeted(String greeting, String answer, InetAddress from) implements Hello {
        public Greeted {
            requireNonNull(greeting, "greeting");
            requireNonNull(answer, "answer");
            requireNonNull(from, "from");
        }
    }

    /** The host is there, but refused us at the greeting or at EHLO; {@code mend} says what can be done. */
    record Refused(Reply reply, RefusalCause cause, String mend, InetAddress from) implements Hello {
        public Refused {
            requireNonNull(reply, "reply");
            requireNonNull(cause, "cause");
            requireNonNull(mend, "mend");
            requireNonNull(from, "from");
        }
    }

    /** There was a connection, but no SMTP on it. */
    record Mute(String why, InetAddress from) implements Hello {
        public Mute {
            requireNonNull(why, "why");
            requireNonNull(from, "from");
        }
    }

    /** There was no connection. */
    record NotConnected(Dialled how) implements Hello {
        public NotConnected {
            requireNonNull(how, "how");
        }
    }

    /**
     * Says hello to one address of a mail host, as {@code identity}; blocks for at most twice {@code timeout}.
     *
     * @param identity with an empty name, nothing is said after the greeting
     * @param timeout for the connection, and again for all that follows
     */
    static Hello say(Dialer dialer, SmtpIdentity identity, InetSocketAddress host, Duration timeout) {
        return switch (dialer.dial(Purpose.SMTP, host, timeout)) {
            case Dialled.Connected(var socket) -> over(socket, identity, timeout);
            case Dialled other -> new NotConnected(other);
        };
    }

    private static Hello over(Socket socket, SmtpIdentity identity, Duration timeout) {
        var from = socket.getLocalAddress();
        try (var session = new SmtpSession(socket, new SmtpSession.Use("", new Transcript(), Deadline.in(timeout)))) {
            var greeting = session.receive(Stage.GREETING, timeout);
            if (!greeting.isPositive()) {
                return refused(greeting.reply(), identity, from);
            }
            if (identity.helo().isEmpty()) {
                return new Greeted(greeting.reply().text(), "", from);
            }
            session.send(List.of(CommandLines.ehlo(identity)));
            var answer = session.receive(Stage.EHLO, timeout);
            return answer.isPositive()
                    ? new Greeted(greeting.reply().text(), String.join("\n", answer.lines()), from)
                    : refused(answer.reply(), identity, from);
        } catch (SocketTimeoutException _) {
            return new Mute("it said nothing in time", from);
        } catch (IOException e) {
            return new Mute("the connection broke: " + e.getClass().getSimpleName(), from);
        }
    }

    private static Hello refused(Reply reply, SmtpIdentity identity, InetAddress from) {
        var cause = RefusalCause.of(reply);
        return new Refused(reply, cause, cause.mend(identity, reply), from);
    }
}
