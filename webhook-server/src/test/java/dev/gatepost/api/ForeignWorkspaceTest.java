package dev.gatepost.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.api.ApiClient.Answer;
import dev.gatepost.api.Route.Body;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.hubspot.HubSpotPlugin;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Every route with an id in its path, called from another workspace with the real id of something that is there: the answer is
 * the one that an id of nothing gets, and what is there stays as it is.
 */
class ForeignWorkspaceTest {

    private static final String PASSWORD = "seven quiet otters";
    private static final String NOTHING = "00000000000000000000000000";
    private static final String WORKFLOW = "{\"name\":\"%s\",\"rules\":[],\"default\":\"accept\"}";

    private static ApiWorld world;
    private static ApiClient stranger;

    /** Owner of the main workspace alone. */
    private static ApiClient ann;

    /** Owner of another workspace alone. */
    private static ApiClient bob;

    private static String bobsWorkspace;
    private static String bobsWorkflow;

    /** Of the main workspace: an id for each kind of thing, by the word that stands in paths. */
    private static final Map<String, String> IDS = new HashMap<>();

    /** A body that each route accepts, were the thing its caller's. */
    private static final Map<String, String> BODIES = new HashMap<>();

    @BeforeAll
    static void fillTwoWorkspaces() {
        world = new ApiWorld();
        stranger = new ApiClient(world.product.port(), List.of()).with("Sec-Fetch-Site", "same-origin");
        var carol = owner("Carol", "carol@acme.io", "");
        bobsWorkspace = carol.post("/v1/workspaces", "{\"name\":\"Bob's\"}")
                .body()
                .path("id")
                .asText();
        ann = invited(carol, "Ann", "ann@acme.io");
        carol.put("/v1/session", "{\"workspace\":\"" + bobsWorkspace + "\"}");
        bob = invited(carol, "Bob", "bob@other.example");
        fillMain();
        bobsWorkflow = bob.post("/v1/workflows", WORKFLOW.formatted("Mine"))
                .body()
                .path("id")
                .asText();
        BODIES.putAll(Map.of(
                "PUT /v1/workflows/{id}", WORKFLOW.formatted("Taken over"),
                "POST /v1/workflows/{id}/simulate", "{}",
                "POST /v1/workflows/{id}/rollback", "{\"version\":1}",
                "PUT /v1/people/{id}", "{\"role\":\"viewer\"}",
                "POST /v1/people/{id}/link", "{}",
                "PUT /v1/workspaces/{id}", "{\"name\":\"Taken over\"}",
                "POST /v1/connections/{id}/backfills", "{\"source\":\"all\"}",
                "POST /v1/connections/{id}/events/run_again", "{\"state\":\"any\"}",
                "POST /v1/connections/{id}/events/discard", "{\"state\":\"any\"}",
                "PUT /v1/connections/{id}/workflow", "{\"workflow\":\"" + bobsWorkflow + "\"}"));
        BODIES.put("PUT /v1/connections/{id}/options", "{\"values\":{}}");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static ApiClient owner(String name, String email, String token) {
        var link = token.isEmpty()
                ? ((ForOwner.Made) world.books().residents().links().makeAtTheMachine("", Codes.KEPT)).token()
                : token;
        var about = token.isEmpty() ? ",\"name\":\"" + name + "\",\"email\":\"" + email + "\"" : "";
        var answer = stranger.post(
                "/v1/welcome", "{\"token\":\"" + link + "\",\"password\":\"" + PASSWORD + "\"" + about + "}");
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        return signedIn(
                stranger.post("/v1/session", "{\"email\":\"" + email + "\",\"password\":\"" + PASSWORD + "\"}"));
    }

    private static ApiClient invited(ApiClient host, String name, String email) {
        var link = host.post("/v1/people", "{\"name\":\"" + name + "\",\"email\":\"" + email + "\",\"role\":\"owner\"}")
                .body()
                .path("link")
                .asText();
        return owner(name, email, link.substring(link.indexOf("token=") + "token=".length()));
    }

    private static ApiClient signedIn(Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
        var token = answer.header("Set-Cookie").replaceAll("^[^=]+=([^;]+);.*", "$1");
        return stranger.with("Cookie", SessionCookie.NAME + "=" + token)
                .with(SessionCookie.CSRF_HEADER, SessionCookie.csrf(token));
    }

    private static void fillMain() {
        var admin = world.with(Scope.values());
        keep("workflows", admin.post("/v1/workflows", WORKFLOW.formatted("Theirs")));
        keep("keys", admin.post("/v1/keys", "{\"name\":\"theirs\",\"scopes\":[\"read\"]}"));
        keep("hooks", admin.post("/v1/hooks", "{\"url\":\"https://example.com/x\",\"events\":[\"credits.low\"]}"));
        admin.post("/v1/credits/grants", "{\"amount\":5}");
        keep("verifications", admin.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\"}"));
        var batch = admin.send(
                "POST", "/v1/batches", "email\njane.miller@works.sandbox-mail.com\n".getBytes(UTF_8), "text/csv");
        IDS.put("batches", batch.body().path("id").asText());
        var deliveries = "/v1/hooks/" + id("hooks") + "/deliveries";
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !admin.get(deliveries).body().path("data").isEmpty());
        IDS.put(
                "delivery",
                admin.get(deliveries).body().path("data").get(0).path("id").asText());
        IDS.put(
                "people",
                world.books()
                        .residents()
                        .people()
                        .memberships(ann.get("/v1/me").body().path("person_id").asText())
                        .getFirst()
                        .person()
                        .id());
        IDS.put("workspaces", Workspaces.MAIN);
        IDS.put(
                "sessions",
                ann.get("/v1/sessions").body().path("data").get(0).path("id").asText());
        IDS.put("connections", connection());
        IDS.put("backfill", backfill());
    }

    private static String connection() {
        var plugin = new HubSpotPlugin();
        var settings = new HashMap<String, String>();
        plugin.settings().forEach(setting -> settings.put(setting.name(), "x1"));
        return world.books()
                .connections()
                .save(plugin, new ConnectionDraft(Workspaces.MAIN, "4711", "Theirs", settings))
                .id();
    }

    /** A paused one, so that there is no CRM to ask. */
    private static String backfill() {
        var made = "01kb0x5s8r3f6v9y2m4p7q0t1w";
        world.books().database().write(handle -> handle.execute("""
                        insert into backfill (id, workspace_id, connection_id, source, list, age_days, state, reason,
                            cursor, listing, listed, queued, known, without_email, failures, next_at, created_at,
                            created_by, updated_at)
                        values (?, 'main', ?, 'all', '', 0, 'paused', '', '', 'open', 0, 0, 0, 0, 0, 0, 0, 'ann', 0)
                        """, made, id("connections")));
        return made;
    }

    private static void keep(String kind, Answer made) {
        assertThat(made.status()).as("%s", made.body()).isBetween(200, 201);
        IDS.put(kind, made.body().path("id").asText());
    }

    @Test
    @DisplayName(
            "X8: another workspace's things are answered as things that are not there, by every route, to keys and people")
    void answersAsForNothing() {
        var routes = world.routes.stream()
                .filter(route -> route.path().contains("{"))
                .toList();
        assertThat(routes).hasSizeGreaterThan(20);
        for (var route : routes) {
            for (var foreigner : foreigners(route)) {
                var theirs = call(foreigner, route, path(route, Optional.empty()));
                var nothing = call(foreigner, route, path(route, Optional.of(NOTHING)));
                var what = route.name() + ": " + theirs.body();
                assertThat(theirs.status()).as(what).isEqualTo(nothing.status()).isIn(404, 204);
                assertThat(theirs.body()).as(what).isEqualTo(nothing.body());
            }
        }
        assertThatAllIsAsItWas();
    }

    private static void assertThatAllIsAsItWas() {
        var admin = world.with(Scope.values());
        assertThat(admin.get("/v1/workflows/" + id("workflows"))
                        .body()
                        .path("name")
                        .asText())
                .isEqualTo("Theirs");
        assertThat(admin.get("/v1/hooks/" + id("hooks")).status()).isEqualTo(200);
        assertThat(admin.get("/v1/hooks/" + id("hooks") + "/deliveries").body().toString())
                .contains(id("delivery"));
        assertThat(admin.get("/v1/keys?limit=100").body().toString()).contains(id("keys"));
        assertThat(admin.get("/v1/verifications/" + id("verifications")).status())
                .isEqualTo(200);
        assertThat(admin.get("/v1/batches/" + id("batches")).status()).isEqualTo(200);
        assertThat(ann.get("/v1/people/" + id("people")).body().path("role").asText())
                .isEqualTo("owner");
        assertThat(ann.get("/v1/workspaces/main").body().path("name").asText()).isNotEqualTo("Taken over");
        assertThat(ann.get("/v1/sessions").body().toString()).contains(id("sessions"));
        assertThat(world.books()
                        .connections()
                        .byId(id("connections"))
                        .orElseThrow()
                        .workspaceId())
                .isEqualTo(Workspaces.MAIN);
        assertThat(world.books()
                        .connections()
                        .byId(id("connections"))
                        .orElseThrow()
                        .workflowId())
                .isNotEqualTo(bobsWorkflow);
        assertThat(admin.get("/v1/connections/" + id("connections") + "/backfills/" + id("backfill"))
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("paused");
    }

    private static List<ApiClient> foreigners(Route route) {
        return switch (route.permit()) {
            case Permit.Open _, Permit.Page _ ->
                throw new AssertionError("has an id, but no workspace: " + route.name());
            case Permit.AnyOf(var scopes, var roles) -> {
                var key = world.with(bobsWorkspace, KeyKind.LIVE, Scope.values());
                if (scopes.isEmpty()) {
                    yield List.of(bob);
                }
                yield roles.isEmpty() ? List.of(key) : List.of(key, bob);
            }
        };
    }

    private static Answer call(ApiClient client, Route route, String path) {
        var body = route.body() instanceof Body.Json
                ? Optional.ofNullable(BODIES.get(route.name()))
                        .orElseThrow(() -> new AssertionError("say here what " + route.name() + " takes"))
                : "";
        return client.send(route.method().name(), path, body.getBytes(UTF_8), body.isEmpty() ? "" : Reply.JSON);
    }

    /** @param other for every part; empty: the real ones */
    private static String path(Route route, Optional<String> other) {
        var kind = route.path().split("/", -1)[2];
        return route.path()
                .replace("{id}", other.orElse(id(kind)))
                .replace("{delivery}", other.orElse(id("delivery")))
                .replace("{backfill}", other.orElse(id("backfill")));
    }

    private static String id(String kind) {
        return Optional.ofNullable(IDS.get(kind))
                .orElseThrow(() -> new AssertionError("make one of the " + kind + " of the main workspace here"));
    }
}
