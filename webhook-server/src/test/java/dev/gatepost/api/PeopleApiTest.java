package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.api.ApiClient.Answer;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import dev.gatepost.workspace.Role;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Signing in, people, workspaces and the audit log, on the product's own port with real sessions. */
class PeopleApiTest {

    private static final String PASSWORD = "seven quiet otters";
    private static final String SIGN_IN = "{\"email\":\"ann@acme.io\",\"password\":\"" + PASSWORD + "\"}";

    private static ApiWorld world;
    private static ApiClient stranger;
    private ApiClient owner;

    @BeforeAll
    static void start() {
        world = new ApiWorld();
        stranger = new ApiClient(world.product.port(), List.of()).with("Sec-Fetch-Site", "same-origin");
        var link = "{\"token\":\"" + linkAtTheMachine()
                + "\",\"name\":\"Ann\",\"email\":\"ann@acme.io\",\"password\":\"%s\"}";
        assertThat(stranger.post("/v1/welcome", link.formatted("password1234")).field())
                .isEqualTo("password");
        assertThat(stranger.post("/v1/welcome", link.formatted(PASSWORD)).status())
                .as("a refused password does not use the link up")
                .isEqualTo(201);
        assertThat(stranger.post("/v1/welcome", link.formatted(PASSWORD)).code())
                .isEqualTo("link_used_up");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @BeforeEach
    void signIn() {
        owner = signedIn(stranger.post("/v1/session", SIGN_IN));
    }

    @Test
    @DisplayName("X5: signing in sets a __Host- cookie; signing out ends the session on the server")
    void signsInAndOut() {
        var answer = stranger.post("/v1/session", SIGN_IN);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.header("Set-Cookie"))
                .matches("__Host-gatepost=[\\w-]{43}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200");
        assertThat(answer.body().toString()).doesNotContain(token(answer));
        var client = signedIn(answer);
        assertThat(client.get("/v1/me").body().path("role").asText()).isEqualTo("owner");
        var out = client.delete("/v1/session");
        assertThat(out.status()).isEqualTo(204);
        assertThat(out.header("Set-Cookie")).startsWith("__Host-gatepost=;").endsWith("Max-Age=0");
        assertThat(client.get("/v1/me").code()).isEqualTo("missing_key");
    }

    @Test
    @DisplayName("X5: a new id at each sign-in, and the one before ends")
    void changesTheIdAtSignIn() {
        var first = stranger.post("/v1/session", SIGN_IN);
        var second = signedIn(first).post("/v1/session", SIGN_IN);

        assertThat(token(second)).isNotEqualTo(token(first));
        assertThat(signedIn(first).get("/v1/me").code()).isEqualTo("missing_key");
        assertThat(signedIn(second).get("/v1/me").status()).isEqualTo(200);
    }

    @Test
    @DisplayName("X4: a wrong address and a wrong password are answered alike")
    void doesNotSayWhatWasWrong() {
        var address = stranger.post("/v1/session", "{\"email\":\"nobody@acme.io\",\"password\":\"wrong\"}");
        var password = stranger.post("/v1/session", "{\"email\":\"ann@acme.io\",\"password\":\"wrong\"}");

        assertThat(address.status()).isEqualTo(401);
        assertThat(address.body()).isEqualTo(password.body());
        assertThat(address.header("Set-Cookie")).isEmpty();
    }

    @Test
    @DisplayName("X4: after five failures the answer is 429 with Retry-After")
    void slowsDown() {
        for (int i = 0; i < 5; i++) {
            assertThat(stranger.post("/v1/session", "{\"email\":\"slow@acme.io\",\"password\":\"wrong\"}")
                            .code())
                    .isEqualTo("sign_in_failed");
        }

        var answer = stranger.post("/v1/session", "{\"email\":\"slow@acme.io\",\"password\":\"wrong\"}");
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("Retry-After")).matches("[12]");
    }

    @ParameterizedTest
    @DisplayName("X6: what changes something needs our own origin and the session's token")
    @CsvSource({
        "Sec-Fetch-Site, cross-site, other_site",
        "Sec-Fetch-Site, same-site, other_site",
        "Sec-Fetch-Site, none, other_site",
        "Origin, https://evil.example, other_site",
        "Origin, null, other_site",
        "X-Nothing, at all, other_site",
    })
    void refusesWhatComesFromElsewhere(String header, String value, String code) {
        var answer = stranger.post("/v1/session", SIGN_IN);
        var forged = new ApiClient(world.product.port(), List.of())
                .with("Cookie", SessionCookie.NAME + "=" + token(answer))
                .with(SessionCookie.CSRF_HEADER, SessionCookie.csrf(token(answer)))
                .with(header, value);

        assertThat(forged.put("/v1/workspaces/main", "{\"name\":\"Forged\"}").code())
                .isEqualTo(code);
        assertThat(forged.delete("/v1/session").code()).isEqualTo(code);
        assertThat(forged.get("/v1/session").status()).as("reading is free").isEqualTo(200);
        assertThat(new ApiClient(world.product.port(), List.of())
                        .with(header, value)
                        .post("/v1/session", SIGN_IN)
                        .code())
                .as("nor may another site sign anybody in")
                .isEqualTo(code);
    }

    @Test
    @DisplayName("X6: a missing or foreign CSRF token is refused; our own origin by name is taken")
    void refusesWithoutTheToken() {
        var answer = stranger.post("/v1/session", SIGN_IN);
        var cookie = SessionCookie.NAME + "=" + token(answer);
        var url = "http://127.0.0.1:" + world.product.port();
        var bare = new ApiClient(world.product.port(), List.of())
                .with("Cookie", cookie)
                .with("Origin", url);

        assertThat(bare.put("/v1/workspaces/main", "{\"name\":\"Main\"}").code())
                .isEqualTo("csrf_token_wrong");
        assertThat(bare.with(SessionCookie.CSRF_HEADER, SessionCookie.csrf("another"))
                        .put("/v1/workspaces/main", "{\"name\":\"Main\"}")
                        .code())
                .isEqualTo("csrf_token_wrong");
        assertThat(bare.with(SessionCookie.CSRF_HEADER, SessionCookie.csrf(token(answer)))
                        .put("/v1/workspaces/main", "{\"name\":\"Main\"}")
                        .status())
                .isEqualTo(200);
        assertThat(bare.send(
                                "PUT",
                                "/v1/workspaces/main",
                                "{\"name\":\"x\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                "text/plain")
                        .status())
                .as("a form could send that")
                .isIn(403, 415);
    }

    @Test
    void addsSomebodyWhoChoosesAPasswordByTheLink() {
        var added = owner.post("/v1/people", "{\"email\":\"Bob@Acme.io\",\"name\":\"Bob\",\"role\":\"admin\"}");
        var link = added.body().path("link").asText();

        assertThat(added.status()).isEqualTo(201);
        assertThat(added.body().path("invited").asBoolean()).isTrue();
        assertThat(link).startsWith(world.product.publicUrl() + "/welcome?token=");
        var used = stranger.post(
                "/v1/welcome",
                "{\"token\":\"" + link.substring(link.indexOf('=') + 1) + "\",\"password\":\"eight loud herons\"}");
        assertThat(used.body().path("signed_in").asBoolean()).isTrue();
        assertThat(signedIn(used).get("/v1/session").body().path("email").asText())
                .isEqualTo("bob@acme.io");
        assertThat(owner.get("/v1/people/" + id(added)).body().path("invited").asBoolean())
                .isFalse();
        assertThat(owner.post("/v1/people", "{\"email\":\"bob@acme.io\",\"name\":\"Bob\",\"role\":\"admin\"}")
                        .code())
                .isEqualTo("conflict");
        assertThat(owner.delete("/v1/people/" + id(added)).status()).isEqualTo(204);
        assertThat(signedIn(used).get("/v1/me").code()).as("at once").isEqualTo("missing_key");
    }

    @Test
    void keepsTheLastOwner() {
        var me = owner.get("/v1/session").body().path("person_id").asText();

        assertThat(owner.put("/v1/people/" + me, "{\"role\":\"viewer\"}").code())
                .isEqualTo("last_owner");
        assertThat(owner.delete("/v1/people/" + me).code()).isEqualTo("last_owner");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    @DisplayName("X8: a real session gets the role of this moment")
    void actsInTheRoleOfTheMoment(Role role) {
        var email = role.word() + "@acme.io";
        var added = owner.post("/v1/people", "{\"email\":\"" + email + "\",\"name\":\"X\",\"role\":\"owner\"}");
        var link = added.body().path("link").asText();
        var client = signedIn(stranger.post(
                "/v1/welcome",
                "{\"token\":\"" + link.substring(link.indexOf('=') + 1) + "\",\"password\":\"eight loud herons\"}"));

        owner.put("/v1/people/" + id(added), "{\"role\":\"" + role.word() + "\"}");

        assertThat(client.get("/v1/me").body().path("role").asText()).isEqualTo(role.word());
        assertThat(client.post("/v1/workspaces", "{\"name\":\"Mine\"}").status())
                .isEqualTo(role == Role.OWNER ? 201 : 403);
        assertThat(client.get("/v1/audit").status()).isEqualTo(role == Role.VIEWER ? 403 : 200);
        assertThat(client.get("/v1/people").status()).isEqualTo(200);
        owner.delete("/v1/people/" + id(added));
    }

    @Test
    @DisplayName("X8: another workspace's people and the workspace itself answer like nothing")
    void seesNothingOfAnotherWorkspace() {
        var other = owner.post("/v1/workspaces", "{\"name\":\"Shop\"}")
                .body()
                .path("id")
                .asText();
        var added = owner.post("/v1/people", "{\"email\":\"cat@acme.io\",\"name\":\"Cat\",\"role\":\"viewer\"}");
        assertThat(owner.put("/v1/session", "{\"workspace\":\"" + other + "\"}")
                        .body()
                        .path("workspace")
                        .asText())
                .isEqualTo(other);

        var path = "/v1/people/" + id(added);
        var nothing = "/v1/people/00000000000000000000000000";
        assertThat(owner.get(path).body()).isEqualTo(owner.get(nothing).body());
        assertThat(owner.put(path, "{\"role\":\"owner\"}").body())
                .isEqualTo(owner.put(nothing, "{\"role\":\"owner\"}").body());
        assertThat(owner.delete(path).body()).isEqualTo(owner.delete(nothing).body());
        assertThat(owner.post(path + "/link", "{}").body())
                .isEqualTo(owner.post(nothing + "/link", "{}").body());
        assertThat(owner.get("/v1/audit").body().path("data").findValuesAsText("action"))
                .containsExactly("workspace_created");
        assertThat(owner.get("/v1/workspaces/" + ApiWorld.OTHER).code())
                .as("not hers")
                .isEqualTo("not_found");
        assertThat(owner.put("/v1/session", "{\"workspace\":\"other\"}").field())
                .isEqualTo("workspace");
        owner.put("/v1/session", "{\"workspace\":\"main\"}");
        owner.delete(path);
    }

    @Test
    void listsAndEndsOnesOwnSessions() {
        var second = signedIn(stranger.with("User-Agent", "another browser").post("/v1/session", SIGN_IN));
        var sessions = owner.get("/v1/sessions").body().path("data");

        assertThat(sessions.findValuesAsText("agent")).contains("another browser");
        for (var session : sessions) {
            if (!session.path("current").asBoolean()) {
                assertThat(owner.delete("/v1/sessions/" + session.path("id").asText())
                                .status())
                        .isEqualTo(204);
            }
        }
        assertThat(second.get("/v1/me").code()).isEqualTo("missing_key");
        assertThat(owner.get("/v1/me").status()).isEqualTo(200);
        assertThat(owner.delete("/v1/sessions/none").code()).isEqualTo("not_found");
    }

    @Test
    @DisplayName("X5: changing the password ends all sessions; the answer brings a new one")
    void changesThePassword() {
        assertThat(owner.put("/v1/password", "{\"current\":\"wrong\",\"password\":\"eight loud herons\"}")
                        .code())
                .isEqualTo("wrong_password");
        assertThat(owner.put("/v1/password", "{\"current\":\"" + PASSWORD + "\",\"password\":\"short\"}")
                        .field())
                .isEqualTo("password");
        var changed =
                owner.put("/v1/password", "{\"current\":\"" + PASSWORD + "\",\"password\":\"eight loud herons\"}");

        assertThat(changed.status()).isEqualTo(204);
        assertThat(owner.get("/v1/me").code()).isEqualTo("missing_key");
        var back = signedIn(changed)
                .put("/v1/password", "{\"current\":\"eight loud herons\",\"password\":\"" + PASSWORD + "\"}");
        assertThat(back.status()).isEqualTo(204);
    }

    @Test
    @DisplayName("L2: the audit log tells what was done, page by page, without addresses")
    void tellsWhatWasDone() {
        stranger.post("/v1/session", "{\"email\":\"ann@acme.io\",\"password\":\"wrong\"}");
        var first = owner.get("/v1/audit?limit=2");
        var next = first.body().path("next").asText();
        var second = owner.get("/v1/audit?limit=100&after=" + next);

        assertThat(first.body().path("data").get(0).path("action").asText()).isEqualTo("sign_in_failed");
        assertThat(first.body().path("data")).hasSize(2);
        assertThat(second.body().path("data").get(0).path("id").asText()).isLessThan(next);
        assertThat(owner.get("/v1/audit?action=signed_in").body().path("data").findValuesAsText("action"))
                .isNotEmpty()
                .containsOnly("signed_in");
        assertThat(owner.get("/v1/audit?action=nonsense").field()).isEqualTo("action");
        assertThat(first.body().toString() + second.body()).doesNotContain("@acme.io", PASSWORD);
    }

    private static String linkAtTheMachine() {
        var links = world.books().residents().links();
        return ((ForOwner.Made) links.makeAtTheMachine("", Codes.KEPT)).token();
    }

    private static String id(Answer answer) {
        return answer.body().path("id").asText();
    }

    private static String token(Answer answer) {
        var cookie = answer.header("Set-Cookie");
        return cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
    }

    private static ApiClient signedIn(Answer answer) {
        return stranger.with("Cookie", SessionCookie.NAME + "=" + token(answer))
                .with(SessionCookie.CSRF_HEADER, SessionCookie.csrf(token(answer)));
    }
}
