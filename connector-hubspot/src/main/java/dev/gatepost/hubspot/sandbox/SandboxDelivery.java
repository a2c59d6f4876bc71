package dev.gatepost.hubspot.sandbox;

import static java.util.Objects.requireNonNull;

/**
 * One try to deliver a webhook.
 *
 * @param body what was sent
 * @param events events in it
 * @param attempt 0 for the first try
 * @param status what the receiver answered, 0 when it did not
 */
public record SandboxDelivery(String body, int events, int attempt, int status) {
    public SandboxDelivery {
        requireNonNull(body, "body");
    }

    /** Whether the receiver took it. */
    public boolean isTaken() {
        return status >= 200 && status < 300;
    }
}
