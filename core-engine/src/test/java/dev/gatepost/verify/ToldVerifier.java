package dev.gatepost.verify;

import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.ProbeResult.Trouble;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Stage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Verifies by what a test has told of mail hosts; they accept whatever nothing was told of. Safe for any thread. */
public final class ToldVerifier implements AutoCloseable {
    /** What was asked, in its order. */
    public final List<String> verified = new CopyOnWriteArrayList<>();

    /** What is seen of an address, as normalized, at its first, second, ... check; the last one stays. */
    public final Map<String, List<Evidence>> answers = new ConcurrentHashMap<>();

    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();
    private final InstantSource clock;

    /** Knows of no address yet. */
    public ToldVerifier(InstantSource clock) {
        this.clock = clock;
    }

    /** Answers for this text only when the gate is open. */
    public void hold(String email, CountDownLatch gate) {
        gates.put(email, gate);
    }

    /** One check. */
    public Verification verify(VerifyRequest request) {
        var before = (int) verified.stream().filter(request.text()::equals).count();
        verified.add(request.text());
        var gate = gates.get(request.text());
        if (gate != null) {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return switch (AddressParser.parse(request.text(), request.dialect())) {
            case Syntax.Malformed(var defect) -> verification(request, "", List.of(new Evidence.Malformed(defect)));
            case Syntax.Wellformed(var address) -> {
                var seen = answers.getOrDefault(address.normalized(), List.of(accepted()));
                yield verification(request, address.normalized(), List.of(seen.get(Math.min(before, seen.size() - 1))));
            }
        };
    }

    private Verification verification(VerifyRequest request, String normalized, List<Evidence> evidence) {
        return new Verification(
                request.id(),
                request.text(),
                normalized,
                normalized.substring(normalized.indexOf('@') + 1),
                evidence,
                Verdict.of(evidence),
                clock.instant(),
                Duration.ofMillis(1));
    }

    /** The mailbox exists. */
    public static Evidence accepted() {
        return answered(250, ReplyMeaning.ACCEPT, AcceptAll.NO);
    }

    /** The host says later. */
    public static Evidence greylisted() {
        return answered(451, ReplyMeaning.GREYLISTED, AcceptAll.NOT_ASKED);
    }

    private static Evidence answered(int code, ReplyMeaning meaning, AcceptAll acceptAll) {
        return new Evidence.RecipientAnswered("mx", new Reply(code, "", "text"), meaning, acceptAll, false);
    }

    /** There was no place for a probe. */
    public static Evidence busy() {
        return new Evidence.NoAnswer("mx", Trouble.BUSY);
    }

    /** The host refused us. */
    public static Evidence blocked() {
        return new Evidence.SenderRefused(
                "mx", Stage.GREETING, new Reply(554, "", "blocked"), ReplyMeaning.BLOCKED_REPUTATION);
    }

    /** Opens all gates. */
    @Override
    public void close() {
        gates.values().forEach(CountDownLatch::countDown);
    }
}
