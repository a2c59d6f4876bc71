package dev.gatepost.dns;

/** The record types the engine asks for. */
public enum RecordType {
    MX,
    A,
    AAAA,
    TXT,
    PTR
}
