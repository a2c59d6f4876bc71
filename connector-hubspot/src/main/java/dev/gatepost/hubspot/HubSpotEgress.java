package dev.gatepost.hubspot;

import dev.gatepost.egress.EgressRefused;

/** Tells our own egress rules' refusal from a fault of the network. */
final class HubSpotEgress {
    /** Causes looked at; the HTTP client wraps at most twice. */
    private static final int CAUSES_MAX = 8;

    private HubSpotEgress() {}

    /** Whether the failure, one of its causes or one it was tried after, is a refusal by the egress rules. */
    static boolean isRefusal(Throwable failure) {
        var cause = failure;
        for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
            if (cause instanceof EgressRefused) {
                return true;
            }
            for (var earlier : cause.getSuppressed()) {
                if (earlier instanceof EgressRefused) {
                    return true;
                }
            }
            cause = cause.getCause();
        }
        return false;
    }
}
