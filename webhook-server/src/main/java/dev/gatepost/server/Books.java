package dev.gatepost.server;

import dev.gatepost.batch.Batches;
import dev.gatepost.hook.Outbox;
import dev.gatepost.hook.Subscriptions;
import dev.gatepost.intake.Credits;
import dev.gatepost.intake.Erasure;
import dev.gatepost.intake.Rejudging;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.server.MasterKeys.Missing;
import dev.gatepost.store.DataFolder;
import dev.gatepost.store.DataFolder.NetworkFolder;
import dev.gatepost.store.Database;
import dev.gatepost.store.DatabaseSettings;
import dev.gatepost.store.Ids;
import dev.gatepost.store.PostgresLogin;
import dev.gatepost.workspace.ApiKeys;
import dev.gatepost.workspace.Connections;
import dev.gatepost.workspace.Idempotency;
import dev.gatepost.workspace.MasterKey;
import dev.gatepost.workspace.Secrets;
import dev.gatepost.workspace.StoredWorkflows;
import dev.gatepost.workspace.Workspaces;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is kept, and who keeps it: the data folder and the database, held until closed. Safe for any thread.
 *
 * @param madeKey where a new master key was written just now
 * @param keyedHash hides addresses in stored keys
 */
public record Books(
        DataFolder folder,
        Database database,
        MasterKey master,
        Secrets secrets,
        Optional<Path> madeKey,
        Connections connections,
        StoredWorkflows workflows,
        Outbox outbox,
        Subscriptions subscriptions,
        Ledger ledger,
        Credits credits,
        ApiKeys keys,
        Idempotency idempotency,
        Residents residents,
        Erasure erasure,
        Function<byte[], byte[]> keyedHash,
        Ids ids)
        implements AutoCloseable {

    /**
     * Opens it all for a server, which may make a master key at its first start.
     *
     * @throws dev.gatepost.store.StoreUnusable with a code and a sentence for the operator
     */
    public static Books ofServer(Config config, InstantSource clock, SecureRandom random) {
        return open(config, clock, random, Missing.MADE);
    }

    /** Opens it all for one command, which makes nothing. */
    public static Books ofCommand(Config config, InstantSource clock, SecureRandom random) {
        return open(config, clock, random, Missing.REFUSED);
    }

    private static Books open(Config config, InstantSource clock, SecureRandom random, Missing missing) {
        var folder = DataFolder.open(config.data(), NetworkFolder.REFUSED);
        try {
            var found = MasterKeys.find(config, folder.database(), missing, random);
            var database = Database.open(
                    config.databaseUrl().isEmpty()
                            ? DatabaseSettings.Sqlite.in(folder)
                            : DatabaseSettings.Postgres.at(PostgresLogin.parse(config.databaseUrl())));
            try {
                return with(new Opened(folder, database, found), clock, random);
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private record Opened(DataFolder folder, Database database, MasterKeys.Found found) {}

    private static Books with(Opened opened, InstantSource clock, SecureRandom random) {
        var database = opened.database();
        var master = opened.found().key();
        var ids = new Ids(clock, random);
        var secrets = Secrets.open(database, master, random);
        new Workspaces(database, clock).ensureMain();
        var subscriptions = new Subscriptions(database, secrets, ids, clock, random);
        var outbox = new Outbox(subscriptions, ids, clock);
        var ledger = new Ledger(database, secrets.hashKey("ledger charge keys"), clock, outbox::creditsLow);
        Function<byte[], byte[]> keyedHash = new KeyedHash(secrets.hashKey("stored keys"))::of;
        var erasure = new Erasure(new Erasure.Parts(database, ledger, outbox, keyedHash, ids, clock));
        erasure.alsoFrom(Batches.keeper(database, outbox, clock));
        return new Books(
                opened.folder(),
                database,
                master,
                secrets,
                opened.found().made(),
                new Connections(database, secrets, ids, clock),
                new StoredWorkflows(database, ids, clock),
                outbox,
                subscriptions,
                ledger,
                new Credits(database, ledger, clock),
                new ApiKeys(database, ids, clock, random),
                new Idempotency(secrets, clock),
                Residents.of(database, secrets, ids, clock, random),
                erasure,
                keyedHash,
                ids);
    }

    /** Judges stored evidence again by this program's engine. */
    public Rejudging rejudging() {
        return new Rejudging(database, workflows, ids, InstantSource.system(), Version.current());
    }

    @Override
    public void close() {
        database.close();
        folder.close();
    }
}
