package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.batch.Batch;
import dev.gatepost.batch.BatchJson;
import dev.gatepost.batch.BatchState;
import dev.gatepost.batch.Batches;
import dev.gatepost.batch.Batches.Received;
import dev.gatepost.batch.Batches.Wanted;
import dev.gatepost.batch.ListFormat;
import dev.gatepost.batch.UnusableList;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.store.Database;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okio.ByteString;

/** {@code /v1/batches}: lists of addresses, verified in bulk. A test key sees what test keys handed in, any other the rest. */
public final class BatchesResource implements Resource {

    private static final int NAME_CHARS_MAX = 200;
    private static final int RETRY_AFTER_SECONDS = 5;

    /** What results come in, the usual one first. */
    private static final List<ListFormat> FORMS = List.of(ListFormat.CSV, ListFormat.NDJSON, ListFormat.XLSX);

    private final Batches batches;
    private final Database database;
    private final AuditLog audit;

    public BatchesResource(Batches batches, Database database, AuditLog audit) {
        this.batches = requireNonNull(batches, "batches");
        this.database = requireNonNull(database, "database");
        this.audit = requireNonNull(audit, "audit");
    }

    @Override
    public List<Route> routes() {
        var look = Permit.look(Scope.BULK, Scope.READ);
        var change = new Permit.AnyOf(Set.of(Scope.BULK), Set.of(Role.OWNER, Role.ADMIN));
        return List.of(
                new Route(Route.Method.POST, "/v1/batches", change, new Route.Body.Stream(), this::receive),
                Route.get("/v1/batches", look, this::list),
                Route.get("/v1/batches/{id}", look, this::show),
                Route.get("/v1/batches/{id}/results", look, this::results),
                Route.delete("/v1/batches/{id}", change, this::remove));
    }

    private static final String OTHER_TYPE =
            "Send Content-Type: the one of " + ListFormat.types() + " that the list is in; text in UTF-8.";

    private static final String WHOLE_JSON =
            "Send {\"emails\": [...]}, or an array of texts or objects, whole and in UTF-8.";

    private record Asking(String name, String workflow, String column) {}

    private Reply receive(Call call) {
        try {
            return receive(call, call.query(BatchesResource::asking));
        } catch (Refused e) {
            Api.drain(call.context()); // a sender that is still at it would never see the answer
            throw e;
        }
    }

    private static Asking asking(Parameters parameters) {
        var name = parameters.optionalText("name").orElse("");
        if (name.length() > NAME_CHARS_MAX) {
            throw parameters.wrong("name", "has more than " + NAME_CHARS_MAX + " characters");
        }
        return new Asking(
                name,
                parameters.optionalText("workflow").orElse(""),
                parameters.optionalText("column").orElse(""));
    }

    private Reply receive(Call call, Asking asking) {
        var type = Optional.ofNullable(call.context().req().getContentType()).orElse("");
        var format = format(call.context(), type);
        var wanted = new Wanted(
                call.by(), kind(call), asking.name(), format, asking.workflow(), asking.column(), charset(type));
        var asked = Once.asked(call);
        try {
            var body = new DigestInputStream(call.context().req().getInputStream(), sha256());
            var received = batches.receive(
                    wanted,
                    body,
                    () -> asked.map(each -> with(each, type, body.getMessageDigest())),
                    batch -> BatchJson.of(batch).toString());
            return reply(received);
        } catch (UnusableList e) {
            throw new Refused(problem(format, e));
        } catch (IOException _) {
            throw new Refused(Fault.UNFINISHED.plain());
        }
    }

    private static ListFormat format(Context context, String type) {
        var coding = Optional.ofNullable(context.req().getHeader("Content-Encoding"))
                .orElse("")
                .strip();
        if (!coding.isEmpty() && !coding.equalsIgnoreCase("identity")) {
            throw new Refused(Fault.COMPRESSED.plain());
        }
        return ListFormat.ofType(type)
                .orElseThrow(() -> new Refused(Fault.UNSUPPORTED_MEDIA_TYPE
                        .saying("A list may be " + ListFormat.types() + ".")
                        .mending(OTHER_TYPE)));
    }

    private static String charset(String type) {
        for (var part : type.split(";", -1)) {
            var pair = part.strip().split("=", 2);
            if (pair.length == 2 && pair[0].strip().toLowerCase(Locale.ROOT).equals("charset")) {
                return pair[1].strip().replace("\"", "");
            }
        }
        return "";
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The list belongs to what makes a request the same (reliability K1). */
    private static Asked with(Asked asked, String type, MessageDigest body) {
        var whole = asked.requestHash() + "\n" + type + "\n" + HexFormat.of().formatHex(body.digest());
        return new Asked(
                asked.workspaceId(),
                asked.route(),
                asked.key(),
                ByteString.encodeUtf8(whole).sha256().hex());
    }

    private static Reply reply(Received received) {
        return switch (received) {
            case Received.Taken(var batch, var body) ->
                Reply.json(202, body).with("Location", "/v1/batches/" + batch.id());
            case Received.Replayed(var status, var body) -> Once.replayed(status, body);
            case Received.Running _ -> throw new Refused(Once.running());
            case Received.Different _ -> throw new Refused(Fault.IDEMPOTENCY_MISMATCH.plain());
            case Received.NoWorkflow _ ->
                throw new Refused(Fault.INVALID_FIELD.of("workflow", "The workspace has no such workflow."));
            case Received.Busy _ -> throw new Refused(Problem.unavailable(RETRY_AFTER_SECONDS));
        };
    }

    private static Problem problem(ListFormat format, UnusableList e) {
        return switch (e.kind()) {
            case MALFORMED ->
                format == ListFormat.JSON
                        ? Fault.MALFORMED_JSON.saying(e.sentence()).mending(WHOLE_JSON)
                        : Fault.UNSUPPORTED_MEDIA_TYPE.saying(e.sentence()).mending(OTHER_TYPE);
            case TOO_LARGE -> Fault.TOO_LARGE.saying(e.sentence());
            case INVALID -> Fault.INVALID_FIELD.of(e.field(), e.sentence());
        };
    }

    private record Part(String state, Parameters.Page page) {}

    private Reply list(Call call) {
        var part = call.query(parameters ->
                new Part(parameters.word("state", BatchState.shown()).orElse(""), parameters.page()));
        var page = part.page();
        var rows = batches.page(call.workspaceId(), kind(call), part.state(), page.after(), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, Batch::id, BatchJson::of));
    }

    private Reply show(Call call) {
        call.query(_ -> "");
        return Reply.ok(BatchJson.of(found(call)));
    }

    private record Form(ListFormat format, boolean isPartial) {}

    private Reply results(Call call) {
        var form = call.query(parameters -> form(call, parameters));
        var batch = found(call);
        if (batch.state() != BatchState.FINISHED && !form.isPartial()) {
            throw new Refused(Fault.CONFLICT.saying("The list is not finished (" + batch.progress()
                    + " %); come again, or say partial=true for what there is."));
        }
        database.write(handle -> {
            audit.add(handle, call.by(), AuditAction.EXPORTED, batch.id(), "a list");
            return true;
        });
        return switch (form.format()) {
            case CSV -> table(call, batch);
            case XLSX -> workbook(call, batch);
            case NDJSON, JSON -> lines(call, batch);
        };
    }

    private static Form form(Call call, Parameters parameters) {
        var accept =
                Optional.ofNullable(call.context().header("Accept")).orElse("").strip();
        var format = parameters
                .word("format", FORMS.stream().map(ListFormat::word).toList())
                .map(ListFormat::of)
                .or(() -> FORMS.stream()
                        .filter(each -> accept.startsWith(each.type()))
                        .findFirst())
                .orElse(FORMS.getFirst());
        var partial = parameters.word("partial", List.of("true", "false")).orElse("false");
        return new Form(format, partial.equals("true"));
    }

    private Reply table(Call call, Batch batch) {
        var columns =
                batches.results().columns(batch).stream().map(Csv::harmless).toList();
        return Csv.stream(call, "batch", columns, out -> batches.results().table(batch, out));
    }

    private Reply workbook(Call call, Batch batch) {
        var results = batches.results();
        return Xlsx.stream(call, "batch", results.columns(batch), rows -> results.cells(batch, rows));
    }

    private Reply lines(Call call, Batch batch) {
        var context = call.context();
        context.status(200);
        context.contentType(ListFormat.NDJSON.type());
        context.header("Content-Disposition", "attachment; filename=\"gatepost-batch.ndjson\"");
        try (var out = new OutputStreamWriter(context.outputStream(), StandardCharsets.UTF_8)) {
            batches.results().lines(batch, line -> write(out, line));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(200, ListFormat.NDJSON.type(), ByteString.EMPTY, Map.of());
    }

    private static void write(OutputStreamWriter out, String line) {
        try {
            out.append(line).append('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Reply remove(Call call) {
        if (!batches.remove(call.by(), kind(call), call.path("id"))) {
            throw new Refused(Problem.notFound());
        }
        return Reply.nothing();
    }

    private Batch found(Call call) {
        return batches.find(call.workspaceId(), kind(call), call.path("id"))
                .orElseThrow(() -> new Refused(Problem.notFound()));
    }

    private static KeyKind kind(Call call) {
        return switch (call.caller()) {
            case Caller.ByKey(var _, var _, var _, var kind) -> kind == KeyKind.TEST ? KeyKind.TEST : KeyKind.LIVE;
            case Caller.ByPerson _ -> KeyKind.LIVE;
        };
    }
}
