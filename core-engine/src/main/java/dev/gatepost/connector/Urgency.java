package dev.gatepost.connector;

/** How urgent a call to a CRM is. The calls an account allows go to the urgent first. */
public enum Urgency {
    /** A contact that has just come or changed, or somebody who waits. */
    REAL_TIME,

    /** Work through many contacts that nobody waits for: backfills, reconciliation. */
    BACKGROUND
}
