package dev.gatepost.intake;

import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.intake.Backfill.Estimate;
import dev.gatepost.intake.Backfill.Scope;
import dev.gatepost.workspace.Connection;
import java.util.ArrayList;
import java.util.HashSet;

/** Says what a backfill would do, from a count and a sample. Safe for any thread. */
final class BackfillEstimates {
    /** Pages an estimate looks at; a few hundred contacts tell a share within some per cent. */
    private static final int SAMPLE_PAGES = 3;

    /** Contacts a minute, of which the estimate's time is made: what one CRM account usually allows. */
    private static final long CONTACTS_A_MINUTE = 240;

    private final DrainTools tools;
    private final Finds finds;

    BackfillEstimates(DrainTools tools, Finds finds) {
        this.tools = tools;
        this.finds = finds;
    }

    /** Costs a few calls and no credit. */
    Estimate of(Connection connection, Connector connector, Scope scope) {
        var total = connector.count(scope.selection()) instanceof Counted.Contacts(var count) ? count : -1;
        var sample = new ArrayList<Listed>();
        var cursor = "";
        var complete = false;
        for (int i = 0; i < SAMPLE_PAGES && !complete; i++) {
            switch (connector.list(scope.selection(), cursor, Backfills.PAGE)) {
                case Listing.Page(var contacts, var next) -> {
                    sample.addAll(contacts);
                    cursor = next;
                }
                case Listing.Last(var contacts, var _) -> {
                    sample.addAll(contacts);
                    complete = true;
                }
                case Listing.RetryLater _, Listing.Refused _, Listing.Impossible _ -> complete = true;
            }
        }
        var now = tools.clock().instant();
        var wanted = tools.database()
                .read(handle -> finds.wanted(handle, connection, sample, Backfills.want(scope, now), now));
        var empty = sample.stream().filter(each -> each.email().isBlank()).count();
        var distinct = new HashSet<String>();
        wanted.forEach(each -> distinct.add(Candidate.normalized(each.email())));
        var scale = sample.isEmpty() || total < 0 ? 1.0 : Math.max(1.0, (double) total / sample.size());
        var known = Math.round((sample.size() - empty - wanted.size()) * scale);
        var duplicates = Math.round((wanted.size() - distinct.size()) * scale);
        var credits = Math.round(distinct.size() * scale);
        return new Estimate(
                total,
                sample.size(),
                known,
                duplicates,
                Math.round(empty * scale),
                credits,
                (Math.round(wanted.size() * scale) + CONTACTS_A_MINUTE - 1) / CONTACTS_A_MINUTE);
    }
}
