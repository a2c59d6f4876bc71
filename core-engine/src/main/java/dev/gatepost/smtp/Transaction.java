package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Smtputf8Unsupported;
import dev.gatepost.smtp.ReplyReader.Received;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;

/**
 * What is said on one connection: greeting, EHLO, MAIL, RCPT for the address and, where that question is open, RCPT
 * for an address nobody has. One object for one connection.
 */
final class Dialogue {
    /** Commands a host does not know; nothing else is a reason to fall back from EHLO to HELO. */
    private static final Set<Integer> NOT_UNDERSTOOD = Set.of(500, 502, 504);

    private static final int BAD_SEQUENCE = 503;

    /** What a host that cannot pipeline calls it (Postfix, Exim). */
    private static final Set<String> PIPELINING_COMPLAINTS = Set.of("pipelin", "synchroni");

    private final SmtpSession session;
    private final Script script;
    private final SmtpTimeouts timeouts;

    /**
     * What to say.
     *
     * @param recipients the address, then perhaps the one nobody has
     * @param mayPipeline whether a group may be sent where the host offers it
     * @param tls whether to encrypt
     */
    record Script(SmtpIdentity identity, List<EmailAddress> recipients, boolean mayPipeline, Tls tls) {
        Script {
            recipients = List.copyOf(recipients);
        }

        EmailAddress address() {
            return recipients.getFirst();
        }

        Script oneByOne() {
            return new Script(identity, recipients, false, tls);
        }

        Script encrypted(Outcome withoutTls) {
            return new Script(identity, recipients, mayPipeline, new Tls.Demanded(withoutTls));
        }
    }

    /** Whether to encrypt: only where a host has demanded it. */
    sealed interface Tls {
        record NotAsked() implements Tls {}

        /**
         * The host wants it.
         *
         * @param impossible how the probe ends when encryption fails
         */
        record Demanded(Outcome impossible) implements Tls {}
    }

    /** How the talk ended. */
    sealed interface Ending {
        /** There is an answer. */
        record Done(Outcome outcome) implements Ending {}

        /** This host gave none; another may. */
        record TryNext(Outcome outcome) implements Ending {}

        /** The host garbled a pipelined group. */
        record OneByOne() implements Ending {}

        /** The host wants encryption first. */
        record WithTls(Outcome demand) implements Ending {}
    }

    Dialogue(SmtpSession session, Script script, SmtpTimeouts timeouts) {
        this.session = session;
        this.script = script;
        this.timeouts = timeouts;
    }

    /**
     * Has the whole talk.
     *
     * @param opening end of the wait for the greeting, so that a silent host leaves time for the next one
     */
    Ending talk(Deadline opening) {
        try {
            var greeting = session.receive(
                    Stage.GREETING, opening.orIn(timeouts.greeting()).left());
            return greeting.isPositive() ? afterGreeting() : new Ending.TryNext(refused(Stage.GREETING, greeting));
        } catch (IOException e) {
            return new Ending.TryNext(new NoAnswer(session.host(), trouble(e)));
        }
    }

    private Ending afterGreeting() throws IOException {
        var hello = hello();
        if (!hello.isPositive()) {
            return ending(Stage.EHLO, hello);
        }
        if (script.tls() instanceof Tls.Demanded demanded) {
            if (!keywords(hello).contains("STARTTLS") || !encrypt()) {
                return new Ending.Done(demanded.impossible());
            }
            hello = hello(); // what was said in the clear does not count (RFC 3207, section 4.2)
            if (!hello.isPositive()) {
                return ending(Stage.EHLO, hello);
            }
        }
        var offered = keywords(hello);
        if (script.address().needsSmtputf8() && !offered.contains("SMTPUTF8")) {
            return new Ending.Done(new Smtputf8Unsupported(session.host()));
        }
        return script.mayPipeline() && offered.contains("PIPELINING") ? group() : oneByOne();
    }

    private Received hello() throws IOException {
        var reply = session.ask(Stage.EHLO, CommandLines.ehlo(script.identity()), timeouts.reply());
        return NOT_UNDERSTOOD.contains(reply.code())
                ? session.ask(Stage.EHLO, CommandLines.helo(script.identity()), timeouts.reply())
                : reply;
    }

    /** First words of all lines but the greeting, in upper case (RFC 5321, section 4.1.1.1). */
    private static Set<String> keywords(Received hello) {
        return hello.lines().stream()
                .skip(1)
                .map(line -> line.strip().split("\\s", 2)[0].toUpperCase(Locale.ROOT))
                .collect(Collectors.toSet());
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

    private Ending group() throws IOException {
        var lines = new ArrayList<String>();
        lines.add(mailLine());
        script.recipients().forEach(recipient -> lines.add(CommandLines.rcpt(recipient)));
        session.send(lines);
        var replies = new ArrayList<Received>();
        try {
            replies.add(session.receive(Stage.MAIL, timeouts.reply()));
            while (replies.size() < lines.size() && replies.getFirst().isPositive()) {
                replies.add(session.receive(Stage.RCPT, timeouts.reply()));
            }
        } catch (SocketTimeoutException e) {
            if (replies.isEmpty()) {
                throw e; // just slow; silence after the first reply means that it threw the rest away
            }
        } catch (IOException _) {
            // Seen below as a group without all its replies.
        }
        return afterGroup(replies);
    }

    private Ending afterGroup(List<Received> replies) throws IOException {
        boolean answered = replies.size() > 1;
        if (replies.isEmpty() || replies.stream().anyMatch(Dialogue::complainsOfPipelining)) {
            return new Ending.OneByOne();
        }
        if (!replies.getFirst().isPositive()) {
            return ending(Stage.MAIL, replies.getFirst());
        }
        if (!answered || replies.get(1).code() == BAD_SEQUENCE) {
            return new Ending.OneByOne();
        }
        boolean complete = replies.size() == 1 + script.recipients().size();
        if (complete && session.hasMore()) {
            return new Ending.OneByOne(); // more replies than commands: which belongs to which?
        }
        var random = replies.size() > 2 ? Optional.of(replies.get(2)) : Optional.<Received>empty();
        return answered(replies.get(1), script.recipients().size() > 1 ? acceptAll(random) : AcceptAll.NOT_ASKED);
    }

    private static boolean complainsOfPipelining(Received reply) {
        var text = String.join(" ", reply.lines()).toLowerCase(Locale.ROOT);
        return !reply.isPositive() && PIPELINING_COMPLAINTS.stream().anyMatch(text::contains);
    }

    private Ending oneByOne() throws IOException {
        var mail = session.ask(Stage.MAIL, mailLine(), timeouts.reply());
        if (!mail.isPositive()) {
            return ending(Stage.MAIL, mail);
        }
        var rcpt = session.ask(Stage.RCPT, CommandLines.rcpt(script.address()), timeouts.reply());
        boolean asksAcceptAll = rcpt.isPositive() && script.recipients().size() > 1;
        return answered(rcpt, asksAcceptAll ? acceptAll(askRandom()) : AcceptAll.NOT_ASKED);
    }

    /** Whatever happens to this question must not harm the answer already had. */
    private Optional<Received> askRandom() {
        try {
            var line = CommandLines.rcpt(script.recipients().get(1));
            return Optional.of(session.ask(Stage.RCPT, line, timeouts.reply()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private static AcceptAll acceptAll(Optional<Received> random) {
        if (random.isEmpty()) {
            return AcceptAll.UNCLEAR;
        }
        var reply = random.get().reply();
        return switch (ReplyClassifier.meaning(Stage.RCPT, reply)) {
            case ACCEPT -> AcceptAll.YES;
            case MAILBOX_NOT_FOUND, DISABLED -> AcceptAll.NO;
            case MAILBOX_FULL,
                    GREYLISTED,
                    RATE_LIMITED,
                    BLOCKED_REPUTATION,
                    POLICY,
                    RELAY_DENIED,
                    TLS_REQUIRED,
                    AUTH_REQUIRED,
                    SYNTAX,
                    TEMPORARY -> AcceptAll.UNCLEAR;
        };
    }

    private String mailLine() {
        return CommandLines.mail(script.identity(), script.address().needsSmtputf8());
    }

    private Ending answered(Received rcpt, AcceptAll acceptAll) {
        var reply = rcpt.reply();
        var meaning = ReplyClassifier.meaning(Stage.RCPT, reply);
        return orWithTls(meaning, new Answered(session.host(), reply, meaning, acceptAll));
    }

    private Ending ending(Stage stage, Received reply) {
        var refused = refused(stage, reply);
        return orWithTls(refused.meaning(), refused);
    }

    private Ending orWithTls(ReplyMeaning meaning, Outcome outcome) {
        boolean demands = meaning == ReplyMeaning.TLS_REQUIRED && script.tls() instanceof Tls.NotAsked;
        return demands ? new Ending.WithTls(outcome) : new Ending.Done(outcome);
    }

    private SenderRefused refused(Stage stage, Received received) {
        var reply = received.reply();
        return new SenderRefused(session.host(), stage, reply, ReplyClassifier.meaning(stage, reply));
    }

    private static ProbeResult.Trouble trouble(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> ProbeResult.Trouble.TIMEOUT;
            case ProtocolException _ -> ProbeResult.Trouble.PROTOCOL;
            default -> ProbeResult.Trouble.CONNECTION_LOST;
        };
    }
}
