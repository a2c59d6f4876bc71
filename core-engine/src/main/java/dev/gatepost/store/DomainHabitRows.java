package dev.gatepost.store;

import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.smtp.DomainHabit;
import dev.gatepost.smtp.ProbeResult.AcceptAll;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code mail_domain}. */
final class DomainHabitRows {
    /** Longer than any answer counts. */
    private static final Duration KEPT = Duration.ofDays(2);

    private DomainHabitRows() {}

    static Optional<DomainHabit> find(Handle handle, Domain domain) {
        return handle.createQuery("select local_part, answer, at from mail_domain where domain = :domain")
                .bind("domain", domain.ascii())
                .map((row, _) -> new DomainHabit(
                        new EmailAddress(row.getString("local_part"), domain),
                        AcceptAll.valueOf(row.getString("answer")),
                        Instant.ofEpochMilli(row.getLong("at"))))
                .findFirst();
    }

    static void keep(Handle handle, List<DomainHabit> habits) {
        if (habits.isEmpty()) {
            return;
        }
        try (var batch = handle.prepareBatch("""
                insert into mail_domain (domain, local_part, answer, at) values (:domain, :local_part, :answer, :at)
                on conflict (domain) do update
                set local_part = excluded.local_part, answer = excluded.answer, at = excluded.at""")) {
            for (var habit : habits) {
                batch.bind("domain", habit.asked().domain().ascii())
                        .bind("local_part", habit.asked().localPart())
                        .bind("answer", habit.answer().name())
                        .bind("at", habit.at())
                        .add();
            }
            batch.execute();
        }
    }

    static int drop(Handle handle, Instant now, int most) {
        return handle.createUpdate("""
                        delete from mail_domain where domain in
                        (select domain from mail_domain where at < :old order by at limit :most)""")
                .bind("old", now.minus(KEPT))
                .bind("most", most)
                .execute();
    }
}
