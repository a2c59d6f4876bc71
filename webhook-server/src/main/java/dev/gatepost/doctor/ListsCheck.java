package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;

import dev.gatepost.lists.RefreshOutcome.Result;
import dev.gatepost.lists.ShippedList;
import dev.gatepost.server.Config;
import dev.gatepost.server.ListsReport;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Whether the lists are fresh, and their sources answer. */
final class ListsCheck {

    /** Throw-away domains come and go; after half a year a list misses many. */
    static final int AGE_DAYS_MAX = 180;

    private static final String CHECK = "lists";

    private final Config config;
    private final InstantSource clock;

    ListsCheck(Config config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    List<Finding> findings() {
        var report = ListsReport.of(config, clock);
        var findings = new ArrayList<Finding>();
        for (var row : report.shipped()) {
            row.last()
                    .filter(outcome -> outcome.result() != Result.TAKEN)
                    .filter(outcome -> config.lists().sources().containsKey(row.list()))
                    .ifPresent(
                            outcome -> findings.add(
                                    mend(
                                            CHECK,
                                            row.list().word() + " was not refreshed at " + outcome.at() + ": "
                                                    + outcome.detail(),
                                            "mend the source, or name another in GATEPOST_LISTS_SOURCES; then: gatepost lists refresh")));
            var age = report.age(row.snapshot().asOf());
            if (row.list() == ShippedList.DISPOSABLE && age > AGE_DAYS_MAX) {
                findings.add(mend(
                        CHECK,
                        "the list of disposable domains is " + age + " days old",
                        "name a source in GATEPOST_LISTS_SOURCES, or upgrade"));
            }
        }
        return findings.isEmpty() ? List.of(fine(CHECK, "none is too old")) : findings;
    }
}
