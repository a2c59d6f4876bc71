package dev.gatepost.workspace;

import dev.gatepost.store.Dialect;
import dev.gatepost.store.Ids;
import dev.gatepost.store.Stores;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Random;

/** A store with the main workspace in it, a clock that stands until it is moved, and a key. */
final class WorkspaceStore implements AutoCloseable {
    static final MasterKey KEY = MasterKey.parse(
            Base64.getEncoder().encodeToString("a key for tests, 32 bytes long..".getBytes(StandardCharsets.UTF_8)));

    private Instant now = Instant.parse("2026-11-23T21:00:00.123Z");
    final Stores store;
    final InstantSource clock = () -> now;
    final Ids ids = new Ids(clock, new Random(1));
    final Secrets secrets;

    WorkspaceStore(Dialect dialect) {
        store = Stores.fresh(dialect);
        new Workspaces(store.database(), clock).ensureMain();
        secrets = Secrets.open(store.database(), KEY, new SecureRandom(), clock);
    }

    void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public void close() {
        store.close();
    }
}
