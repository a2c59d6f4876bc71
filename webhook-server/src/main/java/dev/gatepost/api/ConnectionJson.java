package dev.gatepost.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.connector.Checkup;
import dev.gatepost.intake.Backfill;
import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.intake.ConnectionHealth;
import dev.gatepost.intake.ConnectionHealth.Trouble;
import dev.gatepost.intake.Reverification;
import dev.gatepost.intake.Troubles.Quarantined;
import dev.gatepost.workspace.Connection;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How connections, their health, backfills and events look in answers. Pure. */
final class ConnectionJson {

    private ConnectionJson() {}

    static ObjectNode of(Connection connection) {
        return node().put("id", connection.id())
                .put("plugin", connection.plugin())
                .put("account", connection.account().account())
                .put("name", connection.name())
                .put("state", connection.state().word())
                .put("state_reason", connection.stateReason())
                .put("state_since", connection.stateSince().toString())
                .put("workflow", connection.workflowId())
                .put("created_at", connection.createdAt().toString());
    }

    /** @param checkup what the CRM itself said just now; empty when it was not asked */
    static ObjectNode of(Connection connection, ConnectionHealth health, Optional<Checkup> checkup) {
        var node = of(connection);
        var state = node.putObject("health")
                .put("last_event_at", text(health.lastEventAt()))
                .put("last_write_at", text(health.lastWriteAt()))
                .put("lag_seconds", health.lag().toSeconds())
                .put("waiting", health.waiting())
                .put("held", health.held())
                .put("dead", health.dead())
                .put("without_credits", health.withoutCredits())
                .put("reconciled_to", text(health.reconciledTo()))
                .put("reconcile_error", health.reconcileError())
                .put("turned_away", health.turnedAway());
        state.set(
                "crm",
                checkup.map(ConnectionJson::of)
                        .orElse(JsonNodeFactory.instance.objectNode().put("credentials", "not_asked")));
        state.set("reverification", of(health.reverification()));
        var troubles = state.putArray("troubles");
        health.troubles().forEach(each -> troubles.add(of(each)));
        return node;
    }

    private static ObjectNode of(Reverification reverification) {
        var last = reverification.last();
        var node = node().put("state", reverification.state().word())
                .put("after_days", reverification.afterDays())
                .put("per_day", reverification.perDay())
                .put("today", reverification.today())
                .put("next_at", text(reverification.nextAt()));
        node.set("last", last == null ? JsonNodeFactory.instance.nullNode() : of(last));
        return node;
    }

    private static ObjectNode of(Checkup checkup) {
        return switch (checkup) {
            case Checkup.Seen(var account, var name, var missing, var quota) -> {
                var node = node().put("credentials", "accepted")
                        .put("account", account)
                        .put("name", name);
                var scopes = node.putArray("missing_scopes");
                missing.forEach(scopes::add);
                if (quota instanceof Checkup.Quota.Left(var left, var max, var per)) {
                    node.putObject("quota").put("left", left).put("max", max).put("per", per);
                }
                yield node;
            }
            case Checkup.Refused(var refusal, var why) ->
                node().put("credentials", "refused")
                        .put("refusal", refusal.name().toLowerCase(Locale.ROOT))
                        .put("why", why);
            case Checkup.RetryLater(var _, var why) ->
                node().put("credentials", "unreachable").put("why", why);
        };
    }

    static ObjectNode of(Trouble trouble) {
        return node().put("id", trouble.eventId())
                .put("contact", trouble.objectId())
                .put("state", trouble.state())
                .put("reason", trouble.reason())
                .put("attempts", trouble.attempts())
                .put("at", trouble.updatedAt().toString());
    }

    static ObjectNode of(Quarantined call) {
        return node().put("id", call.deliveryId())
                .put("contact", "")
                .put("state", "quarantined")
                .put("reason", call.why())
                .put("attempts", 0)
                .put("at", call.receivedAt().toString());
    }

    static ObjectNode of(Backfill backfill) {
        var scope = backfill.scope();
        return node().put("id", backfill.id())
                .put("connection", backfill.connectionId())
                .put("source", scope.word())
                .put("list", scope instanceof Scope.ListMembers(var list) ? list : "")
                .put("older_than_days", scope instanceof Scope.Older(var days) ? days : 0)
                .put("state", backfill.state().word())
                .put("reason", backfill.reason())
                .put("contacts", backfill.expected() < 0 ? null : (Long) backfill.expected())
                .put("listed", backfill.listed())
                .put("queued", backfill.queued())
                .put("known", backfill.known())
                .put("without_email", backfill.withoutEmail())
                .put("open", backfill.open())
                .put("waiting_credits", backfill.waitingCredits())
                .put("dead", backfill.dead())
                .put("created_at", backfill.createdAt().toString())
                .put("created_by", backfill.createdBy())
                .put("ended_at", text(backfill.endedAt()));
    }

    static ObjectNode of(Backfill.Estimate estimate) {
        return node().put("contacts", estimate.contacts() < 0 ? null : (Long) estimate.contacts())
                .put("sampled", estimate.sampled())
                .put("known", estimate.known())
                .put("duplicates", estimate.duplicates())
                .put("without_email", estimate.withoutEmail())
                .put("credits", estimate.credits())
                .put("minutes", estimate.minutes());
    }

    private static ObjectNode node() {
        return JsonNodeFactory.instance.objectNode();
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
