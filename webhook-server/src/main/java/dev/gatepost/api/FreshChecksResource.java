package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Route.Body;
import dev.gatepost.api.Route.Method;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.FreshChecks.Outcome;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.intake.RealTime;
import dev.gatepost.intake.Reuse;
import dev.gatepost.intake.Settled;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.StoredVerifications;
import dev.gatepost.intake.VerificationJson.Detail;
import dev.gatepost.intake.Verifications;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import okio.ByteString;
import org.jdbi.v3.core.Handle;

/**
 * {@code POST /v1/verifications/{id}/recheck}: verifies an address once more though the answer is still good. It costs what a
 * first verification costs; a contact's CRM is told.
 */
public final class FreshChecksResource implements Resource {
    private static final int ACCEPTED = 202;
    private static final int RETRY_AFTER_SECONDS = 1;

    /** Nobody waits here for the answer. */
    private static final Duration PATIENCE = Duration.ofMillis(1);

    private final Kept kept;
    private final RealTime realTime;
    private final Pipeline pipeline;
    private final StoredVerifications stored = new StoredVerifications();

    /** Where things are kept. */
    public record Kept(Database database, AuditLog audit, Once once) {
        public Kept {
            requireNonNull(database, "database");
            requireNonNull(audit, "audit");
            requireNonNull(once, "once");
        }
    }

    public FreshChecksResource(Kept kept, RealTime realTime, Pipeline pipeline) {
        this.kept = requireNonNull(kept, "kept");
        this.realTime = requireNonNull(realTime, "realTime");
        this.pipeline = requireNonNull(pipeline, "pipeline");
    }

    @Override
    public List<Route> routes() {
        var permit = new Permit.AnyOf(Set.of(Scope.VERIFY, Scope.ADMIN), Set.of(Role.OWNER, Role.ADMIN));
        return List.of(
                new Route(Method.POST, "/v1/verifications/{id}/recheck", permit, new Body.None(), this::recheck));
    }

    private Reply recheck(Call call) {
        var row = kept.database().read(handle -> found(handle, call));
        if (row.email().isEmpty()) {
            throw new Refused(Fault.CONFLICT.saying("The address was erased, so it cannot be asked about."));
        }
        if (row.finality() == Finality.OPEN) {
            return accepted(body(row.id(), row.connectionId()).toString());
        }
        return row.connectionId().isEmpty() ? alone(call, row) : ofContact(call, row);
    }

    private Verifications.Row found(Handle handle, Call call) {
        var side = VerificationsResource.side(call.caller());
        return stored.find(handle, call.workspaceId(), side, call.path("id"), Detail.PLAIN)
                .flatMap(_ -> pipeline.verifications().find(handle, call.path("id")))
                .orElseThrow(() -> new Refused(Problem.notFound()));
    }

    private Reply ofContact(Call call, Verifications.Row row) {
        var checks = pipeline.freshChecks();
        var reply = kept.once().run(call, handle -> switch (checks.begin(handle, row)) {
            case Outcome.UnderWay(var id) -> {
                kept.audit().add(handle, call.by(), AuditAction.CHECKED_AFRESH, row.id(), "as " + id);
                yield accepted(body(id, row.connectionId()).toString());
            }
            case Outcome.NoCredits _ -> throw new Refused(Fault.INSUFFICIENT_CREDITS.plain());
            case Outcome.NotActive _ ->
                throw new Refused(Fault.CONFLICT.saying(
                        "The contact's connection is paused or disconnected; resume or connect it first."));
        });
        checks.wake(row.connectionId());
        return reply;
    }

    private Reply alone(Call call, Verifications.Row row) {
        var first = ask(call, row, row.workflowId());
        // The workflow that judged it then may be gone.
        var outcome = first instanceof RealTime.Outcome.NoWorkflow ? ask(call, row, "") : first;
        return switch (outcome) {
            case RealTime.Outcome.Done(var settled, var text) -> {
                var id = settled.judged().verification().id();
                kept.database().write(handle -> {
                    kept.audit().add(handle, call.by(), AuditAction.CHECKED_AFRESH, row.id(), "as " + id);
                    return true;
                });
                yield accepted(text);
            }
            case RealTime.Outcome.Replayed(var _, var text) -> Once.replayed(ACCEPTED, ofThisRoute(text));
            case RealTime.Outcome.Running _ -> throw new Refused(Once.running());
            case RealTime.Outcome.Different _ -> throw new Refused(Fault.IDEMPOTENCY_MISMATCH.plain());
            case RealTime.Outcome.NoCredits _ -> throw new Refused(Fault.INSUFFICIENT_CREDITS.plain());
            case RealTime.Outcome.Busy _, RealTime.Outcome.NoWorkflow _ ->
                throw new Refused(Problem.unavailable(RETRY_AFTER_SECONDS));
        };
    }

    private RealTime.Outcome ask(Call call, Verifications.Row row, String workflowId) {
        var ask = new RealTime.Ask(
                call.workspaceId(),
                call.caller().actor(),
                VerifyResource.kind(call.caller()),
                row.email(),
                workflowId,
                PATIENCE,
                "",
                Once.asked(call),
                Reuse.REFUSED);
        return realTime.verify(ask, FreshChecksResource::text);
    }

    private static String text(Settled settled) {
        return body(settled.judged().verification().id(), "").toString();
    }

    /** After the end of a process, whoever took its work up has kept the whole verification as the answer. */
    private static String ofThisRoute(String kept) {
        var id = StrictJson.read(ByteString.encodeUtf8(kept)).path("id").asText();
        return id.isEmpty() ? kept : body(id, "").toString();
    }

    private static ObjectNode body(String verificationId, String connectionId) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("verification", verificationId)
                .put("connection", connectionId);
    }

    private static Reply accepted(String text) {
        return Reply.json(ACCEPTED, text);
    }
}
