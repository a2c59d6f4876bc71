package dev.gatepost.intake;

import dev.gatepost.hook.Outbox;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.workspace.Idempotency;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What {@link RealTime} is built from.
 *
 * @param verify verifies one address; when the request's patience ends first it answers with what it has and gives the whole
 *     to the consumer later
 * @param workflows a workspace's workflow by id; the empty id is the workspace's usual one
 * @param recheck when addresses without a final answer are asked again; empty means never
 * @param freshness how long a verification answers for the same address without a charge
 */
public record RealTimeParts(
        Database database,
        Ledger ledger,
        Outbox outbox,
        Idempotency idempotency,
        BiFunction<VerifyRequest, Consumer<Verification>, Verification> verify,
        BiFunction<String, String, Optional<Workflow>> workflows,
        Function<byte[], byte[]> keyedHash,
        List<Duration> recheck,
        Duration freshness,
        Ids ids,
        InstantSource clock) {
    public RealTimeParts {
        recheck = List.copyOf(recheck);
    }
}
