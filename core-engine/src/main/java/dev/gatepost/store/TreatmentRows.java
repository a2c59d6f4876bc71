package dev.gatepost.store;

import dev.gatepost.smtp.Pause;
import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Smtputf8Unsupported;
import dev.gatepost.smtp.ProbeResult.Trouble;
import dev.gatepost.smtp.RefusalCause;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.Stage;
import dev.gatepost.smtp.Treatment;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The table {@code mail_host_treatment}. */
final class TreatmentRows {
    /** How long a bad past counts: two of the longest pauses. */
    private static final Duration KEPT = Duration.ofDays(2);

    /** More hosts than refuse us at a time. */
    private static final int ROWS_MAX = 50_000;

    private static final Reply NOTHING = new Reply(0, "", "");

    private TreatmentRows() {}

    /** Of the last two days, the latest first. */
    static List<Treatment> all(Handle handle, Instant now) {
        return after(handle, now.minus(KEPT));
    }

    static List<Treatment> paused(Handle handle, Instant now) {
        return after(handle, now);
    }

    private static List<Treatment> after(Handle handle, Instant time) {
        return handle
                .createQuery("select * from mail_host_treatment where until > :time order by until desc limit :most")
                .bind("time", time)
                .bind("most", ROWS_MAX)
                .map((row, _) -> known(row))
                .list()
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** Empty where a later version has written words that this one does not know. */
    private static Optional<Treatment> known(ResultSet row) throws SQLException {
        try {
            return Optional.of(treatment(row));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Treatment treatment(ResultSet row) throws SQLException {
        var pause = new Pause(
                row.getString("pause_group"),
                Instant.ofEpochMilli(row.getLong("since")),
                Instant.ofEpochMilli(row.getLong("until")),
                RefusalCause.valueOf(row.getString("cause")),
                row.getString("mend"),
                row.getString("last_reply"));
        return new Treatment(
                row.getString("whom"),
                row.getInt("blocks"),
                Duration.ofMillis(row.getLong("back_off_ms")),
                pause,
                answer(row));
    }

    private static Outcome answer(ResultSet row) throws SQLException {
        var host = row.getString("host");
        var stage = row.getString("stage");
        var meaning = row.getString("meaning");
        return stage.isEmpty()
                ? new NoAnswer(host, Trouble.valueOf(meaning))
                : new SenderRefused(
                        host,
                        Stage.valueOf(stage),
                        new Reply(row.getInt("code"), row.getString("enhanced"), row.getString("reply")),
                        ReplyMeaning.valueOf(meaning));
    }

    /** A pause is never replaced by one that ends sooner: this node may not have known of it. */
    static void keep(Handle handle, Treatment treatment) {
        var pause = treatment.pause();
        var said = said(treatment.answer());
        handle.createUpdate("""
                        insert into mail_host_treatment (whom, blocks, back_off_ms, pause_group, since, until, cause,
                            mend, last_reply, host, stage, code, enhanced, reply, meaning)
                        values (:whom, :blocks, :back_off_ms, :pause_group, :since, :until, :cause,
                            :mend, :last_reply, :host, :stage, :code, :enhanced, :reply, :meaning)
                        on conflict (whom) do update set blocks = excluded.blocks, back_off_ms = excluded.back_off_ms,
                            pause_group = excluded.pause_group, since = excluded.since, until = excluded.until,
                            cause = excluded.cause, mend = excluded.mend, last_reply = excluded.last_reply,
                            host = excluded.host, stage = excluded.stage, code = excluded.code,
                            enhanced = excluded.enhanced, reply = excluded.reply, meaning = excluded.meaning
                        where excluded.until >= mail_host_treatment.until""")
                .bind("whom", treatment.whom())
                .bind("blocks", treatment.blocks())
                .bind("back_off_ms", treatment.backOff().toMillis())
                .bind("pause_group", pause.group())
                .bind("since", pause.since())
                .bind("until", pause.until())
                .bind("cause", pause.cause().name())
                .bind("mend", pause.mend())
                .bind("last_reply", pause.lastReply())
                .bind("host", said.host())
                .bind("stage", said.stage())
                .bind("code", said.reply().code())
                .bind("enhanced", said.reply().enhancedCode())
                .bind("reply", said.reply().text())
                .bind("meaning", said.meaning())
                .execute();
    }

    private record Said(String host, String stage, Reply reply, String meaning) {}

    private static Said said(Outcome answer) {
        return switch (answer) {
            case SenderRefused(var host, var stage, var reply, var meaning) ->
                new Said(host, stage.name(), reply, meaning.name());
            case NoAnswer(var host, var trouble) -> new Said(host, "", NOTHING, trouble.name());
            case Answered(var host, var reply, var meaning, var _) ->
                new Said(host, Stage.RCPT.name(), reply, meaning.name());
            case Smtputf8Unsupported(var host) -> new Said(host, "", NOTHING, Trouble.PROTOCOL.name());
        };
    }

    static void forget(Handle handle, Treatment treatment, Instant now) {
        handle.createUpdate("delete from mail_host_treatment where whom = :whom and until <= :now")
                .bind("whom", treatment.whom())
                .bind("now", now)
                .execute();
    }

    static int drop(Handle handle, Instant now, int most) {
        return handle.createUpdate("""
                        delete from mail_host_treatment where whom in
                        (select whom from mail_host_treatment where until < :old order by until limit :most)""")
                .bind("old", now.minus(KEPT))
                .bind("most", most)
                .execute();
    }
}
