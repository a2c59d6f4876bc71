package dev.gatepost.cli;

import dev.gatepost.api.KeyFields;
import dev.gatepost.http.Refused;
import dev.gatepost.server.Books;
import dev.gatepost.workspace.ApiKey;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;

/** Carries out orders about keys of the API. */
final class DeskKeys {

    /** Keys shown by one command; who has more pages through them by API. */
    private static final int KEYS_MAX = 1_000;

    private final Books books;

    DeskKeys(Books books) {
        this.books = books;
    }

    Outcome create(String workspace, Order order) {
        if (new Workspaces(books.database(), InstantSource.system())
                .all().stream().noneMatch(known -> known.id().equals(workspace))) {
            throw Failure.wrongUse("no_such_workspace", "there is no workspace " + workspace);
        }
        var made = books.keys().create(draft(workspace, order), By.COMMAND);
        return Outcome.done(
                made.text(),
                JsonLine.object()
                        .put("id", made.key().id())
                        .put("key", made.text())
                        .put("mode", order.argument("mode")));
    }

    /** Read by the rules of {@code POST /v1/keys}, so that both refuse the same. */
    private static ApiKey.Draft draft(String workspace, Order order) {
        var json = JsonLine.object().put("mode", order.argument("mode")).put("name", order.argument("name"));
        for (var name : List.of("scopes", "ranges", "origins")) {
            var words = json.putArray(name);
            order.argument(name)
                    .lines()
                    .forEach(line -> List.of(line.split(" ", -1)).forEach(words::add));
        }
        if (!order.argument("expires").isEmpty()) {
            json.put("expires_at", order.argument("expires"));
        }
        if (!order.argument("rate").isEmpty()) {
            if (!order.argument("rate").matches("\\d{1,9}")) {
                throw Failure.wrongUse("invalid_field", "--rate must be a whole number");
            }
            json.put("rate_per_minute", Long.parseLong(order.argument("rate")));
        }
        try {
            return KeyFields.of(json, workspace);
        } catch (Refused e) {
            throw Failure.wrongUse(e.problem().fault().code(), e.problem().detail());
        }
    }

    Outcome list(String workspace) {
        var keys = books.keys().page(workspace, "", KEYS_MAX);
        var json = JsonLine.object();
        var array = json.putArray("keys");
        keys.forEach(key -> array.addObject()
                .put("id", key.id())
                .put("mode", key.draft().kind().word())
                .put("name", key.draft().name())
                .put("hint", key.hint())
                .put("scopes", scopes(key))
                .put("origins", String.join(",", key.draft().origins())));
        var text = keys.stream()
                .map(key -> key.id() + "  " + key.draft().kind().word() + " …" + key.hint() + "  " + opens(key) + "  "
                        + key.draft().name())
                .collect(Collectors.joining("\n"));
        return Outcome.done(text.isEmpty() ? "no keys; make one with gatepost key create" : text, json);
    }

    private static String opens(ApiKey key) {
        return key.draft().origins().isEmpty()
                ? scopes(key)
                : String.join(",", key.draft().origins());
    }

    private static String scopes(ApiKey key) {
        return key.draft().scopes().stream().map(Scope::word).sorted().collect(Collectors.joining(","));
    }

    Outcome revoke(String workspace, String id) {
        if (!books.keys().revoke(workspace, id, By.COMMAND)) {
            throw new Failure(Exit.NO, "no_such_key", "workspace " + workspace + " has no key with this id in use");
        }
        return Outcome.done("revoked " + id, JsonLine.object().put("revoked", id));
    }
}
