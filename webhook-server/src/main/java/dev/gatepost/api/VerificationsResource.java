package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.StoredVerifications;
import dev.gatepost.intake.StoredVerifications.Filter;
import dev.gatepost.intake.StoredVerifications.Side;
import dev.gatepost.intake.StoredVerifications.Who;
import dev.gatepost.intake.VerificationJson.Detail;
import dev.gatepost.store.Database;
import dev.gatepost.verify.Label;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import java.util.Arrays;
import java.util.List;

/** {@code /v1/verifications}: what was verified before. A test key sees what test keys did, any other the rest. */
public final class VerificationsResource implements Resource {

    private static final List<String> LABELS =
            Arrays.stream(Label.values()).map(Label::word).toList();

    private final Database database;
    private final StoredVerifications stored = new StoredVerifications();

    public VerificationsResource(Database database) {
        this.database = requireNonNull(database, "database");
    }

    private static final List<String> DECISIONS = List.of("accept", "flag", "reject");

    private record Wanted(Filter filter, Parameters.Page page) {}

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/verifications", Permit.look(Scope.READ), this::list),
                Route.get("/v1/verifications/{id}", Permit.look(Scope.READ, Scope.VERIFY), this::one));
    }

    private Reply one(Call call) {
        var detail = call.query(query -> query.word("evidence", List.of("true", "false")))
                        .filter("true"::equals)
                        .isPresent()
                ? Detail.EVIDENCE
                : Detail.PLAIN;
        return database.read(
                        handle -> stored.find(handle, call.workspaceId(), side(call.caller()), call.path("id"), detail))
                .map(Reply::ok)
                .orElseThrow(() -> new Refused(Problem.notFound()));
    }

    private Reply list(Call call) {
        var wanted = call.query(query -> wanted(query, call));
        List<ObjectNode> rows = database.read(handle -> stored.page(handle, wanted.filter()));
        return Reply.ok(Listing.of(rows, wanted.page(), row -> row.path("id").asText(), row -> row));
    }

    private static Wanted wanted(Parameters query, Call call) {
        var page = query.page();
        var filter = new Filter(
                call.workspaceId(),
                side(call.caller()),
                query.optionalText("email").map(VerificationsResource::who).orElse(new Who.Anybody()),
                query.word("label", LABELS).orElse(""),
                query.optionalText("workflow").orElse(""),
                query.word("decision", DECISIONS).orElse(""),
                query.word("final", List.of("true", "false")).orElse(""),
                page.after(),
                page.limit() + 1);
        return new Wanted(filter, page);
    }

    private static Who who(String text) {
        return switch (AddressParser.parse(text, AddressDialect.SMTPUTF8)) {
            case Syntax.Wellformed(var address) -> new Who.Address(address.normalized());
            case Syntax.Malformed _ -> new Who.Text(text);
        };
    }

    static Side side(Caller caller) {
        return switch (caller) {
            case Caller.ByKey(var _, var _, var _, var kind) -> kind == KeyKind.TEST ? Side.TEST : Side.LIVE;
            case Caller.ByPerson _ -> Side.LIVE;
        };
    }
}
