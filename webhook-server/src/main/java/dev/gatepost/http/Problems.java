package dev.gatepost.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;

/** Renders problems ({@code application/problem+json}, RFC 9457). */
public final class Problems {

    private static final JsonMapper JSON = new JsonMapper();

    private Problems() {}

    /** Makes {@code problem} the answer. */
    public static void answer(Context context, Problem problem) {
        problem.headers().forEach(context::header);
        context.status(problem.status());
        context.contentType("application/problem+json");
        context.result(body(problem));
    }

    static byte[] body(Problem problem) {
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "about:blank");
        members.put("title", title(problem.status()));
        members.put("status", problem.status());
        members.put("code", problem.code());
        members.put("detail", problem.detail());
        return JSON.valueToTree(members).toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 408 -> "Request Timeout";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 421 -> "Misdirected Request";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 500 -> "Internal Server Error";
            case 503 -> "Service Unavailable";
            default -> "HTTP " + status;
        };
    }
}
