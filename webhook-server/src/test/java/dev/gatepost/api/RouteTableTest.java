package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.api.Route.Body;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for every route, taken from the table itself. */
class RouteTableTest {

    /** Says the same of what is another's and of what never was, as Zapier wants it; HooksResourceTest sees it stay. */
    private static final String NOTHING_TO_REMOVE = "DELETE /v1/hooks/{id}";

    private static final Integer[] REMOVED = {204};
    private static final Integer[] HIDDEN = {404, 422};

    private static ApiWorld world;

    @BeforeAll
    static void start() {
        world = new ApiWorld();
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @Test
    void describesEveryRouteAndNothingElse() {
        var mounted = world.routes.stream().map(Route::name).collect(Collectors.toCollection(TreeSet::new));

        assertThat(new Contract().operations()).isEqualTo(mounted);
    }

    @Test
    void mountsNoPathOfTheApiOutsideTheTable() {
        var table = world.routes.stream().map(Route::path).collect(Collectors.toSet());

        assertThat(world.product.paths())
                .filteredOn(path -> path.startsWith("/v1"))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(table).contains(path));
    }

    @Test
    @DisplayName("X8: a key gets through where one of its scopes is in the table, and nowhere else")
    void admitsKeysByTheTable() {
        for (var route : world.routes) {
            if (!(route.permit() instanceof Permit.AnyOf(var scopes, var _))) {
                continue;
            }
            for (var set : ApiWorld.everySetOfScopes()) {
                var answer = call(world.with(set.toArray(Scope[]::new)), route);
                var admitted = set.stream().anyMatch(scopes::contains);
                assertThat(answer.code().equals("missing_scope"))
                        .as("%s with %s: %s", route.name(), set, answer.body())
                        .isEqualTo(!admitted);
            }
        }
    }

    @Test
    @DisplayName("X8: a person gets through where their role is in the table, and nowhere else")
    void admitsPeopleByTheTable() {
        for (var route : world.routes) {
            if (!(route.permit() instanceof Permit.AnyOf(var _, var roles))) {
                continue;
            }
            for (var role : Role.values()) {
                var answer = call(world.as(Workspaces.MAIN, role), route);
                assertThat(answer.code().equals("missing_role"))
                        .as("%s as %s: %s", route.name(), role, answer.body())
                        .isEqualTo(!roles.contains(role));
            }
        }
    }

    @Test
    @DisplayName("X8: what is of another workspace, or of nobody, is not found by anybody")
    void hidesWhatOthersHave() {
        for (var route : world.routes) {
            if (!route.path().contains("{") || !(route.permit() instanceof Permit.AnyOf(var scopes, var _))) {
                continue;
            }
            for (var scope : scopes) {
                var answer = call(world.with(ApiWorld.OTHER, KeyKind.LIVE, scope), route);
                assertThat(answer.status())
                        .as("%s: %s", route.name(), answer.body())
                        .isIn((Object[]) (route.name().equals(NOTHING_TO_REMOVE) ? REMOVED : HIDDEN));
            }
        }
    }

    @Test
    void refusesPublishableKeysEverywhereButOnTheirOwnRoute() {
        for (var route : world.routes) {
            if (!(route.permit() instanceof Permit.AnyOf)) {
                continue;
            }
            assertThat(call(world.page(), route).code()).as(route.name()).isEqualTo("browser_use");
            assertThat(call(world.withPublishable(), route).code())
                    .as(route.name())
                    .isEqualTo("missing_scope");
        }
    }

    @Test
    void admitsNobodyElseToTheRouteOfPublishableKeys() {
        for (var route : world.routes) {
            if (!(route.permit() instanceof Permit.Page)) {
                continue;
            }
            assertThat(call(world.with(Scope.values()), route).code())
                    .as(route.name())
                    .isEqualTo("missing_scope");
            for (var role : Role.values()) {
                assertThat(call(world.as(Workspaces.MAIN, role), route).code())
                        .as(route.name())
                        .isEqualTo("missing_key");
            }
        }
    }

    @Test
    void letsNobodyInWithoutAKeyOrASession() {
        for (var route : world.routes) {
            if (!(route.permit() instanceof Permit.Open)) {
                var answer = call(world.client(), route);
                assertThat(answer.code()).as(route.name()).isEqualTo("missing_key");
                assertThat(answer.header("WWW-Authenticate")).startsWith("Bearer");
            }
        }
    }

    @Test
    @DisplayName("X3: a key in the address is refused with an explanation, however the address is called")
    void refusesKeysInTheAddress() {
        var key = world.key(Workspaces.MAIN, KeyKind.LIVE, Scope.values());
        for (var route : world.routes) {
            var answer = world.with(Scope.values())
                    .send(route.method().name(), path(route) + "?api_key=" + key, body(route), Reply.JSON);
            assertThat(answer.code()).as(route.name()).isEqualTo("key_in_query");
            assertThat(answer.body().toString()).doesNotContain(key);
        }
    }

    @Test
    void refusesPagesInBrowsers() {
        for (var route : world.routes) {
            assertThat(world.client()
                            .with("Origin", "https://shop.acme.io")
                            .send("OPTIONS", path(route), ApiClient.NOTHING, "")
                            .status())
                    .as(route.name())
                    .isIn(403, 204);
            if (route.permit() instanceof Permit.AnyOf(var scopes, var _) && !scopes.isEmpty()) {
                var answer = call(world.with(Scope.values()).with("Origin", "https://shop.acme.io"), route);
                assertThat(answer.code()).as(route.name()).isEqualTo("browser_use");
            }
        }
    }

    @Test
    void refusesOtherMethodsWithThoseItKnows() {
        for (var route : world.routes) {
            var answer = world.with(Scope.values()).send("PATCH", path(route), ApiClient.NOTHING, "");
            assertThat(answer.code()).isEqualTo("method_not_allowed");
            assertThat(answer.header("Allow")).contains(route.method().name());
        }
    }

    @Test
    @DisplayName("Bad input: every body that is no acceptable JSON object is refused on every route that takes one")
    void refusesBadBodies() {
        var deep = "{\"a\":".repeat(65) + "1" + "}".repeat(65);
        for (var route : world.routes) {
            if (!(route.body() instanceof Body.Json)) {
                continue;
            }
            for (var text : Set.of(
                    "",
                    "{",
                    "[]",
                    "null",
                    "{\"a\":1,\"a\":2}",
                    "{\"a\":1} {}",
                    "{'a':1}",
                    "{\"a\":NaN}",
                    "nul",
                    deep,
                    "{\"a\":" + "9".repeat(101) + "}",
                    "{\"a\":\"" + "x".repeat(257 * 1024) + "\"}")) {
                var answer = admitted(route).send(route.method().name(), path(route), octets(text), Reply.JSON);
                assertThat(answer.code()).as("%s %.40s", route.name(), text).isEqualTo("malformed_json");
            }
            var unknown = admitted(route)
                    .send(route.method().name(), path(route), octets("{\"no_such\\u0000field\":1}"), Reply.JSON);
            assertThat(unknown.code()).as(route.name()).isIn("unknown_field", "missing_field", "not_found");
            var broken = admitted(route)
                    .send(route.method().name(), path(route), new byte[] {'{', '"', (byte) 0xff, '"', '}'}, Reply.JSON);
            assertThat(broken.code()).as(route.name()).isEqualTo("malformed_json");
            var mistyped = admitted(route).send(route.method().name(), path(route), octets("{}"), "text/plain");
            assertThat(mistyped.code()).as(route.name()).isEqualTo("unsupported_media_type");
            assertThat(mistyped.body().path("mend").asText())
                    .as(route.name())
                    .isEqualTo("Send Content-Type: application/json.");
            assertThat(admitted(route)
                            .send(route.method().name(), path(route), new byte[10 * 1024 * 1024], Reply.JSON)
                            .code())
                    .as(route.name())
                    .isEqualTo("too_large");
        }
    }

    private static ApiClient admitted(Route route) {
        return switch (route.permit()) {
            case Permit.Open _ -> world.client();
            case Permit.Page _ -> world.page();
            case Permit.AnyOf(var scopes, var roles) ->
                scopes.isEmpty()
                        ? world.as(Workspaces.MAIN, roles.iterator().next())
                        : world.with(scopes.iterator().next());
        };
    }

    private static ApiClient.Answer call(ApiClient client, Route route) {
        return client.send(route.method().name(), path(route), body(route), Reply.JSON);
    }

    /** With ids that nothing has. */
    private static String path(Route route) {
        return route.path().replaceAll("\\{[^}]*}", "00000000000000000000000000");
    }

    /** A field that no route knows, so that nothing is made by trying. */
    private static byte[] body(Route route) {
        return route.body() instanceof Body.None ? ApiClient.NOTHING : octets("{\"no_such_field\":1}");
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
