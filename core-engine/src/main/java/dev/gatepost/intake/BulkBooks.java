package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Settlement.Item;
import dev.gatepost.intake.Settlement.Recheck;
import dev.gatepost.intake.Verifications.Known;
import dev.gatepost.intake.Verifications.Origin;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.Reservation;
import dev.gatepost.rules.Workflow;
import dev.gatepost.smtp.SmtpTimeouts;
import dev.gatepost.verify.EvidenceJson;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Verdict;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.verify.VerifyRequest.Depth;
import dev.gatepost.workspace.KeyKind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Verifications of a list: the credit before the first packet, the asking, and the commit after the last one. Whoever keeps
 * the list calls this within its own transactions. Safe for any thread.
 */
public final class BulkBooks {
    /** Where these verifications come from, in tables. */
    static final String SOURCE = "batch";

    private final RealTimeParts parts;
    private final Verifications verifications = new Verifications();
    private final Recheck recheck;
    private final Settlement settlement;

    public BulkBooks(RealTimeParts parts) {
        this.parts = requireNonNull(parts, "parts");
        this.recheck = new Recheck(parts.recheck());
        this.settlement = new Settlement(
                parts.ledger(),
                verifications,
                new Claims(parts.keyedHash(), parts.freshness()),
                recheck,
                parts.freshness(),
                parts.outbox());
    }

    /**
     * For whom a list is verified.
     *
     * @param kind a test key's addresses come from {@link TestAddresses} and cost nothing
     * @param workflow judges what is found
     */
    public record Client(String workspaceId, KeyKind kind, Workflow workflow) {
        public Client {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(kind, "kind");
            requireNonNull(workflow, "workflow");
        }

        private boolean isTest() {
            return kind == KeyKind.TEST;
        }
    }

    /**
     * One address of a list.
     *
     * @param chargeKey what its credit is taken under, the same at every attempt (reliability C3)
     * @param checks how often it was asked and answered so far
     */
    public record Ask(String verificationId, String email, String chargeKey, int checks) {
        public Ask {
            requireNonNull(verificationId, "verificationId");
            requireNonNull(email, "email");
            requireNonNull(chargeKey, "chargeKey");
        }
    }

    /** What the beginning found. */
    public sealed interface Begun {
        /** Verify it. */
        record Go(Ask ask) implements Begun {}

        /** It was verified within the freshness window: it has its answer. */
        record Known(Ask ask, Settled settled) implements Begun {}

        /** No credit could be set aside; nothing may be asked of anybody. */
        record NoCredits(Ask ask) implements Begun {}
    }

    /** What was found about an address. */
    public record Seen(Ask ask, Verification verification) {}

    /**
     * How it was stored.
     *
     * @param checks how often it has been asked and answered by now
     * @param nextCheckAt when to ask again; null when the answer is final
     */
    public record Ended(
            Ask ask, Settled settled, int checks, @Nullable Instant nextCheckAt) {
        public boolean isFinal() {
            return settled.finality() == Finality.FINAL;
        }
    }

    /** The workflow with this id; the empty one is the workspace's usual. */
    public Optional<Workflow> workflow(String workspaceId, String id) {
        return parts.workflows().apply(workspaceId, id);
    }

    /** The key that two spellings of an address share; for a text that is none, the text itself in lower case. */
    public static String normalized(String email) {
        return Candidate.normalized(email);
    }

    /** Whether the text is an address. */
    public static boolean isAddress(String email) {
        return AddressParser.parse(email, Candidate.DIALECT) instanceof Syntax.Wellformed;
    }

    /** Sets a credit aside for each address that must be asked about (reliability C4), in the caller's transaction. */
    public List<Begun> begin(Handle handle, Client client, List<Ask> asks) {
        if (client.isTest() || asks.isEmpty()) {
            return asks.stream().<Begun>map(Begun.Go::new).toList();
        }
        return parts.ledger()
                .post(handle, client.workspaceId(), posting -> new Beginnings(handle, client, posting).begin(asks));
    }

    private final class Beginnings {
        private final Handle handle;
        private final Client client;
        private final Ledger.Posting posting;
        private final Instant now = parts.clock().instant();

        Beginnings(Handle handle, Client client, Ledger.Posting posting) {
            this.handle = handle;
            this.client = client;
            this.posting = posting;
        }

        List<Begun> begin(List<Ask> asks) {
            var known = verifications.known(
                    handle,
                    client.workspaceId(),
                    asks.stream()
                            .map(Ask::email)
                            .filter(BulkBooks::isAddress)
                            .map(BulkBooks::normalized)
                            .toList(),
                    now.minus(parts.freshness()));
            posting.expect(asks.stream().map(Ask::chargeKey).toList());
            var copies = copies(asks, known);
            return asks.stream()
                    .map(ask -> copies.containsKey(ask)
                            ? new Begun.Known(ask, requireNonNull(copies.get(ask)))
                            : reserve(ask))
                    .toList();
        }

        private Begun reserve(Ask ask) {
            return switch (posting.reserve(ask.chargeKey(), ask.verificationId())) {
                case Reservation.RESERVED, Reservation.ALREADY_RESERVED -> new Begun.Go(ask);
                case Reservation.INSUFFICIENT -> new Begun.NoCredits(ask);
                case Reservation.ALREADY_CLOSED ->
                    throw new IllegalStateException("closed charge for open verification " + ask.verificationId());
            };
        }

        private Map<Ask, Settled> copies(List<Ask> asks, Map<String, Known> known) {
            var answered = new ArrayList<Ask>();
            var items = new ArrayList<Item>();
            for (var ask : asks) {
                var answering = known.get(normalized(ask.email()));
                if (answering != null) {
                    answered.add(ask);
                    items.add(copy(ask, answering));
                }
            }
            var settled = settlement.settle(handle, client.workspaceId(), posting, items, now);
            var copies = new HashMap<Ask, Settled>();
            for (int i = 0; i < answered.size(); i++) {
                copies.put(answered.get(i), settled.get(i));
            }
            return copies;
        }

        private Item copy(Ask ask, Known known) {
            var evidence = EvidenceJson.read(known.evidence());
            var verification = new Verification(
                    ask.verificationId(),
                    ask.email(),
                    normalized(ask.email()),
                    known.domain(),
                    evidence,
                    Verdict.of(evidence),
                    known.verifiedAt(),
                    Duration.ZERO);
            return new Item(origin(client, ask), Judged.by(client.workflow(), verification), ask.checks(), known.id());
        }
    }

    private static Origin origin(Client client, Ask ask) {
        return client.isTest()
                ? new Origin(client.workspaceId(), RealTime.TEST_SOURCE, "", "", "")
                : new Origin(client.workspaceId(), SOURCE, "", "", ask.chargeKey());
    }

    /** Asks; blocks the (virtual) thread, and yields to whoever is waited for. */
    public Verification verify(Client client, Ask ask) {
        var request =
                new VerifyRequest(ask.verificationId(), ask.email(), Candidate.DIALECT, Depth.FULL, SmtpTimeouts.BULK);
        return client.isTest()
                ? TestAddresses.verify(request, ask.checks(), _ -> {}, parts.clock())
                : parts.verify().apply(request, _ -> {});
    }

    /** Stores answers, their credits, usage rows and messages (reliability C5), in the caller's transaction. */
    public List<Ended> end(Handle handle, Client client, List<Seen> seen) {
        var now = parts.clock().instant();
        var items = seen.stream().map(each -> item(client, each)).toList();
        var settled = client.isTest()
                ? items.stream()
                        .map(item -> settlement.settleFree(handle, item, now))
                        .toList()
                : settlement.settle(handle, client.workspaceId(), items, now);
        var ended = new ArrayList<Ended>();
        for (int i = 0; i < seen.size(); i++) {
            var checks = items.get(i).checks();
            ended.add(new Ended(
                    seen.get(i).ask(),
                    settled.get(i),
                    checks,
                    settled.get(i).finality() == Finality.FINAL ? null : recheck.after(Math.max(1, checks), now)));
        }
        return List.copyOf(ended);
    }

    /** What our own limits left no place for was not asked, and does not count. */
    private static Item item(Client client, Seen seen) {
        var asked = seen.verification().verdict().reason() == Reason.BUSY ? 0 : 1;
        return new Item(
                origin(client, seen.ask()),
                Judged.by(client.workflow(), seen.verification()),
                seen.ask().checks() + asked,
                "");
    }

    /** Gives back what was set aside for a verification that will not be carried on. */
    public void giveUp(Handle handle, String workspaceId, Ask ask) {
        settlement.giveUp(
                handle,
                workspaceId,
                ask.verificationId(),
                ask.chargeKey(),
                parts.clock().instant());
    }
}
