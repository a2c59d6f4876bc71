package dev.gatepost.activecampaign.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The HTTP side of the API: key, limit, ordered faults, and which call a path means. */
final class SandboxApi implements HttpHandler {
    private static final int BODY_BYTES_MAX = 4 * 1024 * 1024;
    private static final Pattern ID = Pattern.compile("/([0-9]{1,18})(?=/|$)");

    private final String key;
    private final SandboxState state;
    private final SecondLimit limit;
    private final ArrayDeque<Fault> faults = new ArrayDeque<>();
    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final Set<String> forbidden = new ConcurrentSkipListSet<>();
    private volatile Duration retryAfter = Duration.ofSeconds(30);

    SandboxApi(String key, SandboxState state, SecondLimit limit) {
        this.key = key;
        this.state = state;
        this.limit = limit;
    }

    void order(Fault fault, int times) {
        synchronized (faults) {
            for (int i = 0; i < times; i++) {
                faults.addLast(fault);
            }
        }
    }

    void forbid(String path) {
        forbidden.add(path);
    }

    void retryAfter(Duration wait) {
        retryAfter = wait;
    }

    Map<String, Integer> calls() {
        return Map.copyOf(calls);
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readNBytes(BODY_BYTES_MAX);
            var fault = nextFault();
            boolean isWithin = limit.admits();
            var reply = isWithin ? reply(exchange, body, fault) : limited(429);
            if (fault == Fault.LOST_ANSWER) {
                return; // closing without an answer cuts the connection
            }
            limit.headers().forEach(exchange.getResponseHeaders()::set);
            if (reply.status() == 429) {
                exchange.getResponseHeaders().set("Retry-After", Long.toString(retryAfter.toSeconds()));
            }
            exchange.getResponseHeaders().set("Content-Type", reply.contentType());
            var octets = reply.octets();
            exchange.sendResponseHeaders(reply.status(), octets.length == 0 ? -1 : octets.length);
            if (octets.length > 0) {
                exchange.getResponseBody().write(octets);
            }
        }
    }

    private SandboxReply reply(HttpExchange exchange, byte[] body, @Nullable Fault fault) {
        if (!key.equals(exchange.getRequestHeaders().getFirst("Api-Token"))) {
            return SandboxReply.message(403, "Forbidden");
        }
        if (fault != null && fault != Fault.LOST_ANSWER) {
            return faulty(fault);
        }
        var path = exchange.getRequestURI().getPath();
        if (!path.startsWith("/api/3/")) {
            return SandboxReply.html(404, "Not Found");
        }
        var rest = path.substring("/api/3".length());
        var query = query(exchange.getRequestURI().getRawQuery());
        var match = ID.matcher(rest);
        long id = match.find() ? Long.parseLong(match.group(1)) : -1;
        var call = exchange.getRequestMethod() + " "
                + ID.matcher(rest).replaceAll("/{id}").substring(1);
        calls.merge(call, 1, Integer::sum);
        return forbidden.contains(rest.split("/", -1)[1])
                ? SandboxReply.message(403, "Forbidden")
                : call(call, id, query, SandboxJson.read(body));
    }

    private SandboxReply call(String call, long id, Map<String, List<String>> query, JsonNode body) {
        return switch (call) {
            case "GET users/me" -> SandboxReply.json(200, me());
            case "GET contacts" -> state.list(query);
            case "POST contacts" -> state.create(body);
            case "GET contacts/{id}" -> state.read(id);
            case "PUT contacts/{id}" -> state.write(id, body);
            case "GET contacts/{id}/contactTags" -> state.side(id, "contactTags");
            case "GET contacts/{id}/contactLists" -> state.side(id, "contactLists");
            case "GET contacts/{id}/contactAutomations" -> state.side(id, "contactAutomations");
            case "GET fields" -> state.withFields(fields -> fields.list(query));
            case "POST fields" -> state.withFields(fields -> fields.create(body));
            case "POST fieldOption/bulk" -> state.withFields(fields -> fields.addOptions(body));
            case "POST fieldRels" -> state.withFields(fields -> fields.show(body));
            case "GET tags" -> state.tags(query);
            case "POST tags" -> state.createTag(body);
            case "POST contactTags" -> state.addTag(body);
            case "DELETE contactTags/{id}" -> state.removeTag(id);
            case "GET lists" -> empty("lists");
            case "GET automations" -> empty("automations");
            case "POST contactLists" -> state.setList(body);
            case "POST contactAutomations" -> state.enter(body);
            case "GET webhooks" -> state.withHooks(hooks -> hooks.list(query));
            case "POST webhooks" -> state.withHooks(hooks -> hooks.create(body));
            case "PUT webhooks/{id}" -> state.withHooks(hooks -> hooks.change(id, body));
            case "DELETE webhooks/{id}" -> state.withHooks(hooks -> hooks.delete(id));
            case "POST import/bulk_import" -> state.bulkImport(body);
            case "GET import/info" -> state.importInfo(SandboxState.first(query, "batchId"));
            default -> SandboxReply.message(404, "No such path");
        };
    }

    private static JsonNode me() {
        var body = SandboxJson.object();
        body.putObject("user")
                .put("id", "1")
                .put("username", "ada")
                .put("firstName", "Ada")
                .put("lastName", "Lovelace")
                .put("email", "ada@example.com");
        return body;
    }

    private static SandboxReply empty(String name) {
        var body = SandboxJson.object();
        body.putArray(name);
        body.putObject("meta").put("total", "0");
        return SandboxReply.json(200, body);
    }

    private @Nullable Fault nextFault() {
        synchronized (faults) {
            return faults.pollFirst();
        }
    }

    private static SandboxReply limited(int status) {
        return new SandboxReply(status, "text/html", "");
    }

    private static SandboxReply faulty(Fault fault) {
        return switch (fault) {
            case UNAUTHORIZED -> SandboxReply.message(401, "Unauthorized");
            case FORBIDDEN -> SandboxReply.message(403, "Forbidden");
            case LIMIT -> limited(429);
            case BUSY -> limited(503);
            case SERVER_ERROR -> SandboxReply.html(500, "Internal Server Error");
            case LOST_ANSWER -> throw new IllegalStateException("not an answer: " + fault);
        };
    }

    private static Map<String, List<String>> query(@Nullable String text) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (var pair : (text == null ? "" : text).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.computeIfAbsent(URLDecoder.decode(pair.substring(0, equals), UTF_8), _ -> new ArrayList<>())
                        .add(URLDecoder.decode(pair.substring(equals + 1), UTF_8));
            }
        }
        return query;
    }
}
