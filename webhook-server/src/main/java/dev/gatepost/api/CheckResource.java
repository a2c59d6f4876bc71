package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.RealTime;
import dev.gatepost.intake.RealTime.Ask;
import dev.gatepost.intake.RealTime.Outcome;
import dev.gatepost.intake.Settled;
import dev.gatepost.intake.TestAddresses;
import dev.gatepost.workspace.KeyKind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * {@code POST /v1/check}: one address, asked about by a web page with a publishable key. It costs what
 * {@code /v1/verify} costs, and tells no more than whoever fills in a form should know.
 */
public final class CheckResource implements Resource {

    /** Enough for every address and some garbage. */
    private static final int EMAIL_CHARS_MAX = 1_000;

    private static final int WORKFLOW_CHARS_MAX = 64;

    /** People wait at a form: no more than 20 seconds, usually 3. */
    private static final int PATIENCE_MILLIS_MAX = 20_000;

    private static final int PATIENCE_MILLIS_USUAL = 3_000;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final RealTime realTime;

    public CheckResource(RealTime realTime) {
        this.realTime = requireNonNull(realTime, "realTime");
    }

    private record Wanted(String email, String workflow, Duration patience) {}

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/v1/check", new Permit.Page(), this::check));
    }

    private Reply check(Call call) {
        var wanted = call.body(fields -> new Wanted(
                fields.text("email", EMAIL_CHARS_MAX),
                fields.optionalText("workflow", WORKFLOW_CHARS_MAX).orElse(""),
                Duration.ofMillis(fields.number("timeout_ms", 1, PATIENCE_MILLIS_MAX, PATIENCE_MILLIS_USUAL))));
        // Not once by an Idempotency-Key, which keeps whole answers; a repeat finds the first one's verdict and costs
        // nothing.
        var ask = new Ask(
                call.workspaceId(),
                call.caller().actor(),
                kind(call, wanted.email()),
                wanted.email(),
                wanted.workflow(),
                wanted.patience(),
                Optional.empty());
        return switch (realTime.verify(ask, CheckResource::body)) {
            case Outcome.Done(var _, var body) -> Reply.ok(body);
            case Outcome.NoCredits _ -> throw new Refused(Fault.INSUFFICIENT_CREDITS.plain());
            case Outcome.NoWorkflow _ ->
                throw new Refused(Fault.INVALID_FIELD.of("workflow", "The workspace has no such workflow."));
            case Outcome.Busy _ -> throw new Refused(Problem.unavailable(RETRY_AFTER_SECONDS));
            case Outcome.Replayed _, Outcome.Running _, Outcome.Different _ ->
                throw new IllegalStateException("a check has no Idempotency-Key");
        };
    }

    /**
     * Test addresses are answered to pages of the developer's own machine alone (plain http is bound to nothing else):
     * at a real form they would be a way to be accepted.
     */
    private static KeyKind kind(Call call, String email) {
        var origin = call.context().header("Origin");
        var isTest = origin != null
                && origin.startsWith("http://")
                && email.toLowerCase(Locale.ROOT).endsWith("@" + TestAddresses.DOMAIN);
        return isTest ? KeyKind.TEST : KeyKind.PUB;
    }

    private static String body(Settled settled) {
        var judged = settled.judged();
        return JsonNodeFactory.instance
                .objectNode()
                .put("decision", judged.decision().word())
                .put("suggestion", judged.verification().suggestion())
                .put("message", judged.decision().message())
                .toString();
    }
}
