package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.api.Parameters.Page;
import dev.gatepost.http.Fault;
import dev.gatepost.http.Refused;
import dev.gatepost.intake.Credits;
import dev.gatepost.ledger.Balance;
import dev.gatepost.ledger.CreditsLow;
import dev.gatepost.ledger.Entry;
import dev.gatepost.ledger.Grant;
import dev.gatepost.ledger.Kind;
import dev.gatepost.ledger.Ledger;
import dev.gatepost.ledger.Reversal;
import dev.gatepost.ledger.Transactions.Filter;
import dev.gatepost.store.Ids;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.AuditLog;
import dev.gatepost.workspace.Scope;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** {@code /v1/credits} and {@code /v1/transactions}: what there is, what was moved, and why. */
public final class CreditsResource implements Resource {

    private static final int TIME_CHARS_MAX = 64;

    private final Ledger ledger;
    private final Credits credits;
    private final Once once;
    private final AuditLog audit;
    private final Exports exports;
    private final Ids ids;

    public CreditsResource(Ledger ledger, Credits credits, Once once, AuditLog audit, Exports exports, Ids ids) {
        this.ledger = requireNonNull(ledger, "ledger");
        this.credits = requireNonNull(credits, "credits");
        this.once = requireNonNull(once, "once");
        this.audit = requireNonNull(audit, "audit");
        this.exports = requireNonNull(exports, "exports");
        this.ids = requireNonNull(ids, "ids");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.get("/v1/credits", Permit.known(), this::overview),
                Route.get("/v1/credits/alarms", Permit.look(Scope.READ, Scope.ADMIN), this::alarms),
                Route.put("/v1/credits/alarm", Permit.change(Scope.ADMIN), this::alarm),
                Route.post("/v1/credits/grants", Permit.change(Scope.ADMIN), this::grant),
                Route.post("/v1/credits/reversals", Permit.change(Scope.ADMIN), this::reverse),
                Route.get("/v1/transactions", Permit.look(Scope.READ, Scope.ADMIN), this::transactions));
    }

    private Reply overview(Call call) {
        call.query(_ -> "");
        var standing = ledger.standing(call.workspaceId());
        var body = balance(standing.balance())
                .put("low_below", standing.lowBelow())
                .put("low_since", standing.lowSince().map(Instant::toString).orElse(null));
        var expiring = body.putArray("expiring");
        ledger.expiring(call.workspaceId())
                .forEach(lot -> expiring.addObject()
                        .put("credits", lot.rest())
                        .put("expires_at", String.valueOf(lot.expiresAt())));
        return Reply.ok(body);
    }

    private static ObjectNode balance(Balance balance) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("available", balance.available())
                .put("reserved", balance.reserved())
                .put("spent", balance.spent());
    }

    private Reply alarms(Call call) {
        var page = call.query(Parameters::page);
        var rows = ledger.alarms(call.workspaceId(), before(page, "low_"), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, CreditsLow::id, CreditsResource::json));
    }

    private static ObjectNode json(CreditsLow low) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("id", low.id())
                .put("available", low.available())
                .put("threshold", low.below())
                .put("at", low.at().toString());
    }

    private Reply alarm(Call call) {
        long below = call.body(fields ->
                fields.optionalNumber("low_below", 0, Grant.AMOUNT_MAX).orElseThrow(() -> fields.missing("low_below")));
        once.run(call, handle -> {
            ledger.alarmBelow(handle, call.workspaceId(), below);
            audit.add(handle, call.by(), AuditAction.CREDITS_ALARM_SET, "", Long.toString(below));
            return Reply.nothing();
        });
        return overview(call);
    }

    private Reply grant(Call call) {
        var grant = call.body(fields -> grant(fields));
        return once.run(call, handle -> {
            try {
                credits.grant(handle, call.workspaceId(), grant);
                audit.add(handle, call.by(), AuditAction.CREDITS_GRANTED, "", Long.toString(grant.amount()));
            } catch (IllegalArgumentException e) {
                throw invalid(e);
            }
            return Reply.created(balance(ledger.balance(handle, call.workspaceId()))
                    .put("granted", grant.amount())
                    .put("note", grant.note())
                    .put(
                            "expires_at",
                            grant.expiresAt() == null ? null : grant.expiresAt().toString()));
        });
    }

    private Grant grant(Fields fields) {
        long amount = fields.optionalNumber("amount", 1, Grant.AMOUNT_MAX).orElseThrow(() -> fields.missing("amount"));
        var note = fields.optionalText("note", Grant.NOTE_CHARACTERS_MAX).orElse("");
        var expiresAt = fields.optionalText("expires_at", TIME_CHARS_MAX)
                .map(text -> {
                    try {
                        return Instant.parse(text);
                    } catch (DateTimeParseException _) {
                        throw fields.wrong("expires_at", "must be a time such as 2027-12-31T00:00:00Z");
                    }
                })
                .orElse(null);
        try {
            return new Grant("api:" + ids.next(), amount, note, expiresAt);
        } catch (IllegalArgumentException e) {
            throw invalid(e);
        }
    }

    private Reply reverse(Call call) {
        record Wanted(long seq, String note) {}
        var wanted = call.body(fields -> new Wanted(
                fields.optionalNumber("transaction", 1, Long.MAX_VALUE)
                        .orElseThrow(() -> fields.missing("transaction")),
                fields.optionalText("note", Grant.NOTE_CHARACTERS_MAX).orElse("")));
        return once.run(call, handle -> {
            try {
                return switch (credits.reverse(handle, call.workspaceId(), wanted.seq(), wanted.note())) {
                    case Reversal.Reversed(var amount) -> {
                        audit.add(
                                handle,
                                call.by(),
                                AuditAction.CREDITS_REVERSED,
                                Long.toString(wanted.seq()),
                                Long.toString(amount));
                        yield Reply.created(balance(ledger.balance(handle, call.workspaceId()))
                                .put("reversed", amount));
                    }
                    case Reversal.AlreadyReversed _ ->
                        throw new Refused(Fault.CONFLICT.saying("This charge was given back before."));
                    case Reversal.NotASettlement _ ->
                        throw new Refused(Fault.INVALID_FIELD.of(
                                "transaction", "transaction must be the number of a settlement."));
                };
            } catch (IllegalArgumentException e) {
                throw invalid(e);
            }
        });
    }

    /** Messages of the ledger begin with the field's name. */
    private static Refused invalid(IllegalArgumentException e) {
        var message = String.valueOf(e.getMessage());
        int colon = message.indexOf(':');
        return new Refused(Fault.INVALID_FIELD.of(colon < 0 ? "" : message.substring(0, colon), message + "."));
    }

    private Reply transactions(Call call) {
        record Wanted(Filter filter, Page page, boolean isCsv) {}
        var wanted = call.query(parameters -> new Wanted(
                new Filter(
                        parameters.time("from").orElse(null),
                        parameters.time("to").orElse(null),
                        parameters
                                .word(
                                        "kind",
                                        Arrays.stream(Kind.values())
                                                .map(Kind::word)
                                                .toList())
                                .map(word -> Kind.valueOf(word.toUpperCase(Locale.ROOT)))
                                .orElse(null)),
                parameters.page(),
                Csv.isWanted(call, parameters)));
        var transactions = ledger.transactions();
        if (wanted.isCsv()) {
            exports.note(call, "transactions");
            return Csv.stream(call, "transactions", Row.COLUMNS, out -> {
                long before = Long.MAX_VALUE;
                for (var rows = transactions.page(call.workspaceId(), wanted.filter(), before, Csv.PAGE_ROWS);
                        !rows.isEmpty();
                        rows = transactions.page(call.workspaceId(), wanted.filter(), before, Csv.PAGE_ROWS)) {
                    rows.forEach(entry -> out.accept(Row.cells(entry)));
                    before = rows.getLast().seq();
                }
            });
        }
        var page = wanted.page();
        var rows = transactions.page(call.workspaceId(), wanted.filter(), before(page, ""), page.limit() + 1);
        return Reply.ok(Listing.of(rows, page, entry -> Long.toString(entry.seq()), Row::json));
    }

    /** How an entry is shown. */
    private static final class Row {
        static final List<String> COLUMNS =
                List.of("id", "at", "kind", "amount", "from_account", "to_account", "reference", "note", "hash");

        static List<String> cells(Entry entry) {
            return List.of(
                    Long.toString(entry.seq()),
                    entry.createdAt().toString(),
                    entry.kind().word(),
                    Long.toString(entry.amount()),
                    entry.debit().word(),
                    entry.credit().word(),
                    entry.ref(),
                    entry.note(),
                    entry.hash());
        }

        static ObjectNode json(Entry entry) {
            return JsonNodeFactory.instance
                    .objectNode()
                    .put("id", entry.seq())
                    .put("at", entry.createdAt().toString())
                    .put("kind", entry.kind().word())
                    .put("amount", entry.amount())
                    .put("from_account", entry.debit().word())
                    .put("to_account", entry.credit().word())
                    .put("reference", entry.ref())
                    .put("note", entry.note())
                    .put("hash", entry.hash());
        }
    }

    private static long before(Page page, String prefix) {
        var number = page.after().startsWith(prefix) ? page.after().substring(prefix.length()) : page.after();
        if (page.after().isEmpty()) {
            return Long.MAX_VALUE;
        }
        if (!number.matches("\\d{1,18}")) {
            throw new Refused(Fault.INVALID_FIELD.of("after", "The parameter after must be what next said."));
        }
        return Long.parseLong(number);
    }
}
