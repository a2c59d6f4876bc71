package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.egress.UrlRules;
import dev.gatepost.hook.Consumer;
import dev.gatepost.hook.Hooks;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.RealTime;
import dev.gatepost.intake.RealTime.Ask;
import dev.gatepost.intake.RealTime.Outcome;
import dev.gatepost.intake.Reuse;
import dev.gatepost.intake.VerificationJson;
import dev.gatepost.intake.VerificationJson.Detail;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/verify}: one address, now. */
public final class VerifyResource implements Resource {

    /** Longest text taken for an address; one that is longer than an address may be is still told apart. */
    private static final int EMAIL_CHARS_MAX = 1_000;

    private static final int WORKFLOW_CHARS_MAX = 64;
    private static final int URL_CHARS_MAX = 2_048;
    private static final int OK = 200;

    /** The final answer follows at {@code callback_url}. */
    private static final int ACCEPTED = 202;

    /** Least and most that {@code timeout_ms} may be; the most is above what a verification ever takes. */
    private static final int PATIENCE_MILLIS_MIN = 1;

    private static final int PATIENCE_MILLIS_MAX = 60_000;
    private static final int PATIENCE_MILLIS_USUAL = 20_000;
    private static final int RETRY_AFTER_SECONDS = 1;

    private final RealTime realTime;
    private final Hooks hooks;

    public VerifyResource(RealTime realTime, Hooks hooks) {
        this.realTime = requireNonNull(realTime, "realTime");
        this.hooks = requireNonNull(hooks, "hooks");
    }

    private record Wanted(
            String email, String workflow, Duration patience, Detail detail, String callbackUrl, Reuse reuse) {}

    @Override
    public List<Route> routes() {
        var permit = new Permit.AnyOf(Set.of(Scope.VERIFY), Set.of(Role.OWNER, Role.ADMIN));
        return List.of(Route.post("/v1/verify", permit, this::post), Route.get("/v1/verify", permit, this::get));
    }

    private Reply post(Call call) {
        return verify(call, call.body(this::wanted), Once.asked(call));
    }

    /** Who is called back does not wait here, unless they say so. */
    private Wanted wanted(Fields fields) {
        var callbackUrl = fields.optionalText("callback_url", URL_CHARS_MAX)
                .map(this::checked)
                .orElse("");
        var usual = callbackUrl.isEmpty() ? PATIENCE_MILLIS_USUAL : PATIENCE_MILLIS_MIN;
        return new Wanted(
                fields.text("email", EMAIL_CHARS_MAX),
                fields.optionalText("workflow", WORKFLOW_CHARS_MAX).orElse(""),
                Duration.ofMillis(fields.number("timeout_ms", PATIENCE_MILLIS_MIN, PATIENCE_MILLIS_MAX, usual)),
                fields.flag("evidence", false) ? Detail.EVIDENCE : Detail.PLAIN,
                callbackUrl,
                fields.flag("fresh", false) ? Reuse.REFUSED : Reuse.ALLOWED);
    }

    private String checked(String url) {
        return switch (hooks.check(Consumer.ZAPIER, url)) {
            case UrlRules.Acceptable(var acceptable) -> acceptable.toString();
            case UrlRules.Objectionable(var _, var sentence) ->
                throw new Refused(Fault.INVALID_FIELD.of("callback_url", sentence));
        };
    }

    private Reply get(Call call) {
        var wanted = call.query(query -> new Wanted(
                query.text("email"),
                query.optionalText("workflow").orElse(""),
                Duration.ofMillis(
                        query.number("timeout_ms", PATIENCE_MILLIS_MIN, PATIENCE_MILLIS_MAX, PATIENCE_MILLIS_USUAL)),
                isTrue(query, "evidence") ? Detail.EVIDENCE : Detail.PLAIN,
                "",
                isTrue(query, "fresh") ? Reuse.REFUSED : Reuse.ALLOWED));
        return verify(call, wanted, Optional.empty());
    }

    private static boolean isTrue(Parameters query, String name) {
        return query.word(name, List.of("true", "false")).filter("true"::equals).isPresent();
    }

    private Reply verify(Call call, Wanted wanted, Optional<Asked> once) {
        var ask = new Ask(
                call.workspaceId(),
                call.caller().actor(),
                kind(call.caller()),
                wanted.email(),
                wanted.workflow(),
                wanted.patience(),
                wanted.callbackUrl(),
                once,
                wanted.reuse());
        return switch (realTime.verify(ask, settled -> VerificationJson.write(settled, wanted.detail()))) {
            case Outcome.Done(var _, var body) ->
                Reply.json(wanted.callbackUrl().isEmpty() ? OK : ACCEPTED, body);
            case Outcome.Replayed(var status, var body) -> Once.replayed(status, body);
            case Outcome.Running _ -> throw new Refused(Once.running());
            case Outcome.Different _ -> throw new Refused(Fault.IDEMPOTENCY_MISMATCH.plain());
            case Outcome.NoCredits _ -> throw new Refused(Fault.INSUFFICIENT_CREDITS.plain());
            case Outcome.NoWorkflow _ ->
                throw new Refused(Fault.INVALID_FIELD.of("workflow", "The workspace has no such workflow."));
            case Outcome.Busy _ -> throw new Refused(Problem.unavailable(RETRY_AFTER_SECONDS));
        };
    }

    static KeyKind kind(Caller caller) {
        return switch (caller) {
            case Caller.ByKey(var _, var _, var _, var kind) -> kind;
            case Caller.ByPerson _ -> KeyKind.LIVE;
        };
    }
}
