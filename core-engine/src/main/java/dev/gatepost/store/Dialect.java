package dev.gatepost.store;

/** The two databases, and the few places where their SQL must differ. */
public enum Dialect {
    SQLITE,
    POSTGRESQL
}
