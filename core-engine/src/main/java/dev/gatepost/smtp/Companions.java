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
    private final WaitingProbes all;
    private final List<Waiting> waiting;

    private Companions(WaitingProbes all, List<Waiting> waiting) {
        this.all = all;
        this.waiting = List.copyOf(waiting);
    }

    /** Those that wait first for the hosts of a probe's domain, at most so many; {@link #tell} must follow. */
    static Companions of(WaitingProbes all, Probe leader, int max) {
        return new Companions(all, max > 0 ? all.take(leader, max) : List.of());
    }

    List<EmailAddress> addresses() {
        return waiting.stream().map(one -> one.probe().address()).toList();
    }

    /**
     * Tells each what the host said, or that it has to ask for itself.
     *
     * @param replies one for each in order, or none
     * @param acceptAll what is known of their domain
     * @return how many were answered cleanly, which speaks for the host's patience
     */
    int tell(String host, List<Received> replies, AcceptAll acceptAll) {
        int clean = 0;
        for (int i = 0; i < Math.min(waiting.size(), replies.size()); i++) {
            clean += tell(waiting.get(i), host, replies.get(i), acceptAll) == Attitude.CLEAN ? 1 : 0;
        }
        // Whoever has no answer yet goes back to the front of the line; the last first, so that they keep their order.
        waiting.reversed().forEach(all::leaveAlone);
        return clean;
    }

    private static Attitude tell(Waiting one, String host, Received received, AcceptAll acceptAll) {
        var reply = received.reply();
        var answer = new Answered(host, reply, ReplyClassifier.meaning(Stage.RCPT, reply), acceptAll);
        var attitude = Attitude.of(answer);
        if (attitude == Attitude.CLEAN || answer.meaning() == ReplyMeaning.GREYLISTED) {
            one.probe().transcript().add(host, Stage.RCPT, reply);
            one.answered(answer);
        }
        return attitude;
    }
}
