package dev.gatepost.hubspot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.CrmJson;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okio.Buffer;

/**
 * One app's OAuth: where an admin agrees, and how a code or a refresh token becomes an access token. Safe for any thread.
 *
 * <p>HubSpot developer documentation, "Manage OAuth access tokens" and "Working with OAuth".
 *
 * @param base without the paths of {@link HubSpotPaths}
 */
record HubSpotOAuth(HttpUrl base, HubSpotPaths paths, ConnectorTools tools, String clientId, String clientSecret) {
    /** What the app asks for: exactly the required scopes of the project folder, in its order. */
    static final List<String> SCOPES = List.of(
            "oauth",
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.schemas.contacts.read",
            "crm.schemas.contacts.write",
            "automation");
    /** What the app can do without: verifying the members of a list. */
    static final List<String> OPTIONAL_SCOPES = List.of("crm.lists.read");

    /** Longest token kept; HubSpot warns that they grow ("Working with OAuth": at least 512 characters). */
    static final int TOKEN_CHARS_MAX = 8_192;
    /** Life of an access token where the answer names none. */
    private static final Duration LIFE = Duration.ofMinutes(30);

    private static final int ANSWER_BYTES_MAX = 64 * 1024;
    private static final String PRODUCTION = "api.hubapi.com";
    private static final String CONSENT = "https://app.hubspot.com/oauth/authorize";

    /** What asking for a token brought. */
    sealed interface Grant {
        /**
         * A token.
         *
         * @param refreshToken the one to use from now on, empty when the answer has none
         * @param portal empty when the answer does not tell
         * @param scopes what it allows; empty when the answer does not tell
         */
        record Granted(String accessToken, String refreshToken, Duration life, String portal, Set<String> scopes)
                implements Grant {
            public Granted {
                requireNonNull(accessToken, "accessToken");
                requireNonNull(refreshToken, "refreshToken");
                requireNonNull(life, "life");
                requireNonNull(portal, "portal");
                scopes = Set.copyOf(scopes);
            }

            /** Without the tokens. */
            @Override
            public String toString() {
                return "Granted[" + portal + ", " + life + "]";
            }
        }

        /**
         * HubSpot will not give one for this code or refresh token, however often it is asked.
         *
         * @param code HubSpot's word for it, or empty
         */
        record Refused(String code, String why) implements Grant {
            public Refused {
                requireNonNull(code, "code");
                requireNonNull(why, "why");
            }

            /** Whether the refresh token itself is what is no good, and not for example the client secret. */
            boolean endsRefreshToken() {
                return code.equals("BAD_REFRESH_TOKEN") || code.equals("invalid_grant");
            }
        }

        /** HubSpot could not answer now. */
        record Later(Duration after, String why) implements Grant {
            public Later {
                requireNonNull(after, "after");
                requireNonNull(why, "why");
            }
        }
    }

    /** Where the admin's browser goes to agree. */
    static String consentUrl(HttpUrl base, String clientId, String redirectUri, String state, String verifier) {
        var page = base.host().equals(PRODUCTION)
                ? CONSENT
                : base.newBuilder().encodedPath("/oauth/authorize").build().toString();
        return page + "?client_id=" + escaped(clientId)
                + "&redirect_uri=" + escaped(redirectUri)
                + "&scope=" + spaced(SCOPES)
                + "&optional_scope=" + spaced(OPTIONAL_SCOPES)
                + "&state=" + escaped(state)
                + "&code_challenge=" + challenge(verifier)
                + "&code_challenge_method=S256";
    }

    /** RFC 7636, section 4.2. */
    static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Turns the code that came by redirect into tokens; a code is good once. */
    Grant exchange(String code, String redirectUri, String verifier) {
        return ask(new FormBody.Builder(UTF_8)
                .add("grant_type", "authorization_code")
                .add("client_id", clientId)
                .add("client_secret", clientSecret)
                .add("redirect_uri", redirectUri)
                .add("code", code)
                .add("code_verifier", verifier)
                .build());
    }

    /** Turns a refresh token into a new access token. */
    Grant refresh(String refreshToken) {
        return ask(new FormBody.Builder(UTF_8)
                .add("grant_type", "refresh_token")
                .add("client_id", clientId)
                .add("client_secret", clientSecret)
                .add("refresh_token", refreshToken)
                .build());
    }

    private Grant ask(FormBody form) {
        var request = new Request.Builder()
                .url(base.newBuilder()
                        .addEncodedPathSegments(paths.token().substring(1))
                        .build())
                .header("Accept", "application/json")
                .header("User-Agent", "Gatepost")
                .post(form)
                .build();
        try (var response = tools.http().newCall(request).execute()) {
            var body = new Buffer();
            var source = response.body().source();
            while (body.size() <= ANSWER_BYTES_MAX && source.read(body, ANSWER_BYTES_MAX + 1L - body.size()) >= 0) {}
            var json = CrmJson.read(body.readByteArray()).filter(JsonNode::isObject);
            return response.isSuccessful()
                    ? json.map(HubSpotOAuth::granted).orElseGet(HubSpotOAuth::unreadable)
                    : refused(
                            response.code(),
                            json,
                            HubSpotAnswers.asked(
                                    response.headers(), tools.clock().instant()));
        } catch (IOException e) {
            return new Grant.Later(
                    e instanceof InterruptedIOException ? HubSpotApi.TIMEOUT_WAIT : Duration.ZERO,
                    HubSpotEgress.isRefusal(e)
                            ? "the egress rules forbid to reach " + base.host()
                            : "no token from " + base.host() + ": "
                                    + e.getClass().getSimpleName());
        }
    }

    private static Grant granted(JsonNode json) {
        var access = json.path("access_token").asText("");
        var refresh = json.path("refresh_token").asText("");
        if (!isToken(access) || refresh.length() > TOKEN_CHARS_MAX) {
            return unreadable();
        }
        long seconds = json.path("expires_in").asLong(LIFE.toSeconds());
        return new Grant.Granted(
                access,
                refresh,
                seconds > 0 && seconds < Duration.ofDays(365).toSeconds() ? Duration.ofSeconds(seconds) : LIFE,
                HubSpotEvents.id(json, "hub_id").orElse(""),
                json.path("scopes")
                        .valueStream()
                        .map(scope -> scope.asText(""))
                        .filter(scope -> !scope.isEmpty())
                        .collect(Collectors.toSet()));
    }

    /** Whether the text can stand in a header as a token. */
    static boolean isToken(String text) {
        return !text.isEmpty()
                && text.length() <= TOKEN_CHARS_MAX
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static Grant unreadable() {
        return new Grant.Later(Duration.ZERO, "a good answer, but no token in it");
    }

    private static Grant refused(int status, Optional<JsonNode> json, Optional<Duration> asked) {
        var said = json.map(answer ->
                        answer.path("status").asText(answer.path("error").asText("")))
                .map(HubSpotError::readable)
                .orElse("");
        var why = "HubSpot answered " + status + " to the request for a token" + (said.isEmpty() ? "" : ": " + said);
        boolean isForGood = json.isPresent() && status >= 400 && status < 500 && status != 408 && status != 429;
        return isForGood ? new Grant.Refused(said, why) : new Grant.Later(asked.orElse(Duration.ZERO), why);
    }

    private static String spaced(Collection<String> scopes) {
        return scopes.stream().map(HubSpotOAuth::escaped).collect(Collectors.joining("%20"));
    }

    private static String escaped(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "HubSpotOAuth[" + base + ", " + clientId + "]";
    }
}
