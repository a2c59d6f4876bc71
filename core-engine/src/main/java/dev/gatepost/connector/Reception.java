package dev.gatepost.connector;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a plug-in's route may ask of the product. Made for one request. */
public interface Reception {
    /** Every connection of this plug-in whose webhooks come with this path parameter, in any state. */
    List<Account> accounts(String hookKey);

    /** Every connection of this plug-in, in any state. */
    List<Account> accounts();

    /** The connector of a connection, the same one the rest of the product works with. */
    Optional<Connector> connector(String connectionId);

    /**
     * Takes events in as if they had come by the webhook: one durable commit, then the answer for the sender. What is not
     * authentic is answered 401, what cannot be used is kept for a person to look at.
     */
    Answer take(Delivery delivery, Reading reading);

    /** Verifies for somebody who waits: same claims, same credits as for an event. Blocks at most the errand's patience. */
    Errand.Answered verify(Errand errand);

    /** The customer's workflows that may judge this connection's contacts, for a drop-down. */
    List<Choice> workflows(String connectionId);

    /**
     * A random word of 128 bits that brings {@code remembered} back once, to the same admin, within {@code life}; binds an
     * answer that comes by redirect (OAuth's {@code state}) to the one who asked. At most one hour.
     */
    String ticket(String remembered, Duration life);

    /** What a ticket was made with; empty when it was used, is too old, or is somebody else's. */
    Optional<String> redeem(String ticket);

    /**
     * Installs our fields with these settings and saves the connection, or gives the connection to the same account new
     * settings. Nothing is saved when installing does not end {@link Installed.Ready}.
     */
    Installed connect(Map<String, String> settings);

    /** How the outside calls us, without trailing slash. */
    String publicUrl();

    /** What connectors work with. */
    ConnectorTools tools();

    /** The time. */
    Instant now();

    /**
     * One value of a drop-down.
     *
     * @param value what is sent back
     * @param label for people
     */
    record Choice(String value, String label) {}
}
