package dev.gatepost.hook;

import static java.util.Objects.requireNonNull;

import dev.gatepost.ledger.CreditsLow;
import dev.gatepost.store.Ids;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;

/**
 * Where the rest of the product says what happened: a row for each subscription that wants it, in the transaction in which
 * it happens (reliability W1), and nothing at all when nobody does. Safe for any thread.
 */
public final class Outbox {
    private final Subscriptions subscriptions;
    private final Ids ids;
    private final InstantSource clock;
    private final Callbacks callbacks;
    private final Set<String> touched = ConcurrentHashMap.newKeySet();

    public Outbox(Subscriptions subscriptions, Ids ids, InstantSource clock) {
        this.subscriptions = requireNonNull(subscriptions, "subscriptions");
        this.ids = requireNonNull(ids, "ids");
        this.clock = requireNonNull(clock, "clock");
        this.callbacks = new Callbacks(clock);
    }

    /**
     * Something that happened.
     *
     * @param subject what it happened to; of one subject, receivers are told in order, and an erasure removes it all
     * @param workflowId the workflow that judged; empty when none did
     * @param label of the verification; empty when there is none
     * @param body JSON; made only if somebody wants it
     */
    public record Happening(
            String workspaceId,
            HookEvent event,
            String subject,
            String workflowId,
            String label,
            Supplier<String> body) {
        public Happening {
            requireNonNull(workspaceId, "workspaceId");
            requireNonNull(event, "event");
            requireNonNull(subject, "subject");
            requireNonNull(body, "body");
        }
    }

    /** Says what happened. */
    public void add(Handle handle, Happening happening) {
        var wanting = subscriptions.wanting(
                happening.workspaceId(), happening.event(), happening.workflowId(), happening.label());
        if (wanting.isEmpty()) {
            return;
        }
        var body = happening.body().get();
        var now = clock.instant();
        var rows = wanting.stream()
                .map(each -> new DeliveryRows.Draft(
                        "msg_" + ids.next(), each.id(), happening.event().word(), happening.subject(), body))
                .toList();
        DeliveryRows.add(handle, happening.workspaceId(), rows, now);
        wanting.forEach(each -> touched.add(each.id()));
    }

    /** Says that a workspace's credits became low. */
    public void creditsLow(Handle handle, CreditsLow low) {
        add(
                handle,
                new Happening(
                        low.workspaceId(), HookEvent.CREDITS_LOW, low.id(), "", "", () -> HookJson.creditsLow(low)));
    }

    /** Removes what was, or is to be, told about a subject (reliability L4). */
    public int erase(Handle handle, String workspaceId, String subject) {
        return DeliveryRows.erase(handle, workspaceId, subject) + Callbacks.erase(handle, workspaceId, subject);
    }

    /** Who waits for one answer. */
    public Callbacks callbacks() {
        return callbacks;
    }

    /** Subscriptions that got rows lately, whose transactions may not have ended. */
    Set<String> touched() {
        return touched;
    }
}
