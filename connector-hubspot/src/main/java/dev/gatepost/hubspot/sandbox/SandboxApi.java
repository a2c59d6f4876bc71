package dev.gatepost.hubspot.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the API: token, limit, ordered faults, and which call a path means. */
final class SandboxApi implements HttpHandler {
    /** Longest request body read, in octets; a batch of 100 is far below. */
    private static final int BODY_BYTES_MAX = 4 * 1024 * 1024;
    /** How late a slow answer is: beyond the 20 seconds a client may wait. */
    private static final Duration SLOWNESS = Duration.ofSeconds(30);

    /** Dated paths and those of version 3, which HubSpot's own client calls. */
    private static final Pattern CONTACTS =
            Pattern.compile("/crm/(?:objects/[0-9]{4}-[0-9]{2}|v3/objects)/(?:contacts|0-1)(?<rest>/.*)?");

    private static final Pattern PROPERTIES = Pattern.compile(
            "/crm/(?:properties/[0-9]{4}-[0-9]{2}|v3/properties)/(?:contacts|contact|0-1)(?<rest>/.*)?");
    private static final Pattern TOKENS =
            Pattern.compile("/oauth/(?:[0-9]{4}-[0-9]{2}|v1|v3)/token(?<rest>/introspect|/revoke)?");
    private static final Pattern CALLBACKS = Pattern.compile(
            "/automation/(?:actions/callbacks/[0-9]{4}-[0-9]{2}|v4/actions/callbacks)(?:/(?<id>[^/]+))?/complete");
    private static final Pattern LISTS =
            Pattern.compile("/crm/(?:lists/[0-9]{4}-[0-9]{2}|v3/lists)/(?<id>[0-9]+)(?<rest>/memberships)?");
    private static final Pattern DETAILS = Pattern.compile("/account-info/(?:[0-9]{4}-[0-9]{2}|v3)/details");

    private final SandboxApp app;
    private final Books books;
    private final ContactCalls contacts;
    private final ContactSearch search;
    private final PropertyBook properties;
    private final CallLimit limit;
    private final ArrayDeque<Fault> faults = new ArrayDeque<>();
    /** Of batch updates alone. Guarded by {@link #faults}. */
    private final ArrayDeque<Fault> updateFaults = new ArrayDeque<>();

    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> answers = new ConcurrentHashMap<>();
    private volatile Set<String> lackingScopes = Set.of();

    /** What the sandbox knows beside contacts and properties. */
    record Books(TokenBook tokens, StepBook steps, ListBook lists) {}

    SandboxApi(
            SandboxApp app,
            Books books,
            ContactCalls contacts,
            ContactSearch search,
            PropertyBook properties,
            CallLimit limit) {
        this.app = app;
        this.books = books;
        this.contacts = contacts;
        this.search = search;
        this.properties = properties;
        this.limit = limit;
    }

    void order(Fault fault, int times) {
        synchronized (faults) {
            for (int i = 0; i < times; i++) {
                faults.addLast(fault);
            }
        }
    }

    void orderForUpdates(Fault fault, int times) {
        synchronized (faults) {
            for (int i = 0; i < times; i++) {
                updateFaults.addLast(fault);
            }
        }
    }

    void lackScopes(Set<String> scopes) {
        lackingScopes = Set.copyOf(scopes);
    }

    void cancelFaults() {
        synchronized (faults) {
            updateFaults.clear();
            faults.clear();
        }
    }

    /** How often each call was made, by method and path without version, host and ids. */
    Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    /** How often it answered with each HTTP status, errors ordered and tokens asked for included. */
    Map<Integer, Integer> answers() {
        return Map.copyOf(answers);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
            var reply = reply(exchange, body);
            answers.merge(reply.status(), 1, Integer::sum);
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            if (!reply.contentType().isEmpty()) {
                exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            }
            var octets = reply.octets();
            exchange.sendResponseHeaders(reply.status(), octets.length == 0 ? -1 : octets.length);
            if (octets.length > 0) {
                exchange.getResponseBody().write(octets);
            }
        }
    }

    private SandboxReply reply(HttpExchange exchange, byte[] body) {
        var path = exchange.getRequestURI().getPath();
        var oauth = oauthCall(exchange, body);
        if (oauth.isPresent()) {
            return oauth.get();
        }
        var bearer = exchange.getRequestHeaders().getFirst("Authorization");
        var access = books.tokens().access(bearer == null ? "" : bearer.replaceFirst("^Bearer ", ""));
        switch (access) {
            case UNKNOWN -> {
                return SandboxReply.error(
                        401, "INVALID_AUTHENTICATION", "Authentication credentials not found or invalid.");
            }
            case EXPIRED -> {
                return SandboxReply.error(
                        401,
                        "EXPIRED_AUTHENTICATION",
                        "The OAuth token used to make this call expired 1 second(s) ago.");
            }
            case GOOD -> {
                // let in
            }
        }
        var fault = nextFault(path.endsWith("/batch/update"));
        if (fault == Fault.SLOW) {
            dawdle();
        } else if (fault != null && fault != Fault.ONE_FAILS) {
            var faulty = faulty(fault);
            return faulty.headers().isEmpty() ? faulty.with(limit.headers()) : faulty;
        }
        var scope = scope(exchange.getRequestMethod(), path);
        if (lackingScopes.contains(scope)) {
            return missingScopes(scope).with(limit.headers());
        }
        if (path.endsWith("/search")) {
            return call(exchange, body, -1); // counted by another limit, told in no header
        }
        if (!limit.admits()) {
            return SandboxReply.limited("TEN_SECONDLY_ROLLING").with(limit.headers());
        }
        return call(exchange, body, fault == Fault.ONE_FAILS ? 0 : -1).with(limit.headers());
    }

    /** Which scope a call takes; empty when any token will do. */
    private static String scope(String method, String path) {
        boolean isReading = method.equals("GET") || path.endsWith("/batch/read") || path.endsWith("/search");
        if (CALLBACKS.matcher(path).matches()) {
            return "automation";
        }
        if (LISTS.matcher(path).matches()) {
            return "crm.lists.read";
        }
        if (CONTACTS.matcher(path).matches()) {
            return isReading ? "crm.objects.contacts.read" : "crm.objects.contacts.write";
        }
        if (PROPERTIES.matcher(path).matches()) {
            return isReading ? "crm.schemas.contacts.read" : "crm.schemas.contacts.write";
        }
        return "";
    }

    private SandboxReply call(HttpExchange exchange, byte[] octets, int spoiled) {
        var method = exchange.getRequestMethod();
        var path = exchange.getRequestURI().getPath();
        var body = SandboxJson.read(octets);
        var query = query(exchange.getRequestURI().getRawQuery());
        if (DETAILS.matcher(path).matches()) {
            count(method + " details");
            return SandboxReply.json(200, details());
        }
        if (path.endsWith("/external-install") && method.equals("DELETE")) {
            count("DELETE external-install");
            books.tokens().uninstall();
            return SandboxReply.noContent();
        }
        var callback = CALLBACKS.matcher(path);
        if (callback.matches() && method.equals("POST")) {
            count("POST callbacks");
            var id = callback.group("id");
            return id == null ? books.steps().completeAll(body) : books.steps().complete(id, body);
        }
        var list = LISTS.matcher(path);
        if (list.matches() && method.equals("GET")) {
            count("GET lists" + (list.group("rest") == null ? "" : list.group("rest")));
            return list.group("rest") == null
                    ? books.lists().describe(list.group("id"))
                    : books.lists().members(list.group("id"), query);
        }
        var contact = CONTACTS.matcher(path);
        if (contact.matches()) {
            return contactCall(method, rest(contact), body, query, spoiled);
        }
        var property = PROPERTIES.matcher(path);
        return property.matches() ? propertyCall(method, rest(property), body) : unknownPath();
    }

    /** OAuth's own calls: they carry no bearer token and count against no limit. */
    private Optional<SandboxReply> oauthCall(HttpExchange exchange, byte[] body) {
        var path = exchange.getRequestURI().getPath();
        if (path.equals("/oauth/authorize")) {
            var query = query(exchange.getRequestURI().getRawQuery());
            var code = books.tokens()
                    .agree(query.getOrDefault("redirect_uri", ""), query.getOrDefault("code_challenge", ""));
            var back = query.getOrDefault("redirect_uri", "") + "?code=" + code + "&state="
                    + URLEncoder.encode(query.getOrDefault("state", ""), UTF_8);
            return Optional.of(new SandboxReply(302, "", "", Map.of("Location", back)));
        }
        var call = TOKENS.matcher(path);
        if (!call.matches()) {
            return Optional.empty();
        }
        var form = query(new String(body, UTF_8));
        var rest = call.group("rest");
        count("POST token" + (rest == null ? "" : rest));
        return Optional.of(
                rest == null
                        ? books.tokens().token(form)
                        : rest.equals("/introspect")
                                ? books.tokens().introspect(form.getOrDefault("token", ""))
                                : SandboxReply.noContent());
    }

    private SandboxReply contactCall(
            String method, String rest, JsonNode body, Map<String, String> query, int spoiled) {
        boolean isId = rest.matches("[0-9]+");
        var call = method + " contacts" + (rest.isEmpty() ? "" : isId ? "/{id}" : "/" + rest);
        count(call);
        return switch (call) {
            case "POST contacts" -> contacts.create(body);
            case "GET contacts" -> contacts.list(query);
            case "GET contacts/{id}" -> contacts.read(rest, names(query));
            case "PATCH contacts/{id}" -> contacts.update(rest, body);
            case "DELETE contacts/{id}" -> contacts.archive(rest);
            case "POST contacts/batch/read" -> contacts.batchRead(body);
            case "POST contacts/batch/update" -> contacts.batchUpdate(body, spoiled);
            case "POST contacts/search" -> search.search(body);
            case "POST contacts/merge" -> contacts.merge(body);
            case "POST contacts/gdpr-delete" -> contacts.erase(body);
            default -> unknownPath();
        };
    }

    private SandboxReply propertyCall(String method, String rest, JsonNode body) {
        boolean isName = !rest.isEmpty() && !rest.equals("groups");
        var call = method + " properties" + (isName ? "/{name}" : rest.isEmpty() ? "" : "/" + rest);
        count(call);
        return switch (call) {
            case "GET properties" -> SandboxReply.json(200, results(properties.properties()));
            case "POST properties" -> properties.create(body);
            case "GET properties/groups" -> SandboxReply.json(200, results(properties.groups()));
            case "POST properties/groups" -> properties.createGroup(body);
            case "GET properties/{name}" ->
                properties
                        .property(rest)
                        .map(property -> SandboxReply.json(200, property))
                        .orElseGet(() ->
                                SandboxReply.error(404, "OBJECT_NOT_FOUND", "Property " + rest + " does not exist"));
            case "PATCH properties/{name}" -> properties.change(rest, body);
            case "DELETE properties/{name}" -> {
                properties.delete(rest);
                yield SandboxReply.noContent();
            }
            default -> unknownPath();
        };
    }

    private @Nullable Fault nextFault(boolean isUpdate) {
        synchronized (faults) {
            if (isUpdate && !updateFaults.isEmpty()) {
                return updateFaults.pollFirst();
            }
            boolean isForOthers = faults.peekFirst() == Fault.ONE_FAILS && !isUpdate;
            return isForOthers ? null : faults.pollFirst();
        }
    }

    private static SandboxReply faulty(Fault fault) {
        return switch (fault) {
            case UNAUTHORIZED -> SandboxReply.error(401, "EXPIRED_AUTHENTICATION", "The token expired.");
            case BURST -> SandboxReply.limited("TEN_SECONDLY_ROLLING");
            case DAILY -> SandboxReply.limited("DAILY");
            case LOCKED -> SandboxReply.error(423, "LOCKED", "the record is locked");
            case MIGRATING ->
                SandboxReply.error(477, "MIGRATION_IN_PROGRESS", "the account is being moved")
                        .with(Map.of("Retry-After", "3600"));
            case CONFLICT -> SandboxReply.error(409, "CONFLICT", "the record was changed at the same moment");
            case MISSING_SCOPES -> missingScopes("crm.objects.contacts.write");
            case RULE_BROKEN ->
                SandboxReply.error(400, "VALIDATION_ERROR", "the property lifecycle_reason is required here");
            case SERVER_ERROR -> SandboxReply.error(500, "INTERNAL_ERROR", "internal error");
            case BAD_GATEWAY -> SandboxReply.html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>");
            case ONE_FAILS, SLOW -> throw new IllegalStateException("not an answer of its own: " + fault);
        };
    }

    private static SandboxReply missingScopes(String scope) {
        var error = SandboxReply.errorObject("MISSING_SCOPES", "This app hasn't been granted all required scopes");
        error.putArray("errors")
                .addObject()
                .put("message", "One or more of the following scopes are required.")
                .putObject("context")
                .putArray("requiredGranularScopes")
                .add(scope);
        return SandboxReply.json(403, error);
    }

    private static void dawdle() {
        try {
            Thread.sleep(SLOWNESS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the sandbox closes
        }
    }

    private ObjectNode details() {
        return SandboxJson.object()
                .put("portalId", app.portalId())
                .put("accountType", "STANDARD")
                .put("timeZone", "Europe/Vienna")
                .put("companyCurrency", "EUR")
                .put("dataHostingLocation", "eu1");
    }

    private void count(String call) {
        calls.merge(call, 1, Integer::sum);
    }

    private static ObjectNode results(Collection<ObjectNode> all) {
        var body = SandboxJson.object();
        body.putArray("results").addAll(all);
        return body;
    }

    private static String rest(Matcher path) {
        var rest = path.group("rest");
        return rest == null ? "" : rest.substring(1);
    }

    private static List<String> names(Map<String, String> query) {
        return List.of(
                query.getOrDefault("properties", "email,firstname,lastname").split(","));
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (var pair : raw == null ? new String[0] : raw.split("&")) {
            var parts = pair.split("=", 2);
            var value = parts.length == 2 ? URLDecoder.decode(parts[1], UTF_8) : "";
            query.merge(URLDecoder.decode(parts[0], UTF_8), value, (a, b) -> a + "," + b);
        }
        return query;
    }

    private static SandboxReply unknownPath() {
        return SandboxReply.error(404, "OBJECT_NOT_FOUND", "No such call in the sandbox");
    }
}
