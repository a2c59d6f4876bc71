package dev.gatepost.connector;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A small CRM on loopback that a connector ships beside it, so that the demo and tests need no account. What a person does
 * in the CRM's own pages is done by calling it. Safe for any thread.
 */
public interface SandboxCrm extends AutoCloseable {
    /** The loopback port it listens on. */
    int port();

    /** What an admin would fill in to connect to it, by {@link Setting#name()}. */
    Map<String, String> settings();

    /** From now on it delivers webhooks to this URL. */
    void sendWebhooksTo(String url);

    /** Creates a contact; returns its id. */
    String createContact(String email, Map<String, String> more);

    /** A contact's properties as they are now, by name; empty when there is no such contact. */
    Optional<Map<String, String>> contact(String id);

    /** Calls {@code listener} with the id of each contact that was written to by its API, in the call's thread. */
    void onWrite(Consumer<String> listener);

    @Override
    void close();
}
