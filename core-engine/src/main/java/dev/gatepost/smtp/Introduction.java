package dev.gatepost.smtp;

import dev.gatepost.smtp.ReplyReader.Received;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/** What comes between the greeting and the first transaction: EHLO and, where the host has demanded it, STARTTLS. */
final class Introduction {
    /** Commands a host does not know; nothing else is a reason to fall back from EHLO to HELO. */
    private static final Set<Integer> NOT_UNDERSTOOD = Set.of(500, 502, 504);

    private final SmtpSession session;
    private final Script script;
    private final SmtpTimeouts timeouts;

    Introduction(SmtpSession session, Script script, SmtpTimeouts timeouts) {
        this.session = session;
        this.script = script;
        this.timeouts = timeouts;
    }

    /** Makes the two known to each other; empty when transactions may begin. */
    Optional<Ending> make() throws IOException {
        var ending = hello();
        if (ending.isPresent() || !(script.tls() instanceof Script.Tls.Demanded(var impossible))) {
            return ending;
        }
        // What was said in the clear does not count (RFC 3207, section 4.2).
        return session.offers("STARTTLS") && encrypt() ? hello() : Optional.of(new Ending.Done(impossible));
    }

    private Optional<Ending> hello() throws IOException {
        var reply = session.ask(Stage.EHLO, CommandLines.ehlo(script.identity()), timeouts.reply());
        if (NOT_UNDERSTOOD.contains(reply.code())) {
            reply = session.ask(Stage.EHLO, CommandLines.helo(script.identity()), timeouts.reply());
        }
        return answered(reply);
    }

    private Optional<Ending> answered(Received reply) {
        if (!reply.isPositive()) {
            return Optional.of(Ending.ofRefusal(session.host(), Stage.EHLO, reply.reply(), script));
        }
        session.introduced(reply);
        return Optional.empty();
    }

    private boolean encrypt() throws IOException {
        if (!session.ask(Stage.STARTTLS, CommandLines.STARTTLS, timeouts.reply())
                .isPositive()) {
            return false;
        }
        try {
            session.startTls(timeouts.reply());
            return true;
        } catch (SSLException _) {
            return false;
        }
    }
}
