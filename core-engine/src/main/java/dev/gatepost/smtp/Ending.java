package dev.gatepost.smtp;

import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;

/** How a talk over one connection ended. */
sealed interface Ending {
    /** There is an answer. */
    record Done(Outcome outcome) implements Ending {}

    /** This host gave none; another may. */
    record TryNext(Outcome outcome) implements Ending {}

    /** The host garbled a pipelined group. */
    record OneByOne() implements Ending {}

    /** The host wants encryption first. */
    record WithTls(Outcome demand) implements Ending {}

    /** The address has its answer, but the host wants to hear of the one nobody has in a transaction of its own. */
    record AskApart(Answered answered) implements Ending {}

    /** A connection kept from before no longer serves. That says nothing about the address: a new one must tell. */
    record Stale() implements Ending {}

    static Ending ofRefusal(String host, Stage stage, Reply reply, Script script) {
        var meaning = ReplyClassifier.meaning(stage, reply);
        return ofRefusal(new SenderRefused(host, stage, reply, meaning), script);
    }

    /** A host that demands encryption is asked again with it, once. */
    static Ending ofRefusal(SenderRefused refused, Script script) {
        boolean demands = refused.meaning() == ReplyMeaning.TLS_REQUIRED && script.tls() instanceof Script.Tls.NotAsked;
        return demands ? new WithTls(refused) : new Done(refused);
    }

    static ProbeResult.Trouble trouble(IOException e) {
        return switch (e) {
            case SocketTimeoutException _ -> ProbeResult.Trouble.TIMEOUT;
            case ProtocolException _ -> ProbeResult.Trouble.PROTOCOL;
            default -> ProbeResult.Trouble.CONNECTION_LOST;
        };
    }

    static TryNext noAnswer(String host, ProbeResult.Trouble trouble) {
        return new TryNext(new NoAnswer(host, trouble));
    }
}
