package dev.gatepost.store;

import dev.gatepost.smtp.Grant;
import dev.gatepost.smtp.Quota;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** The table {@code mail_host_quota}: what was taken of a group's minute and day, by all nodes together. */
final class QuotaRows {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Duration DAY = Duration.ofDays(1);

    private QuotaRows() {}

    /**
     * A stretch of time and what was taken in it.
     *
     * @param began when the first turn of it was taken
     */
    private record Stretch(Instant began, long used, Duration length) {
        /** A stretch that is over, or that a clock set back has moved into the future, gives way to a new one. */
        Stretch at(Instant now) {
            boolean lasts = now.isBefore(began.plus(length)) && !now.isBefore(began);
            return lasts ? this : new Stretch(now, 0, length);
        }

        Stretch with(int turns) {
            return new Stretch(began, used + turns, length);
        }

        Instant end() {
            return began.plus(length);
        }
    }

    private record Row(Stretch day, Stretch minute) {}

    static Grant take(Handle handle, Dialect dialect, Quota quota, int turns, Instant now) {
        var row = row(handle, dialect, quota, now);
        var day = row.day().at(now);
        var minute = row.minute().at(now);
        long ofDay = quota.addressesPerDay() - day.used();
        long ofMinute = quota.addressesPerMinute() - minute.used();
        if (ofDay <= 0) {
            return new Grant.NotBefore(day.end());
        }
        if (ofMinute <= 0) {
            return new Grant.NotBefore(minute.end());
        }
        int granted = (int) Math.min(turns, Math.min(ofDay, ofMinute));
        write(handle, quota, new Row(day.with(granted), minute.with(granted)));
        return new Grant.Turns(granted);
    }

    private static Row row(Handle handle, Dialect dialect, Quota quota, Instant now) {
        handle.createUpdate("""
                        insert into mail_host_quota (group_key, day_began, day_used, minute_began, minute_used)
                        values (:group, :now, 0, :now, 0) on conflict (group_key) do nothing""").bind("group", quota.group()).bind("now", now).execute();
        return handle.createQuery("""
                        select day_began, day_used, minute_began, minute_used from mail_host_quota
                        where group_key = :group\s""" + dialect.forUpdate())
                .bind("group", quota.group())
                .map((row, _) -> new Row(
                        new Stretch(Instant.ofEpochMilli(row.getLong(1)), row.getLong(2), DAY),
                        new Stretch(Instant.ofEpochMilli(row.getLong(3)), row.getLong(4), MINUTE)))
                .one();
    }

    private static void write(Handle handle, Quota quota, Row row) {
        handle.createUpdate("""
                        update mail_host_quota set day_began = :day_began, day_used = :day_used,
                            minute_began = :minute_began, minute_used = :minute_used
                        where group_key = :group""")
                .bind("day_began", row.day().began())
                .bind("day_used", row.day().used())
                .bind("minute_began", row.minute().began())
                .bind("minute_used", row.minute().used())
                .bind("group", quota.group())
                .execute();
    }

    /** A stretch that has begun anew since they were taken keeps what it has, at least zero. */
    static void giveBack(Handle handle, Map<Quota, Integer> turns) {
        try (var batch = handle.prepareBatch("""
                update mail_host_quota set
                    day_used = case when day_used > :turns then day_used - :turns else 0 end,
                    minute_used = case when minute_used > :turns then minute_used - :turns else 0 end
                where group_key = :group""")) {
            turns.forEach((quota, count) ->
                    batch.bind("group", quota.group()).bind("turns", count).add());
            batch.execute();
        }
    }

    static int drop(Handle handle, Instant now, int most) {
        return handle.createUpdate("""
                        delete from mail_host_quota where group_key in
                        (select group_key from mail_host_quota where day_began < :old order by day_began limit :most)""")
                .bind("old", now.minus(DAY))
                .bind("most", most)
                .execute();
    }
}
