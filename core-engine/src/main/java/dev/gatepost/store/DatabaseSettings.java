package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

/** Which database, and how much of it to use. */
public sealed interface DatabaseSettings {
    /** Units of work that may wait before the store refuses more: some seconds of work at full speed. */
    int QUEUE_UNITS_MAX = 10_000;

    /** Most units of writing work under way. */
    int queueUnitsMax();

    /**
     * The embedded database.
     *
     * @param folder held by this process, so that nobody else opens the file
     * @param readers connections for reading, and so the most threads inside SQLite besides the writer
     */
    record Sqlite(DataFolder folder, int readers, int queueUnitsMax) implements DatabaseSettings {
        public Sqlite {
            requireNonNull(folder, "folder");
            requirePositive(readers, "readers");
            requirePositive(queueUnitsMax, "queueUnitsMax");
        }

        /** With one reader for each processor, at least two, so that one long read does not stop the others. */
        public static Sqlite in(DataFolder folder) {
            return new Sqlite(folder, Math.max(2, Runtime.getRuntime().availableProcessors()), QUEUE_UNITS_MAX);
        }
    }

    /**
     * A PostgreSQL server that several nodes share.
     *
     * @param login where it is and who we are
     * @param connections for writing, and as many for reading; at least 2, which migrations need
     */
    record Postgres(PostgresLogin login, int connections, int queueUnitsMax, Fsync fsync) implements DatabaseSettings {
        /** Two nodes with this many for writing and reading stay below PostgreSQL's default of 100. */
        public static final int CONNECTIONS = 16;

        public Postgres {
            requireNonNull(login, "login");
            requirePositive(connections - 1, "connections above the first");
            requirePositive(queueUnitsMax, "queueUnitsMax");
            requireNonNull(fsync, "fsync");
        }

        /** With the usual numbers. */
        public static Postgres at(PostgresLogin login) {
            return new Postgres(login, CONNECTIONS, QUEUE_UNITS_MAX, Fsync.REQUIRED);
        }
    }

    /** Whether a PostgreSQL server that does not wait for its disk may be used. */
    enum Fsync {
        REQUIRED,
        /** For tests on a throw-away server only: what was committed is lost with the power. */
        MAY_BE_OFF
    }

    private static void requirePositive(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be positive: " + value);
        }
    }
}
