package dev.gatepost.intake;

import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.hook.Outbox;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.rules.Workflow;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.verify.Verification;
import dev.gatepost.verify.VerifyRequest;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.Connections;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What a {@link Pipeline} is built from.
 *
 * @param verify verifies one address, blocking its (virtual) thread
 * @param workflows the rules that judge a connection's contacts
 * @param choices all workflows of a workspace, for drop-downs and for errands that name one
 * @param publicUrl how the outside calls us, without trailing slash
 * @param plugins every kind of CRM
 * @param keyedHash hides addresses in stored keys; the same on every node and after every restart
 * @param recheck when addresses without a final answer are asked again; empty means never
 * @param erasure removes addresses; built from the same store
 * @param retention how long things are kept
 * @param withoutCredits what becomes of events while there are no credits
 * @param freshness how long a verification answers for the same address without a charge
 * @param scratch a folder for files that may be deleted while the product is down
 */
public record PipelineParts(
        Database database,
        Connections connections,
        Ledger ledger,
        Outbox outbox,
        Function<VerifyRequest, Verification> verify,
        Function<Connection, Workflow> workflows,
        Function<String, List<Workflow>> choices,
        Supplier<String> publicUrl,
        List<ConnectorPlugin> plugins,
        ConnectorTools tools,
        Function<byte[], byte[]> keyedHash,
        Erasure erasure,
        RetentionTerms retention,
        List<Duration> recheck,
        WithoutCredits withoutCredits,
        Duration freshness,
        Path scratch,
        Ids ids,
        InstantSource clock,
        RandomGenerator random) {
    public PipelineParts {
        plugins = List.copyOf(plugins);
        recheck = List.copyOf(recheck);
    }
}
