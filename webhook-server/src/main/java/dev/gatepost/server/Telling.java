package dev.gatepost.server;

import com.zaxxer.hikari.HikariDataSource;
import dev.gatepost.dns.HostAddresses;
import dev.gatepost.egress.Purpose;
import dev.gatepost.hook.Hooks;
import dev.gatepost.store.Dialect;
import dev.gatepost.store.JobTable;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing webhooks with what they stand on.
 *
 * @param ownJobs db-scheduler's table of this node; null where all nodes share one
 */
record Telling(Hooks hooks, @Nullable HikariDataSource ownJobs) implements AutoCloseable {

    static Telling of(Books books, Engine engine, Config config, SecureRandom random) {
        var own = books.database().dialect() == Dialect.SQLITE
                ? JobTable.fresh(config.data().resolve("hook-jobs.db"))
                : null;
        var egress = engine.egress();
        var lookup = new HostAddresses(engine.resolver());
        return new Telling(
                new Hooks(new Hooks.HookParts(
                        books.database(),
                        own == null ? books.database().jobs() : own,
                        books.subscriptions(),
                        books.outbox(),
                        suffixes -> egress.http(Purpose.HOOK, lookup, suffixes),
                        suffixes -> egress.urlRules(Purpose.HOOK, suffixes),
                        config.zapierHosts(),
                        "Gatepost/" + Version.current(),
                        engine.clock(),
                        random)),
                own);
    }

    @Override
    public void close() {
        hooks.close();
        if (ownJobs != null) {
            ownJobs.close();
        }
    }
}
