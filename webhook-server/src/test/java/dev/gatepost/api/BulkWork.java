package dev.gatepost.api;

/** Something that keeps the server busy which nobody waits for. */
interface BulkWork {
    String name();

    /** Addresses done so far. */
    int done() throws Exception;

    /** Has it work until closed. */
    AutoCloseable begin() throws Exception;
}
