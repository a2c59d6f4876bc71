package dev.gatepost.connector;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A kind of CRM, found by {@link java.util.ServiceLoader}. Has no state of its own. */
public interface ConnectorPlugin {
    /** Lower-case word used in paths, tables and commands, for example {@code hubspot}. */
    String id();

    /** Name for people. */
    String label();

    /** What an admin fills in, in the order to ask. */
    List<Setting> settings();

    /**
     * What an admin may choose for a connection besides, at any time; what was chosen comes with {@link Account#options()}.
     * A connection whose options change gets a new connector.
     *
     * @param account whose settings may say what is usual for it; names and bounds are the same for all
     */
    default List<ConnectionOption> options(Account account) {
        return List.of();
    }

    /**
     * The path parameter that this account's webhooks come with ({@code /hooks/{plugin}/{key}}). Several accounts may
     * share one, as all portals of one HubSpot app do.
     */
    String hookKey(Account account);

    /**
     * What stands behind {@code /hooks/{plugin}/} in the address an admin gives to the CRM; the secret, where the address
     * holds one, in clear.
     */
    default String hookPath(Account account) {
        return hookKey(account);
    }

    /** Makes the connector for one account. Opens no connection yet. */
    Connector connect(Account account, ConnectorTools tools);

    /**
     * Authenticates and parses one delivery. Pure.
     *
     * @param accounts every connection with the delivery's {@link Delivery#key()}, at least one
     * @param now our clock, for the time window of signatures
     */
    Reading read(Delivery delivery, List<Account> accounts, Instant now);

    /** The app an admin uploads to the CRM before connecting; empty when an app is made otherwise, or none is needed. */
    default Optional<AppFolder> appFolder() {
        return Optional.empty();
    }

    /** The paths it serves besides its webhook. Asked once, when the server starts. */
    default List<PluginRoute> routes() {
        return List.of();
    }

    /**
     * How often contacts that changed are looked for (reliability I8). CRMs that never repeat a webhook want minutes, those
     * that repeat for a day may take longer. At least one minute.
     */
    default Duration reconcileEvery() {
        return Duration.ofMinutes(5);
    }

    /**
     * How far before the last look the next one begins: the CRM's listings lag behind, clocks differ, and some tell changes
     * by the day only.
     */
    default Duration reconcileOverlap() {
        return Duration.ofMinutes(10);
    }

    /** Where it stands among the kinds of CRM of which the demo shows the first; smaller goes first, then by id. */
    default int demoRank() {
        return 100;
    }

    /** Starts the CRM's sandbox on a free loopback port; whoever asked closes it. Empty when it ships none. */
    default Optional<SandboxCrm> startSandbox(InstantSource clock) {
        return Optional.empty();
    }
}
