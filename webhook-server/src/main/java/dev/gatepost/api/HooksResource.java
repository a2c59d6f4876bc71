package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Route.Body;
import dev.gatepost.api.Route.Method;
import dev.gatepost.egress.UrlRules;
import dev.gatepost.hook.Attempt;
import dev.gatepost.hook.Consumer;
import dev.gatepost.hook.HookDelivery;
import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.HookSamples;
import dev.gatepost.hook.Hooks;
import dev.gatepost.hook.Subscription;
import dev.gatepost.hook.SubscriptionDraft;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.verify.Label;
import dev.gatepost.workspace.Scope;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code /v1/hooks}: who is told of what happens, and how telling them went. */
public final class HooksResource implements Resource {

    private static final int URL_CHARS_MAX = 2_048;
    private static final int ID_CHARS_MAX = 64;

    private final Hooks hooks;
    private final Once once;

    public HooksResource(Hooks hooks, Once once) {
        this.hooks = requireNonNull(hooks, "hooks");
        this.once = requireNonNull(once, "once");
    }

    @Override
    public List<Route> routes() {
        var look = Permit.look(Scope.READ, Scope.ADMIN);
        var change = Permit.change(Scope.READ, Scope.ADMIN);
        return List.of(
                Route.get("/v1/hooks", look, this::list),
                Route.post("/v1/hooks", change, this::create),
                Route.get("/v1/hooks/{id}", look, this::show),
                Route.delete("/v1/hooks/{id}", change, this::remove),
                act("/v1/hooks/{id}/test", change, this::test),
                act("/v1/hooks/{id}/rotate", change, this::rotate),
                act("/v1/hooks/{id}/enable", change, this::enable),
                Route.get("/v1/hooks/{id}/deliveries", look, this::deliveries),
                act("/v1/hooks/{id}/deliveries/{delivery}/redeliver", change, this::redeliver));
    }

    private static Route act(String path, Permit permit, Route.Handler handler) {
        return new Route(Method.POST, path, permit, new Body.None(), handler);
    }

    private Reply list(Call call) {
        var page = call.query(Parameters::page);
        var rows = hooks.page(call.workspaceId(), page.after(), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, Subscription::id, HooksResource::json));
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        return Reply.ok(json(found(call)));
    }

    private Reply create(Call call) {
        var draft = call.body(fields -> draft(fields, call));
        var reply = once.run(call, handle -> {
            try {
                var made = hooks.subscribe(handle, call.by(), draft);
                return Reply.created(json(made).put("secret", made.secret()));
            } catch (IllegalArgumentException e) {
                throw new Refused(Fault.CONFLICT.saying(String.valueOf(e.getMessage())));
            }
        });
        hooks.changed();
        return reply;
    }

    private SubscriptionDraft draft(Fields fields, Call call) {
        var consumer = fields.optionalText("consumer", ID_CHARS_MAX)
                .map(word -> Arrays.stream(Consumer.values())
                        .filter(each -> each.word().equals(word))
                        .findFirst()
                        .orElseThrow(() -> fields.wrong("consumer", "must be generic or zapier")))
                .orElse(Consumer.GENERIC);
        return new SubscriptionDraft(
                call.workspaceId(),
                url(consumer, fields.text("url", URL_CHARS_MAX)),
                events(fields),
                fields.optionalText("workflow", ID_CHARS_MAX).orElse(""),
                labels(fields),
                consumer,
                call.caller() instanceof Caller.ByKey key ? key.keyId() : "");
    }

    private String url(Consumer consumer, String text) {
        return switch (hooks.check(consumer, text)) {
            case UrlRules.Acceptable(var url) -> url.toString();
            case UrlRules.Objectionable(var _, var sentence) ->
                throw new Refused(Fault.INVALID_FIELD.of("url", sentence));
        };
    }

    private static Set<HookEvent> events(Fields fields) {
        var words = fields.texts("events", HookEvent.values().length, ID_CHARS_MAX);
        var events = words.stream().map(HookEvent::of).flatMap(Optional::stream).collect(Collectors.toSet());
        if (events.isEmpty() || events.size() < Set.copyOf(words).size()) {
            throw fields.wrong("events", "must name one or more of " + String.join(", ", HookEvent.words()));
        }
        return events;
    }

    private static Set<String> labels(Fields fields) {
        var words = Arrays.stream(Label.values()).map(Label::word).toList();
        return fields.optionalText("label", ID_CHARS_MAX)
                .map(word -> {
                    if (!words.contains(word)) {
                        throw fields.wrong("label", "must be one of " + String.join(", ", words));
                    }
                    return Set.of(word);
                })
                .orElse(Set.of());
    }

    /** A second time, of another workspace, or never there: all the same, it is not there afterwards (what Zapier expects). */
    private Reply remove(Call call) {
        if (isBySubscriber(call)) {
            hooks.unsubscribe(call.by(), call.path("id"));
        } else {
            hooks.end(call.by(), call.path("id"));
        }
        return Reply.nothing();
    }

    /** With the key that subscribed a Zap says that it is switched off; anybody else takes it by surprise. */
    private boolean isBySubscriber(Call call) {
        return call.caller() instanceof Caller.ByKey key
                && hooks.find(call.workspaceId(), call.path("id"))
                        .filter(found -> found.draft().keyId().equals(key.keyId()))
                        .isPresent();
    }

    private Reply test(Call call) {
        var subscription = found(call);
        var attempt = hooks.test(subscription, HookSamples.of(subscription));
        return Reply.ok(JsonNodeFactory.instance
                .objectNode()
                .put("delivered", attempt instanceof Attempt.Delivered)
                .put("status", attempt.status())
                .put("outcome", attempt.outcome()));
    }

    private Reply rotate(Call call) {
        var secret = hooks.rotate(call.by(), call.path("id")).orElseThrow(HooksResource::missing);
        return Reply.ok(json(found(call)).put("secret", secret));
    }

    private Reply enable(Call call) {
        hooks.enable(call.by(), call.path("id"));
        return Reply.ok(json(found(call)));
    }

    private Reply deliveries(Call call) {
        var page = call.query(Parameters::page);
        var subscription = found(call);
        var rows = hooks.deliveries(call.workspaceId(), subscription.id(), page.after(), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, HookDelivery::id, HooksResource::json));
    }

    private Reply redeliver(Call call) {
        if (!hooks.redeliver(call.workspaceId(), call.path("id"), call.path("delivery"))) {
            throw missing();
        }
        return Reply.nothing();
    }

    private Subscription found(Call call) {
        return hooks.find(call.workspaceId(), call.path("id")).orElseThrow(HooksResource::missing);
    }

    private static Refused missing() {
        return new Refused(Problem.notFound());
    }

    private static ObjectNode json(Subscription each) {
        var draft = each.draft();
        var node = JsonNodeFactory.instance.objectNode().put("id", each.id()).put("url", draft.url());
        var events = node.putArray("events");
        draft.events().stream().map(HookEvent::word).sorted().forEach(events::add);
        return node.put("workflow", draft.workflowId())
                .put("label", String.join(" ", draft.labels()))
                .put("consumer", draft.consumer().word())
                .put("state", each.state().word())
                .put("state_reason", each.stateReason())
                .put("failing_since", text(each.failingSince()))
                .put("created_at", each.createdAt().toString());
    }

    private static ObjectNode json(HookDelivery each) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", each.id())
                .put("event", each.event())
                .put("state", each.state().word())
                .put("attempts", each.attempts())
                .put("status", each.status())
                .put("outcome", each.outcome())
                .put("due_at", text(each.dueAt()))
                .put("created_at", each.createdAt().toString())
                .put("updated_at", each.updatedAt().toString());
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }
}
