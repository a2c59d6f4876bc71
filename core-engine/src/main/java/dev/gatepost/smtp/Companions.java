package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ReplyReader.Received;
import java.util.List;

/**
 * Other probes that somebody asks for along with its own address. They get plain answers only; after anything else each
 * asks for itself.
 */
final class Companions {
    /** Most in one group: with the one that asks, as many as a connection may gather refusals. */
    static final int MAX = SmtpSession.REFUSALS_MAX - 1;

    private final List<Waiting> waiting;

    Companions(List<Waiting> waiting) {
        this.waiting = List.copyOf(waiting);
    }

    List<EmailAddress> addresses() {
        return waiting.stream().map(one -> one.probe().address()).toList();
    }

    /**
     * Tells each what the host said, or that it has to ask for itself.
     *
     * @param replies one for each in order, or none
     * @param acceptAll what is known of their domain
     * @return whether the host has heard too many recipients
     */
    boolean tell(String host, List<Received> replies, AcceptAll acceptAll) {
        boolean tooMany = false;
        for (int i = 0; i < waiting.size(); i++) {
            if (i >= replies.size() || !tell(waiting.get(i), host, replies.get(i), acceptAll)) {
                waiting.get(i).leftAlone();
            }
            tooMany |= i < replies.size() && Transaction.isOneTooMany(replies.get(i));
        }
        return tooMany;
    }

    private static boolean tell(Waiting one, String host, Received received, AcceptAll acceptAll) {
        var reply = received.reply();
        var answer = new Answered(host, reply, ReplyClassifier.meaning(Stage.RCPT, reply), acceptAll);
        boolean isPlain = Attitude.of(answer) == Attitude.CLEAN || answer.meaning() == ReplyMeaning.GREYLISTED;
        if (isPlain) {
            one.probe().transcript().add(host, Stage.RCPT, reply);
            one.answered(answer);
        }
        return isPlain;
    }
}
