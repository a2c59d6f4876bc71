package dev.gatepost.http;

import dev.gatepost.workspace.Sessions;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;

/** The cookie that carries a session, and the token against forged requests that belongs to it (reliability: X5, X6). */
public final class SessionCookie {

    /** Kept by browsers only with Secure, Path=/ and no Domain: nobody else on the host can set it. */
    public static final String NAME = "__Host-gatepost";

    /** The header that state-changing requests of a session carry. */
    public static final String CSRF_HEADER = "X-CSRF-Token";

    private static final String ATTRIBUTES = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=";

    private SessionCookie() {}

    /** What the request brings along. */
    public static Optional<String> of(Context context) {
        return Optional.ofNullable(context.cookie(NAME)).filter(token -> !token.isEmpty());
    }

    /** Lets the browser keep a session. */
    public static void set(Context context, String token) {
        context.header("Set-Cookie", NAME + "=" + token + ATTRIBUTES + Sessions.AGE_MAX.toSeconds());
    }

    /** Lets the browser forget it. */
    public static void clear(Context context) {
        context.header("Set-Cookie", NAME + "=" + ATTRIBUTES + "0");
    }

    /** Known only to who can read our pages or answers; says nothing of the session's own token. */
    public static String csrf(String token) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update("csrf\0".getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }

    /** Whether the request carries the token of its session. */
    public static boolean isProven(Context context, String token) {
        var given = context.header(CSRF_HEADER);
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), csrf(token).getBytes(StandardCharsets.UTF_8));
    }
}
