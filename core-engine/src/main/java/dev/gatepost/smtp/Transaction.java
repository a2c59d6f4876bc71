package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.Smtputf8Unsupported;
import dev.gatepost.smtp.ReplyReader.Received;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One mail transaction up to RCPT: RSET where there was one before, MAIL, RCPT for the address and, where that question
 * is open, RCPT for an address nobody has; in a group perhaps RCPT for addresses of other probes. On a connection kept
 * from an earlier probe nothing but a plain answer to the address counts; whatever else comes may be about the
 * connection's past.
 */
final class Transaction {
    private static final int BAD_SEQUENCE = 503;

    private static final int CLOSING = 421;

    /** What a host that cannot pipeline calls it (Postfix, Exim). */
    private static final Set<String> PIPELINING_COMPLAINTS = Set.of("pipelin", "synchroni");

    private final SmtpSession session;
    private final Script script;
    private final SmtpTimeouts timeouts;

    /** Addresses of other probes, asked about in the same group. */
    private final List<EmailAddress> companions;

    private List<Received> replies = List.of();

    private List<Received> companionReplies = List.of();

    /**
     * Prepares a transaction.
     *
     * @param companions none where the host takes no groups
     */
    Transaction(SmtpSession session, Script script, SmtpTimeouts timeouts, List<EmailAddress> companions) {
        this.session = session;
        this.script = script;
        this.timeouts = timeouts;
        this.companions = List.copyOf(companions);
    }

    /** The replies to the companions, in their order; none unless the whole group was answered soundly. */
    List<Received> companionReplies() {
        return companionReplies;
    }

    /** The replies to the address and to the companions as far as they came, sound or not. */
    List<Received> heard() {
        return IntStream.range(0, replies.size())
                .filter(i -> i == 1 || i > script.recipients().size())
                .mapToObj(replies::get)
                .toList();
    }

    /** Has the transaction. */
    Ending run() throws IOException {
        if (script.address().needsSmtputf8() && !session.offers("SMTPUTF8")) {
            return new Ending.Done(new Smtputf8Unsupported(session.host()));
        }
        boolean resets = session.beginsAnotherTransaction();
        return script.mayPipeline() && session.offers("PIPELINING") ? group(resets) : oneByOne(resets);
    }

    private Ending group(boolean resets) throws IOException {
        var lines = new ArrayList<String>();
        if (resets) {
            lines.add(CommandLines.RSET);
        }
        lines.add(mailLine());
        script.recipients().forEach(recipient -> lines.add(CommandLines.rcpt(recipient)));
        companions.forEach(companion -> lines.add(CommandLines.rcpt(companion)));
        session.send(lines);
        if (resets && !session.receiveReset(timeouts.reply()).isPositive()) {
            return new Ending.Stale();
        }
        replies = groupReplies();
        return afterGroup();
    }

    /** The replies to MAIL and to each RCPT, as far as they came. */
    private List<Received> groupReplies() throws IOException {
        int own = 1 + script.recipients().size();
        int commands = own + companions.size();
        var came = new ArrayList<Received>();
        try {
            came.add(session.receive(Stage.MAIL, timeouts.reply()));
            while (came.size() < commands && came.getFirst().isPositive()) {
                came.add(
                        came.size() < own
                                ? session.receive(Stage.RCPT, timeouts.reply())
                                : session.receiveForAnother(timeouts.reply()));
            }
        } catch (IOException e) {
            boolean isJustSlow = came.isEmpty() && e instanceof SocketTimeoutException;
            boolean hasTheAnswer = came.size() > 1;
            if (isJustSlow || (!hasTheAnswer && session.isCutShort())) {
                throw e;
            }
            // Silence or an end after the first reply: the host threw the rest away.
        }
        return came;
    }

    private Ending afterGroup() throws IOException {
        boolean answered = replies.size() > 1;
        if (session.isKept() && (!answered || isAboutTheConnection(replies.get(1)))) {
            return new Ending.Stale();
        }
        if (replies.isEmpty() || replies.stream().anyMatch(Transaction::complainsOfPipelining)) {
            return new Ending.OneByOne();
        }
        if (!replies.getFirst().isPositive()) {
            return Ending.ofRefusal(
                    session.host(), Stage.MAIL, replies.getFirst().reply(), script);
        }
        if (!answered || replies.get(1).code() == BAD_SEQUENCE) {
            return new Ending.OneByOne();
        }
        boolean complete = replies.size() == 1 + script.recipients().size() + companions.size();
        if (complete && session.hasMore()) {
            return new Ending.OneByOne(); // more replies than commands: which belongs to which?
        }
        if (complete) {
            companionReplies =
                    List.copyOf(replies.subList(1 + script.recipients().size(), replies.size()));
        }
        var random = replies.size() > 2 ? Optional.of(replies.get(2)) : Optional.<Received>empty();
        return script.recipients().size() > 1 ? answered(replies.get(1), random) : answered(replies.get(1));
    }

    private static boolean complainsOfPipelining(Received reply) {
        var text = String.join(" ", reply.lines()).toLowerCase(Locale.ROOT);
        return !reply.isPositive() && PIPELINING_COMPLAINTS.stream().anyMatch(text::contains);
    }

    private Ending oneByOne(boolean resets) throws IOException {
        if (resets) {
            session.send(List.of(CommandLines.RSET));
            if (!session.receiveReset(timeouts.reply()).isPositive()) {
                return new Ending.Stale();
            }
        }
        var mail = session.ask(Stage.MAIL, mailLine(), timeouts.reply());
        if (!mail.isPositive()) {
            return session.isKept()
                    ? new Ending.Stale()
                    : Ending.ofRefusal(session.host(), Stage.MAIL, mail.reply(), script);
        }
        var rcpt = session.ask(Stage.RCPT, CommandLines.rcpt(script.address()), timeouts.reply());
        if (session.isKept() && isAboutTheConnection(rcpt)) {
            return new Ending.Stale();
        }
        replies = List.of(mail, rcpt);
        return rcpt.isPositive() && script.recipients().size() > 1 ? answered(rcpt, askRandom()) : answered(rcpt);
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

    /** The host is closing the connection, or has heard enough recipients on it. */
    private static boolean isAboutTheConnection(Received rcpt) {
        return rcpt.code() == CLOSING || isOneTooMany(rcpt);
    }

    /** RFC 5321, section 4.5.3.1.10, with code 452; the status is RFC 3463's X.5.3. */
    static boolean isOneTooMany(Received rcpt) {
        var reply = rcpt.reply();
        return !rcpt.isPositive()
                && (reply.enhancedCode().endsWith(".5.3")
                        || reply.text().toLowerCase(Locale.ROOT).contains("too many recipients"));
    }

    private String mailLine() {
        return CommandLines.mail(script.identity(), script.address().needsSmtputf8());
    }

    private Ending answered(Received rcpt) {
        return done(answer(rcpt, AcceptAll.NOT_ASKED));
    }

    private Ending answered(Received rcpt, Optional<Received> random) {
        if (rcpt.isPositive() && random.filter(Transaction::isOneTooMany).isPresent()) {
            return new Ending.AskApart(answer(rcpt, AcceptAll.UNCLEAR));
        }
        var acceptAll = random.map(reply -> AcceptAll.ofRandom(ReplyClassifier.meaning(Stage.RCPT, reply.reply())))
                .orElse(AcceptAll.UNCLEAR);
        return done(answer(rcpt, acceptAll));
    }

    private Answered answer(Received rcpt, AcceptAll acceptAll) {
        var reply = rcpt.reply();
        return new Answered(session.host(), reply, ReplyClassifier.meaning(Stage.RCPT, reply), acceptAll);
    }

    private Ending done(Answered answered) {
        boolean demandsTls =
                answered.meaning() == ReplyMeaning.TLS_REQUIRED && script.tls() instanceof Script.Tls.NotAsked;
        return demandsTls ? new Ending.WithTls(answered) : new Ending.Done(answered);
    }
}
