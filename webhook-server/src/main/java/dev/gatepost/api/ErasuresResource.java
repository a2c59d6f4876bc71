package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.intake.Erasure;
import dev.gatepost.workspace.Scope;
import java.util.List;

/** {@code POST /v1/erasures}: removes an address from the workspace, for good (reliability L4). */
public final class ErasuresResource implements Resource {

    /** Octets of the longest address (RFC 5321), and room for what is no address. */
    private static final int EMAIL_CHARS_MAX = 512;

    private final Erasure erasure;

    public ErasuresResource(Erasure erasure) {
        this.erasure = requireNonNull(erasure, "erasure");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/erasures", Permit.change(Scope.ADMIN), this::erase));
    }

    /** Harmless when repeated, so that nothing of the request need be kept for an {@code Idempotency-Key}. */
    private Reply erase(Call call) {
        var email = call.body(fields -> {
            var text = fields.text("email", EMAIL_CHARS_MAX).strip();
            if (text.isEmpty()) {
                throw fields.wrong("email", "must be an address");
            }
            return text;
        });
        return Reply.ok(JsonNodeFactory.instance.objectNode().put("verifications", erasure.address(email, call.by())));
    }
}
