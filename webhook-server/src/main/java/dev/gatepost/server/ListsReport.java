package dev.gatepost.server;

import dev.gatepost.lists.ListFolder;
import dev.gatepost.lists.OwnList;
import dev.gatepost.lists.RefreshOutcome;
import dev.gatepost.lists.ShippedList;
import dev.gatepost.lists.Snapshot;
import dev.gatepost.smtp.ProviderTable;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the lists hold, how old they are and where they come from.
 *
 * @param today the day ages are counted to, UTC
 * @param shipped the lists that come with the program, or their newer editions
 * @param own the operator's lists
 * @param providers who runs mail hosts
 */
public record ListsReport(LocalDate today, List<Row> shipped, List<OwnList> own, ProviderTable providers) {

    public ListsReport {
        shipped = List.copyOf(shipped);
        own = List.copyOf(own);
    }

    /**
     * One list.
     *
     * @param last what came of its last refresh, if there was one
     */
    public record Row(ShippedList list, Snapshot snapshot, Optional<RefreshOutcome> last) {}

    /** As the data folder has it now. */
    public static ListsReport of(Config config, InstantSource clock) {
        var folder = new ListFolder(config.data());
        var lists = folder.read();
        var outcomes = folder.outcomes();
        var rows = Arrays.stream(ShippedList.values())
                .map(list -> new Row(list, lists.snapshot(list), Optional.ofNullable(outcomes.get(list))))
                .toList();
        return new ListsReport(
                LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC),
                rows,
                lists.own().all(),
                ProviderFile.read(config.data()));
    }

    /** Whole days since a list's day. */
    public long age(LocalDate asOf) {
        return Math.max(0, ChronoUnit.DAYS.between(asOf, today));
    }
}
