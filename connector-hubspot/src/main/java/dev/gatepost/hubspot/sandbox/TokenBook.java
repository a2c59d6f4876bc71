package dev.gatepost.hubspot.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** OAuth of the sandbox: the admin always agrees; codes are good once, access tokens end. Safe for any thread. */
final class TokenBook {
    /** Life of an access token. HubSpot documentation, "Working with OAuth". */
    static final Duration LIFE = Duration.ofMinutes(30);

    private static final Duration CODE_LIFE = Duration.ofMinutes(1);
    private static final List<String> SCOPES = List.of(
            "oauth",
            "crm.objects.contacts.read",
            "crm.objects.contacts.write",
            "crm.schemas.contacts.read",
            "crm.schemas.contacts.write",
            "automation",
            "crm.lists.read");

    private final SandboxApp app;
    private final InstantSource clock;
    private final Map<String, Code> codes = new HashMap<>();
    private final Map<String, Instant> accessUntil = new HashMap<>();
    private String refreshToken = "";
    private Duration life = LIFE;
    private int refreshes;

    private record Code(String redirectUri, String challenge, Instant until) {}

    TokenBook(SandboxApp app, InstantSource clock) {
        this.app = app;
        this.clock = clock;
    }

    /** What the admin's yes brings: a code. */
    synchronized String agree(String redirectUri, String challenge) {
        var code = UUID.randomUUID().toString();
        codes.put(code, new Code(redirectUri, challenge, clock.instant().plus(CODE_LIFE)));
        return code;
    }

    /** Whether calls with this token are let in. */
    synchronized Access access(String token) {
        if (token.equals(app.token())) {
            return Access.GOOD;
        }
        var until = accessUntil.get(token);
        if (until == null) {
            return Access.UNKNOWN;
        }
        return clock.instant().isBefore(until) ? Access.GOOD : Access.EXPIRED;
    }

    /** How good a token is. */
    enum Access {
        GOOD,
        EXPIRED,
        UNKNOWN
    }

    /** All access tokens end now; the refresh token stays good. */
    synchronized void expireAccess() {
        accessUntil.replaceAll((_, _) -> Instant.EPOCH);
    }

    /** The app leaves the portal: nothing it holds is good any more. */
    synchronized void uninstall() {
        accessUntil.clear();
        refreshToken = "";
    }

    synchronized boolean isInstalled() {
        return !refreshToken.isEmpty();
    }

    /** From now on, access tokens live so long. */
    synchronized void life(Duration other) {
        life = other;
    }

    synchronized int refreshes() {
        return refreshes;
    }

    /** The call that turns codes and refresh tokens into access tokens. */
    synchronized SandboxReply token(Map<String, String> form) {
        if (!form.getOrDefault("client_id", "").equals(app.clientId())
                || !form.getOrDefault("client_secret", "").equals(app.clientSecret())) {
            return refused("invalid_client", "BAD_CLIENT_ID", "client id or client secret is wrong");
        }
        return switch (form.getOrDefault("grant_type", "")) {
            case "authorization_code" -> exchange(form);
            case "refresh_token" -> {
                if (refreshToken.isEmpty()
                        || !form.getOrDefault("refresh_token", "").equals(refreshToken)) {
                    yield refused("invalid_grant", "BAD_REFRESH_TOKEN", "refresh token is invalid, expired or revoked");
                }
                refreshes++;
                yield granted();
            }
            default -> refused("unsupported_grant_type", "BAD_GRANT_TYPE", "no such grant type");
        };
    }

    private SandboxReply exchange(Map<String, String> form) {
        var code = codes.remove(form.getOrDefault("code", ""));
        if (code == null || clock.instant().isAfter(code.until())) {
            return refused("invalid_grant", "BAD_AUTH_CODE", "missing or unknown auth code");
        }
        if (!code.redirectUri().equals(form.getOrDefault("redirect_uri", ""))) {
            return refused("invalid_grant", "MISMATCH_REDIRECT_URI_AUTH_CODE", "the redirect uri is another one");
        }
        if (!code.challenge().isEmpty()
                && !code.challenge().equals(challenge(form.getOrDefault("code_verifier", "")))) {
            return refused("invalid_grant", "BAD_CODE_VERIFIER", "the code verifier does not fit");
        }
        refreshToken = "refresh-" + UUID.randomUUID();
        return granted();
    }

    private SandboxReply granted() {
        var token = "access-" + UUID.randomUUID();
        accessUntil.put(token, clock.instant().plus(life));
        var json = about().put("token_type", "bearer")
                .put("access_token", token)
                .put("refresh_token", refreshToken)
                .put("expires_in", life.toSeconds())
                .put("token_use", "access_token");
        return SandboxReply.json(200, json);
    }

    /** What HubSpot tells about a token. */
    synchronized SandboxReply introspect(String token) {
        boolean isRefresh = !refreshToken.isEmpty() && token.equals(refreshToken);
        boolean isActive = isRefresh || access(token) == Access.GOOD;
        return SandboxReply.json(
                200,
                about().put("active", isActive)
                        .put("token_use", isRefresh ? "refresh_token" : "access_token")
                        .put("token", token)
                        .put("client_id", app.clientId())
                        .put("app_id", app.appId()));
    }

    private ObjectNode about() {
        var json = SandboxJson.object().put("hub_id", app.portalId()).put("user_id", 222222);
        var scopes = json.putArray("scopes");
        SCOPES.forEach(scopes::add);
        return json;
    }

    private static SandboxReply refused(String error, String status, String message) {
        return SandboxReply.json(
                400,
                SandboxJson.object()
                        .put("error", error)
                        .put("error_description", message)
                        .put("status", status)
                        .put("message", message));
    }

    private static String challenge(String verifier) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
