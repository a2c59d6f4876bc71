package dev.gatepost.http;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;

/** Renders problems ({@code application/problem+json}, RFC 9457). */
public final class Problems {

    /** The content type of every problem. */
    public static final String CONTENT_TYPE = "application/problem+json";

    private static final JsonMapper JSON = new JsonMapper();

    private Problems() {}

    /** Makes {@code problem} the answer. */
    public static void answer(Context context, Problem problem) {
        problem.headers().forEach(context::header);
        context.status(problem.status());
        context.contentType(CONTENT_TYPE);
        context.result(body(problem));
    }

    /** The body; {@code type} leads to the entry in our own documentation. */
    public static byte[] body(Problem problem) {
        var fault = problem.fault();
        var members = new LinkedHashMap<String, Object>();
        members.put("type", "/docs#" + fault.code());
        members.put("title", fault.title());
        members.put("status", fault.status());
        members.put("code", fault.code());
        members.put("detail", problem.detail());
        if (!problem.field().isEmpty()) {
            members.put("field", problem.field());
        }
        members.put("mend", problem.mend());
        return JSON.valueToTree(members).toString().getBytes(StandardCharsets.UTF_8);
    }
}
