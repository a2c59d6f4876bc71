package dev.gatepost.server;

import static java.util.Objects.requireNonNull;

import dev.gatepost.batch.Batches;
import dev.gatepost.store.StoredHostMemory;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Lists worked off by a command, where no server does. Holds the data folder until closed. */
public final class BulkSession implements AutoCloseable {

    private final Books books;
    private final StoredHostMemory memory;
    private final Engine engine;
    private final Bulk bulk;

    private BulkSession(Books books, StoredHostMemory memory, Engine engine, Config config) {
        this.books = requireNonNull(books, "books");
        this.memory = requireNonNull(memory, "memory");
        this.engine = requireNonNull(engine, "engine");
        this.bulk = Bulk.of(books, Bulk.parts(books, engine, config), config.data());
    }

    /**
     * Opens the store and begins to work.
     *
     * @throws dev.gatepost.store.StoreUnusable when it cannot be opened
     */
    public static BulkSession start(Config config, InstantSource clock, SecureRandom random) {
        var books = Books.ofCommand(config, clock, random);
        try {
            var memory = new StoredHostMemory(books.database(), clock, random);
            var session = new BulkSession(books, memory, Engine.of(config, clock, random, memory), config);
            session.bulk.batches().start();
            return session;
        } catch (RuntimeException e) {
            books.close();
            throw e;
        }
    }

    /** The lists. */
    public Batches batches() {
        return bulk.batches();
    }

    /** What is kept. */
    public Books books() {
        return books;
    }

    @Override
    public void close() {
        bulk.close();
        engine.verifier().close();
        memory.close();
        books.close();
    }
}
