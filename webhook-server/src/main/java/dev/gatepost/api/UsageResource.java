package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Parameters.Page;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.Billing;
import dev.gatepost.intake.UsageLog;
import dev.gatepost.intake.UsageLog.Filter;
import dev.gatepost.intake.UsageLog.Place;
import dev.gatepost.verify.Label;
import dev.gatepost.workspace.Scope;
import java.util.Arrays;
import java.util.List;

/** {@code /v1/usage}: each request, what came of it and what it cost. */
public final class UsageResource implements Resource {

    private static final List<String> COLUMNS = List.of(
            "verification_id",
            "at",
            "source",
            "connection_id",
            "workflow_id",
            "status",
            "label",
            "decision",
            "billing",
            "credits",
            "duration_ms");

    private final UsageLog usage;
    private final Exports exports;

    public UsageResource(UsageLog usage, Exports exports) {
        this.exports = requireNonNull(exports, "exports");
        this.usage = requireNonNull(usage, "usage");
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.get("/v1/usage", Permit.look(Scope.READ, Scope.ADMIN), this::list));
    }

    private record Wanted(Filter filter, Page page, boolean isCsv) {}

    private Reply list(Call call) {
        var wanted = call.query(
                parameters -> new Wanted(filter(parameters), parameters.page(), Csv.isWanted(call, parameters)));
        if (wanted.isCsv()) {
            exports.note(call, "usage");
            return Csv.stream(call, "usage", COLUMNS, out -> {
                var page = usage.page(call.workspaceId(), wanted.filter(), Place.TOP, Csv.PAGE_ROWS);
                page.rows().forEach(row -> out.accept(cells(row)));
                while (page.next().isPresent()) {
                    page = usage.page(
                            call.workspaceId(), wanted.filter(), page.next().get(), Csv.PAGE_ROWS);
                    page.rows().forEach(row -> out.accept(cells(row)));
                }
            });
        }
        var page = usage.page(
                call.workspaceId(),
                wanted.filter(),
                after(wanted.page()),
                wanted.page().limit());
        var body = JsonNodeFactory.instance.objectNode();
        var data = body.putArray("data");
        page.rows().forEach(row -> data.add(json(row)));
        return Reply.ok(body.put("next", page.next().map(Place::toString).orElse(null)));
    }

    private static Place after(Page page) {
        return page.after().isEmpty()
                ? Place.TOP
                : Place.parse(page.after())
                        .orElseThrow(() -> new Refused(
                                Fault.INVALID_FIELD.of("after", "The parameter after must be what next said.")));
    }

    private static Filter filter(Parameters parameters) {
        return new Filter(
                parameters.time("from").orElse(null),
                parameters.time("to").orElse(null),
                parameters
                        .word(
                                "billing",
                                Arrays.stream(Billing.values())
                                        .map(Billing::word)
                                        .toList())
                        .orElse(null),
                parameters
                        .word(
                                "label",
                                Arrays.stream(Label.values()).map(Label::word).toList())
                        .orElse(null),
                parameters.optionalText("connection").orElse(null),
                parameters.optionalText("workflow").orElse(null));
    }

    private static List<String> cells(UsageLog.Row row) {
        return List.of(
                row.verificationId(),
                row.at().toString(),
                row.source(),
                row.connectionId(),
                row.workflowId(),
                row.status(),
                row.label(),
                row.decision(),
                row.billing(),
                Long.toString(row.credits()),
                Long.toString(row.took().toMillis()));
    }

    private static ObjectNode json(UsageLog.Row row) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("verification_id", row.verificationId())
                .put("at", row.at().toString())
                .put("source", row.source())
                .put("connection_id", row.connectionId())
                .put("workflow_id", row.workflowId())
                .put("status", row.status())
                .put("label", row.label())
                .put("decision", row.decision())
                .put("billing", row.billing())
                .put("credits", row.credits())
                .put("duration_ms", row.took().toMillis());
    }
}
