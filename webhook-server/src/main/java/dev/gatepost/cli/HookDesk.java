package dev.gatepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.egress.UrlRules;
import dev.gatepost.hook.Attempt;
import dev.gatepost.hook.Consumer;
import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.HookSamples;
import dev.gatepost.hook.Hooks;
import dev.gatepost.hook.Subscription;
import dev.gatepost.hook.SubscriptionDraft;
import dev.gatepost.server.Books;
import dev.gatepost.workspace.AuditLog.By;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Carries out orders about outgoing webhooks. Safe for any thread. */
final class HookDesk {

    /** Receivers that one listing shows. */
    private static final int SHOWN_MAX = 1_000;

    private final Books books;
    private final Hooks hooks;

    HookDesk(Books books, Hooks hooks) {
        this.books = books;
        this.hooks = hooks;
    }

    Outcome list(String workspace) {
        var all = hooks.page(workspace, "", SHOWN_MAX);
        var json = JsonLine.object();
        var list = json.putArray("data");
        all.forEach(each -> list.add(json(each)));
        return Outcome.done(
                all.isEmpty()
                        ? "nobody is told; gatepost hooks add URL adds a receiver"
                        : all.stream().map(HookDesk::line).collect(Collectors.joining("\n")),
                json);
    }

    Outcome add(String workspace, Order order) {
        var url = switch (hooks.check(Consumer.GENERIC, order.argument("url"))) {
            case UrlRules.Acceptable(var acceptable) -> acceptable.toString();
            case UrlRules.Objectionable(var code, var sentence) -> throw Failure.wrongUse(code, sentence);
        };
        var label = order.argument("label");
        var draft = new SubscriptionDraft(
                workspace,
                url,
                events(order.argument("events")),
                order.argument("workflow"),
                label.isEmpty() ? Set.of() : Set.of(label),
                Consumer.GENERIC,
                "");
        Subscription made = books.database().write(handle -> {
            try {
                return hooks.subscribe(handle, By.COMMAND.in(workspace), draft);
            } catch (IllegalArgumentException e) {
                throw Failure.wrongUse("too_many_hooks", String.valueOf(e.getMessage()));
            }
        });
        hooks.changed();
        return Outcome.done(
                line(made) + "\nsigning secret, shown this once: " + made.secret(),
                json(made).put("secret", made.secret()));
    }

    private static Set<HookEvent> events(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .map(word -> HookEvent.of(word)
                        .orElseThrow(() -> Failure.wrongUse(
                                "wrong_event",
                                "there is no event " + word + "; there are " + String.join(", ", HookEvent.words()))))
                .collect(Collectors.toSet());
    }

    Outcome remove(String workspace, String id) {
        return hooks.end(By.COMMAND.in(workspace), id)
                ? Outcome.done("removed", JsonLine.object().put("removed", true))
                : Outcome.no("there is no receiver " + id, JsonLine.object().put("removed", false));
    }

    Outcome test(String workspace, String id) {
        var found = hooks.find(workspace, id);
        if (found.isEmpty()) {
            return Outcome.no("there is no receiver " + id, JsonLine.object().put("delivered", false));
        }
        var attempt = hooks.test(found.get(), HookSamples.of(found.get()));
        var json = JsonLine.object()
                .put("delivered", attempt instanceof Attempt.Delivered)
                .put("status", attempt.status())
                .put("outcome", attempt.outcome());
        return attempt instanceof Attempt.Delivered
                ? Outcome.done("delivered: answered " + attempt.status(), json)
                : Outcome.no("not delivered: " + attempt.outcome(), json);
    }

    private static String line(Subscription each) {
        return each.id() + "  " + each.state().word() + "  " + words(each) + "  "
                + each.draft().url();
    }

    private static String words(Subscription each) {
        return each.draft().events().stream().map(HookEvent::word).sorted().collect(Collectors.joining(","));
    }

    private static ObjectNode json(Subscription each) {
        return JsonLine.object()
                .put("id", each.id())
                .put("url", each.draft().url())
                .put("events", words(each))
                .put("workflow", each.draft().workflowId())
                .put("label", String.join(",", each.draft().labels()))
                .put("consumer", each.draft().consumer().word())
                .put("state", each.state().word())
                .put("state_reason", each.stateReason());
    }
}
