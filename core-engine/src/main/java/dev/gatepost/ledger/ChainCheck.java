package dev.gatepost.ledger;

import dev.gatepost.store.Database;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** Walks through all workspaces' entries, a page for each reading transaction, so that writing goes on meanwhile. */
final class ChainCheck {
    /** Keeps one reading transaction to some milliseconds. */
    private static final int PAGE_ENTRIES = 1_000;

    private final Database database;

    ChainCheck(Database database) {
        this.database = database;
    }

    LedgerCheck run() {
        var balances = new HashMap<String, Balance>();
        long entries = 0;
        for (var workspaceId : database.<List<String>>read(Transfers::workspaces)) {
            var fold = new ChainFold(workspaceId, key -> database.read(handle -> Transfers.closing(handle, key)));
            var broken = walk(fold);
            if (broken.isPresent()) {
                return broken.get();
            }
            balances.put(workspaceId, fold.balance());
            entries += fold.seq();
        }
        return new LedgerCheck.Sound(entries, balances);
    }

    /** Up to the end as it stood at the beginning; what is posted meanwhile is left to the next check. */
    private Optional<LedgerCheck.Broken> walk(ChainFold fold) {
        var stored = database.<Optional<Transfers.End>>read(handle -> Transfers.end(handle, fold.workspaceId()));
        if (stored.isEmpty()) {
            return Optional.of(new LedgerCheck.Broken(fold.workspaceId(), 0, "The balance is missing."));
        }
        var end = stored.get();
        while (fold.seq() < end.seq()) {
            var page = database.<List<Entry>>read(
                    handle -> Transfers.entries(handle, fold.workspaceId(), fold.seq(), PAGE_ENTRIES));
            if (page.isEmpty()) {
                break;
            }
            for (var entry : page) {
                if (entry.seq() > end.seq()) {
                    break;
                }
                var wrong = fold.add(entry);
                if (wrong.isPresent()) {
                    return wrong;
                }
            }
        }
        return fold.compare(end);
    }
}
