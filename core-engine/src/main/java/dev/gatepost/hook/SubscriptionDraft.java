package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import java.util.Set;

/**
 * What somebody wants to be told.
 *
 * @param url where to
 * @param events what of; one or more
 * @param workflowId only verifications judged by this workflow; empty is any
 * @param labels only verifications with one of these labels; empty is any
 * @param keyId the API key that asks, whose end is the subscription's end; empty for a person or command
 */
public record SubscriptionDraft(
        String workspaceId,
        String url,
        Set<HookEvent> events,
        String workflowId,
        Set<String> labels,
        Consumer consumer,
        String keyId) {
    public SubscriptionDraft {
        requireNonNull(workspaceId, "workspaceId");
        requireNonNull(url, "url");
        events = Set.copyOf(events);
        requireNonNull(workflowId, "workflowId");
        labels = Set.copyOf(labels);
        requireNonNull(consumer, "consumer");
        requireNonNull(keyId, "keyId");
    }

    /** Whether something that happened is wanted. Pure. */
    boolean wants(HookEvent event, String workflow, String label) {
        return events.contains(event)
                && (workflowId.isEmpty() || workflow.isEmpty() || workflowId.equals(workflow))
                && (labels.isEmpty() || label.isEmpty() || labels.contains(label));
    }
}
