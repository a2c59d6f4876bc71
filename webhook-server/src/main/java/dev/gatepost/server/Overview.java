package dev.gatepost.server;

import dev.gatepost.console.ContactRow;
import dev.gatepost.console.ContactsView;
import dev.gatepost.console.Notice;
import dev.gatepost.console.Tiles;
import dev.gatepost.console.Tiles.LedgerState;
import dev.gatepost.http.Health;
import dev.gatepost.http.Health.Check;
import dev.gatepost.http.Health.State;
import dev.gatepost.intake.EventStates;
import dev.gatepost.intake.Pipeline;
import dev.gatepost.intake.Verifications;
import dev.gatepost.smtp.Pause;
import dev.gatepost.verify.Reason;
import dev.gatepost.workspace.ConnectionState;
import dev.gatepost.workspace.Workspaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Reads from the store what the console and the health check show. Safe for any thread. */
final class Overview {

    private final Books books;
    private final Pipeline pipeline;
    private final Supplier<LedgerState> ledger;
    private final Supplier<List<Pause>> pauses;

    Overview(Books books, Pipeline pipeline, Supplier<LedgerState> ledger, Supplier<List<Pause>> pauses) {
        this.books = books;
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.pauses = pauses;
    }

    ContactsView contacts() {
        var standing = books.ledger().standing(Workspaces.MAIN);
        var balance = standing.balance();
        var tiles = new Tiles(
                balance.available(),
                balance.reserved(),
                balance.spent(),
                pipeline.waiting(),
                standing.lowSince().isPresent() ? standing.lowBelow() : 0,
                ledger.get());
        return new ContactsView(notices(), tiles, books.database().read(handle -> {
            var latest = pipeline.verifications().latest(handle, Workspaces.MAIN, ContactsView.ROWS_MAX);
            var states = EventStates.of(
                    handle, latest.stream().map(Verifications.Row::id).toList());
            return latest.stream().map(row -> contact(row, states)).toList();
        }));
    }

    /** Connections that a CRM no longer lets in. */
    private List<Notice> notices() {
        return books.connections().all().stream()
                .filter(connection -> connection.workspaceId().equals(Workspaces.MAIN))
                .filter(connection -> isRefused(connection.state()))
                .limit(ContactsView.NOTICES_MAX)
                .map(connection -> new Notice(
                        connection.name() + " does not let Gatepost in any more: " + connection.stateReason()
                                + ". Its contacts are kept and wait until you connect it again.",
                        "gatepost connect " + connection.plugin() + " --help"))
                .toList();
    }

    private static boolean isRefused(ConnectionState state) {
        return switch (state) {
            case NEEDS_REAUTH, MISSING_SCOPE -> true;
            case ACTIVE, PAUSED, DISCONNECTED -> false;
        };
    }

    private static ContactRow contact(Verifications.Row row, Map<String, String> states) {
        return new ContactRow(
                row.verifiedAt(),
                row.email(),
                row.label(),
                row.status(),
                row.score(),
                row.reason(),
                sentence(row.reason()),
                row.decision(),
                row.rule(),
                row.billing(),
                row.credits(),
                states.getOrDefault(row.id(), ""));
    }

    /** Of the reason's code; a code that another version stored has none. */
    private static String sentence(String code) {
        try {
            return Reason.valueOf(code.toUpperCase(Locale.ROOT)).sentence();
        } catch (IllegalArgumentException _) {
            return "";
        }
    }

    Health health() {
        var checks = new ArrayList<Check>();
        try {
            var waiting = pipeline.waiting();
            checks.add(new Check("store", State.PASS, "readable"));
            checks.add(new Check("events", State.PASS, waiting + " waiting"));
            checks.add(new Check("credits", State.PASS, credits(books.ledger().lowWorkspaces())));
        } catch (RuntimeException e) {
            checks.add(new Check("store", State.FAIL, "cannot be read"));
        }
        checks.add(
                switch (ledger.get()) {
                    case LedgerState.NotChecked _ -> new Check("ledger", State.PASS, "not checked yet");
                    case LedgerState.Sound(var entries, var at) ->
                        new Check("ledger", State.PASS, entries + " entries sound at " + at);
                    // Serving goes on: the operator must look, and stopping would not mend it.
                    case LedgerState.Broken(var why, var at) ->
                        new Check("ledger", State.PASS, "broken, found at " + at + ": " + why);
                });
        checks.add(new Check("mail_hosts", State.PASS, mailHosts(pauses.get())));
        return new Health(checks);
    }

    /** Too few credits do not make the process unready: other workspaces have some, and a grant mends it. */
    private static String credits(long low) {
        return low == 0 ? "low in no workspace" : "low in " + low + (low == 1 ? " workspace" : " workspaces");
    }

    /** Hosts that refuse us do not make the process unready; their addresses stay unknown until the operator mends it. */
    private static String mailHosts(List<Pause> pauses) {
        return pauses.isEmpty()
                ? "none refuses us"
                : pauses.stream()
                        .map(pause -> pause.group() + " is left alone until " + pause.until() + ": " + pause.mend())
                        .collect(Collectors.joining("; "));
    }
}
