package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Answer;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.PluginRoute;
import dev.gatepost.console.Access;
import dev.gatepost.console.Visitors;
import dev.gatepost.http.ConnectRoutes;
import dev.gatepost.http.HttpServer;
import dev.gatepost.http.SessionCookie;
import dev.gatepost.hubspot.HubSpotPlugin;
import dev.gatepost.workspace.OneTimeLinks.Codes;
import dev.gatepost.workspace.OneTimeLinks.ForOwner;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Workspaces;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may visit the paths on which accounts are connected: every one of every plug-in, by every role. */
class ConnectRolesTest {

    private static final String PASSWORD = "seven quiet otters";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final List<ConnectRoutes.Guest> guests = new ArrayList<>();
    private final Map<Role, String> cookies = new EnumMap<>(Role.class);
    private ApiWorld world;
    private ApiClient stranger;
    private HttpServer http;
    private int port;

    @BeforeEach
    void start() {
        world = new ApiWorld();
        stranger = new ApiClient(world.product.port(), List.of()).with("Sec-Fetch-Site", "same-origin");
        var residents = world.books().residents();
        var link = ((ForOwner.Made) residents.links().makeAtTheMachine("", Codes.KEPT)).token();
        welcome(link, ",\"name\":\"Ann\",\"email\":\"owner@acme.io\"");
        var owner = signedIn(Role.OWNER);
        for (var role : List.of(Role.ADMIN, Role.VIEWER)) {
            var invited = owner.post(
                            "/v1/people",
                            "{\"name\":\"X\",\"email\":\"" + role.word() + "@acme.io\",\"role\":\"" + role.word()
                                    + "\"}")
                    .body()
                    .path("link")
                    .asText();
            welcome(invited.substring(invited.indexOf("token=") + "token=".length()), "");
            signedIn(role);
        }
        var access = new Access.BySession(residents.sessions(), residents.links(), residents.people());
        var mounted = connectRoutes().stream()
                .map(each -> new ConnectRoutes.Mounted(each.plugin(), each.route(), (delivery, guest) -> {
                    guests.add(guest);
                    return Answer.of(204);
                }))
                .toList();
        http = new HttpServer(
                new HttpServer.Bind("127.0.0.1", 0, false),
                List.of(new ConnectRoutes(
                        mounted, new Visitors(access)::of, () -> "http://127.0.0.1", InstantSource.system())));
        port = http.start();
    }

    @AfterEach
    void stop() {
        http.close();
        world.close();
    }

    private record Declared(String plugin, PluginRoute route) {}

    private static List<Declared> connectRoutes() {
        return ServiceLoader.load(ConnectorPlugin.class).stream()
                .map(ServiceLoader.Provider::get)
                .flatMap(plugin -> plugin.routes().stream().map(route -> new Declared(plugin.id(), route)))
                .filter(each -> each.route().space() == PluginRoute.Space.CONNECT)
                .toList();
    }

    private void welcome(String token, String about) {
        assertThat(stranger.post(
                                "/v1/welcome",
                                "{\"token\":\"" + token + "\",\"password\":\"" + PASSWORD + "\"" + about + "}")
                        .status())
                .isEqualTo(201);
    }

    private ApiClient signedIn(Role role) {
        var answer = stranger.post(
                "/v1/session", "{\"email\":\"" + role.word() + "@acme.io\",\"password\":\"" + PASSWORD + "\"}");
        var token = answer.header("Set-Cookie").replaceAll("^[^=]+=([^;]+);.*", "$1");
        cookies.put(role, token);
        return stranger.with("Cookie", SessionCookie.NAME + "=" + token)
                .with(SessionCookie.CSRF_HEADER, SessionCookie.csrf(token));
    }

    private String cookie(Role role) {
        return cookies.getOrDefault(role, "");
    }

    private HttpResponse<String> call(Declared each, String cookie) throws Exception {
        var path = "/connect/" + each.plugin() + "/" + each.route().path().replaceAll("\\{[^}]*}", "x");
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .method(each.route().method().name(), BodyPublishers.noBody());
        if (!cookie.isEmpty()) {
            request.header("Cookie", SessionCookie.NAME + "=" + cookie);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    @DisplayName("X8: owners and administrators may connect accounts, viewers may not, strangers are sent to sign in")
    void admitsOwnersAndAdministratorsAlone() throws Exception {
        assertThat(connectRoutes()).isNotEmpty().anyMatch(each -> each.plugin().equals(new HubSpotPlugin().id()));
        for (var each : connectRoutes()) {
            assertThat(call(each, "").statusCode()).as("%s", each).isEqualTo(302);
            assertThat(call(each, "nonsense").statusCode()).as("%s", each).isEqualTo(302);
            var viewer = call(each, cookie(Role.VIEWER));
            assertThat(viewer.statusCode()).as("%s", each).isEqualTo(403);
            assertThat(viewer.body()).contains("missing_role");
            assertThat(guests).isEmpty();

            for (var role : List.of(Role.OWNER, Role.ADMIN)) {
                assertThat(call(each, cookie(role)).statusCode()).as("%s", each).isEqualTo(204);
                var guest = guests.removeLast();
                assertThat(guest.by().workspaceId()).isEqualTo(Workspaces.MAIN);
                assertThat(guest.by().actor()).isNotEmpty();
                assertThat(guest.by().origin()).isEqualTo("127.0.0.1");
                assertThat(guest.session()).isEqualTo(SessionCookie.csrf(cookie(role)));
            }
        }
    }
}
