package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.http.SessionCookie;
import dev.gatepost.ledger.Grant;
import dev.gatepost.workspace.ConnectionDraft;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import dev.gatepost.workspace.Workspaces;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Every POST of the table either does its work once for one Idempotency-Key, or stands here with the reason why not. */
class IdempotentRoutesTest {

    /** Routes that create and charge nothing, by why a repeat does no harm. */
    private static final Map<String, Set<String>> HARMLESS_TWICE = Map.of(
            "a repeat is answered from the first one's verdict and costs nothing",
            Set.of("POST /v1/check"),
            "signing in is not to be answered from a table",
            Set.of("POST /v1/session", "POST /v1/welcome", "POST /v1/totp", "POST /v1/totp/off"),
            "sets something to what it is set to",
            Set.of(
                    "POST /v1/connections/{id}/pause",
                    "POST /v1/connections/{id}/resume",
                    "POST /v1/connections/{id}/disconnect",
                    "POST /v1/connections/{id}/events/run_again",
                    "POST /v1/connections/{id}/events/discard",
                    "POST /v1/connections/{id}/backfills/{backfill}/pause",
                    "POST /v1/connections/{id}/backfills/{backfill}/resume",
                    "POST /v1/connections/{id}/backfills/{backfill}/cancel",
                    "POST /v1/hooks/{id}/enable",
                    "POST /v1/erasures"),
            "reads only",
            Set.of("POST /v1/workflows/{id}/simulate"),
            "is asked for to be done again",
            Set.of(
                    "POST /v1/hooks/{id}/test",
                    "POST /v1/hooks/{id}/rotate",
                    "POST /v1/hooks/{id}/deliveries/{delivery}/redeliver"));

    /** Routes whose work is stored before it is done: another process takes it up and keeps the answer. */
    private static final Set<String> TAKEN_UP = Set.of("POST /v1/verify", "POST /v1/verifications/{id}/recheck");

    /** Routes whose work takes many transactions, and whose key is held meanwhile. */
    private static final Set<String> HELD = Set.of("POST /v1/rejudge");

    /** No answer of a running request can be kept, nor its key be given free. */
    private static final List<String> DEATHS = List.of(
            "create trigger dies_updating before update on idempotency when old.state = 'running'"
                    + " begin select raise(abort, 'dies'); end",
            "create trigger dies_deleting before delete on idempotency when old.state = 'running'"
                    + " begin select raise(abort, 'dies'); end");

    private static final PaperCrm CRM = new PaperCrm();
    private static final Map<String, String> IDS = new HashMap<>();

    /** Two requests for each route; the second differs. A path's ids are filled in. */
    private static final Map<String, List<String>> BODIES = new TreeMap<>(Map.ofEntries(
            Map.entry("POST /v1/verify", List.of("{\"email\":\"a@b.example\"}", "{\"email\":\"c@b.example\"}")),
            Map.entry(
                    "POST /v1/keys",
                    List.of("{\"name\":\"a\",\"scopes\":[\"read\"]}", "{\"name\":\"b\",\"scopes\":[\"read\"]}")),
            Map.entry(
                    "POST /v1/hooks",
                    List.of(
                            "{\"url\":\"https://example.com/a\",\"events\":[\"credits.low\"]}",
                            "{\"url\":\"https://example.com/b\",\"events\":[\"credits.low\"]}")),
            Map.entry(
                    "POST /v1/workflows",
                    List.of(
                            "{\"name\":\"A\",\"rules\":[],\"default\":\"accept\"}",
                            "{\"name\":\"B\",\"rules\":[],\"default\":\"accept\"}")),
            Map.entry("POST /v1/workflows/{id}/rollback", List.of("{\"version\":1}", "{\"version\":2}")),
            Map.entry("POST /v1/rejudge", List.of("{\"last\":5,\"apply\":true}", "{\"last\":6,\"apply\":true}")),
            Map.entry("POST /v1/credits/grants", List.of("{\"amount\":5}", "{\"amount\":6}")),
            Map.entry("POST /v1/credits/reversals", List.of("{\"transaction\":%s}", "{\"transaction\":1000000}")),
            Map.entry(
                    "POST /v1/connections/{id}/backfills",
                    List.of("{\"source\":\"all\"}", "{\"source\":\"unchecked\"}")),
            Map.entry(
                    "POST /v1/people",
                    List.of(
                            "{\"email\":\"x@acme.io\",\"name\":\"X\",\"role\":\"viewer\"}",
                            "{\"email\":\"y@acme.io\",\"name\":\"Y\",\"role\":\"viewer\"}")),
            Map.entry("POST /v1/people/{id}/link", List.of("{}", "")),
            Map.entry("POST /v1/workspaces", List.of("{\"name\":\"A\"}", "{\"name\":\"B\"}")),
            Map.entry("POST /v1/verifications/{id}/recheck", List.of("", "")),
            Map.entry(
                    "POST /v1/batches", List.of("{\"emails\":[\"a@b.example\"]}", "{\"emails\":[\"c@b.example\"]}"))));

    private static final String PASSWORD = "seven quiet otters";

    private static ApiWorld world;
    private static ApiClient owner;

    @BeforeAll
    static void start() {
        world = new ApiWorld(List.of(CRM), Map.of());
        world.books().credits().grant(Workspaces.MAIN, Grant.of("start", 1_000, ""));
        var connection =
                world.books().connections().save(CRM, new ConnectionDraft(Workspaces.MAIN, "77", "Paper", Map.of()));
        IDS.put("connections", connection.id());
        owner = signedInOwner();
        var workflow = owner.post("/v1/workflows", "{\"name\":\"W\",\"rules\":[],\"default\":\"accept\"}");
        IDS.put("workflows", workflow.body().path("id").asText());
        owner.put("/v1/workflows/" + IDS.get("workflows"), "{\"name\":\"W2\",\"rules\":[],\"default\":\"reject\"}");
        IDS.put(
                "verifications",
                owner.post("/v1/verify", "{\"email\":\"jane.miller@works.sandbox-mail.com\"}")
                        .body()
                        .path("id")
                        .asText());
        IDS.put(
                "people",
                owner.post("/v1/people", "{\"email\":\"z@acme.io\",\"name\":\"Z\",\"role\":\"viewer\"}")
                        .body()
                        .path("id")
                        .asText());
        BODIES.computeIfPresent(
                "POST /v1/credits/reversals",
                (_, both) ->
                        both.stream().map(text -> text.formatted(settlement())).toList());
    }

    private static String settlement() {
        return owner.get("/v1/transactions?kind=settle")
                .body()
                .path("data")
                .get(0)
                .path("id")
                .asText();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    private static String path(String name) {
        var path = name.substring("POST ".length());
        var kind = path.split("/", -1)[2];
        return path.replace("{id}", IDS.getOrDefault(kind, "none"));
    }

    private static ApiClient signedInOwner() {
        var stranger = new ApiClient(world.product.port(), List.of()).with("Sec-Fetch-Site", "same-origin");
        var link = ((ForOwner.Made) world.books().residents().links().makeAtTheMachine("", Codes.KEPT)).token();
        stranger.post(
                "/v1/welcome",
                "{\"token\":\"" + link + "\",\"password\":\"" + PASSWORD
                        + "\",\"name\":\"Ann\",\"email\":\"ann@acme.io\"}");
        var answer = stranger.post("/v1/session", "{\"email\":\"ann@acme.io\",\"password\":\"" + PASSWORD + "\"}");
        var token = answer.header("Set-Cookie").replaceAll("^[^=]+=([^;]+);.*", "$1");
        return stranger.with("Cookie", SessionCookie.NAME + "=" + token)
                .with(SessionCookie.CSRF_HEADER, SessionCookie.csrf(token));
    }

    private static ApiClient.Answer call(String name, String key, String body) {
        return owner.with("Idempotency-Key", key).post(path(name), body);
    }

    @Test
    @DisplayName(
            "K1: every POST that creates or charges takes an Idempotency-Key; a route in neither list fails the build")
    void knowsOfEachPostWhetherItTakesAKey() {
        var posts = world.routes.stream()
                .filter(route -> route.method() == Route.Method.POST)
                .map(Route::name)
                .collect(Collectors.toCollection(TreeSet::new));
        var harmless = HARMLESS_TWICE.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
        var keyed = new Contract().idempotent();

        var known = new TreeSet<>(harmless);
        known.addAll(keyed);
        assertThat(known).isEqualTo(posts);
        assertThat(keyed).doesNotContainAnyElementsOf(harmless);
        assertThat(BODIES.keySet()).as("say here what each takes").isEqualTo(keyed);
    }

    @Test
    @DisplayName("K1: a key that is no key is refused by each of them, before anything is done")
    void refusesWhatIsNoKey() {
        BODIES.forEach((name, bodies) -> {
            for (var key : List.of("x".repeat(256), "")) {
                assertThat(call(name, key, bodies.getFirst()).code())
                        .as("%s with %s", name, key)
                        .isEqualTo("invalid_idempotency_key");
            }
        });
    }

    @Test
    @DisplayName(
            "K2: each gives the first answer again, and refuses the key for another request; refusals keep nothing, and so do"
                    + " requests that died before their answer was kept")
    void answersTheSameRequestOnce() {
        for (var each : BODIES.entrySet()) {
            var name = each.getKey();
            var body = each.getValue().getFirst();
            var other = each.getValue().getLast();
            if (!TAKEN_UP.contains(name)) {
                die(name, body);
            }

            var first = call(name, "k", body);
            assertThat(first.status()).as("%s: %s", name, first.body()).isBetween(200, 202);
            assertThat(first.header("Idempotency-Replayed")).as(name).isEmpty();
            var again = call(name, "k", body);
            assertThat(again.status()).as("%s: %s", name, again.body()).isEqualTo(first.status());
            assertThat(again.body()).as(name).isEqualTo(first.body());
            assertThat(again.header("Idempotency-Replayed")).as(name).isEqualTo("true");
            if (!other.isEmpty()) {
                assertThat(call(name, "k", other).code()).as(name).isEqualTo("idempotency_mismatch");
                assertThat(call(name, "bad", "{\"no_such_field\":1}").status())
                        .as(name)
                        .isBetween(400, 422);
                assertThat(kept("bad")).as(name).isZero();
            }
        }
    }

    /**
     * The process ends where the answer would be kept. Then nothing was made and the key is free; work of many transactions
     * has to be held no more before.
     */
    private static void die(String name, String body) {
        var before = made();
        DEATHS.forEach(IdempotentRoutesTest::execute);
        try {
            assertThat(call(name, "k", body).status()).as(name).isEqualTo(500);
        } finally {
            execute("drop trigger dies_updating");
            execute("drop trigger dies_deleting");
        }
        if (HELD.contains(name)) {
            assertThat(call(name, "k", body).code()).as(name).isEqualTo("still_running");
            execute("update idempotency set held_until = 0 where state = 'running'");
        } else {
            assertThat(made()).as(name).isEqualTo(before);
        }
    }

    private static void execute(String sql) {
        world.books().database().write(handle -> handle.execute(sql));
    }

    private static Map<String, Long> made() {
        return Stream.of(
                        "person",
                        "member",
                        "one_time_link",
                        "workspace",
                        "workflow",
                        "api_key",
                        "hook_subscription",
                        "transfer where kind in ('grant', 'reverse')", // a list that came before goes on meanwhile
                        "backfill",
                        "audit",
                        "idempotency")
                .collect(Collectors.toMap(table -> table, table -> count("select count(*) from " + table)));
    }

    private static long count(String sql) {
        return world.books()
                .database()
                .<Long>read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    private static long kept(String key) {
        return world.books()
                .database()
                .<Long>read(
                        handle -> handle.createQuery("select count(*) from idempotency where idempotency_key = :key")
                                .bind("key", key)
                                .mapTo(Long.class)
                                .one());
    }
}
