package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

/**
 * How mail hosts are treated.
 *
 * @param limits how much is asked of them
 * @param providers who runs them
 */
public record HostRules(HostLimits limits, ProviderTable providers) {
    public HostRules {
        requireNonNull(limits, "limits");
        requireNonNull(providers, "providers");
    }

    /** Whose limits and pauses count for a host. */
    String groupOf(String host) {
        return switch (limits.grouping()) {
            case ORGANISATION -> providers.of(host).group();
            case HOST -> host;
        };
    }
}
