package dev.gatepost.hubspot;

import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.connector.WriteBack.GaveUp;
import dev.gatepost.connector.WriteBack.Refused;
import dev.gatepost.connector.WriteBack.RetryLater;
import dev.gatepost.connector.WriteBack.Skipped;
import dev.gatepost.connector.WriteBack.Written;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One batch update from the first call to an outcome for each record: reads the partial failures, looks for the record at
 * fault in a batch that is refused as a whole, and installs our fields again when an admin deleted them. HubSpot wants few
 * errors among its answers, so the record at fault is looked for by halves (few calls, half of them errors) only while the
 * day's share of errors has room; then one by one (many calls, an error for each record at fault); and where most are at
 * fault the rest waits. Used once, by one thread.
 */
final class HubSpotUpdate {
    /** Calls for one batch: enough for 100 records one by one, after some halving. */
    static final int CALLS_MAX = 140;
    /** Errors on the way to one bad record among 100 by halves: the batch, and one at each of seven depths at most. */
    private static final int HALVING_ERRORS = 8;
    /** Errors among the calls for one batch that are borne beside the share: of the batch itself, and bad luck. */
    private static final int ERRORS_BORNE = 2;
    /** What HubSpot says when one of our fields, or an option of one, is gone. */
    private static final List<String> FIELD_GONE = List.of("PROPERTY_DOESNT_EXIST", "INVALID_OPTION");
    /** Refusals that one record of the batch may be the cause of. */
    private static final Set<Integer> ONE_AT_FAULT = Set.of(400, 404, 409, 413);

    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private final HubSpotFields fields;
    private final Supplier<Installed> install;
    private final Map<Write, WriteBack> outcomes = new HashMap<>();
    /** Refused since a field of ours is gone; tried again once it is back. */
    private final List<Write> withoutField = new ArrayList<>();

    private int calls;
    private int refusals;
    private boolean isRepaired;

    /**
     * A finding for one record.
     *
     * @param id the record's id now
     */
    record Write(String id, Finding finding) {
        /** Comes back in errors about this record. */
        String trace() {
            return "gatepost-" + id;
        }
    }

    HubSpotUpdate(HubSpotApi api, HubSpotPaths paths, HubSpotFields fields, Supplier<Installed> install) {
        this.api = api;
        this.paths = paths;
        this.fields = fields;
        this.install = install;
    }

    /**
     * Writes them all.
     *
     * @param writes at most 100, no id twice
     * @return an outcome for each
     */
    Map<Write, WriteBack> run(List<Write> writes) {
        var wait = waitFor(api);
        if (!wait.isZero()) {
            all(writes, refusedLately(wait));
            return outcomes;
        }
        update(writes);
        if (!withoutField.isEmpty()) {
            repair(List.copyOf(withoutField));
        }
        conclude();
        return outcomes;
    }

    /** How long a portal that refused nearly everything is left alone; zero when it may be written to. */
    static Duration waitFor(HubSpotApi api) {
        return api.refusals().untilTrial(now(api));
    }

    /** Of every record while {@link #waitFor} lasts. */
    static WriteBack refusedLately(Duration wait) {
        return new RetryLater(wait, "the portal refused nearly all that was written to it lately", Attempt.COUNTED);
    }

    private void conclude() {
        boolean isFruitful = outcomes.values().stream().anyMatch(Written.class::isInstance) && isWithinShare();
        if (isFruitful) {
            api.refusals().passed();
        } else if (refusals > 0 && !isRoomFor(1)) {
            api.refusals().failed(now(api));
        }
    }

    private void update(List<Write> writes) {
        if (writes.isEmpty()) {
            return;
        }
        if (calls == CALLS_MAX) {
            all(writes, HubSpotOutcomes.notReached(CALLS_MAX));
            return;
        }
        calls++;
        switch (api.batch(paths.batchUpdate(), question(writes))) {
            case Good(int status, var body) when body.path("results").isArray() -> settle(writes, status, body);
            case Good _ -> all(writes, HubSpotOutcomes.failed(HubSpotAnswers.notHubSpots()));
            case Bad bad -> refused(writes, bad);
            case HubSpotAnswer other -> all(writes, HubSpotOutcomes.failed(other));
        }
    }

    /** What is in the results is done; an error counts for the records it names. */
    private void settle(List<Write> writes, int status, JsonNode body) {
        var doneIds = body.path("results")
                .valueStream()
                .map(result -> result.path("id").asText(""))
                .collect(toSet());
        var errors = body.path("errors").valueStream().map(HubSpotError::of).toList();
        List<Write> rest = new ArrayList<>();
        for (var write : writes) {
            if (doneIds.remove(write.id())) {
                outcomes.put(write, new Written());
                continue;
            }
            var error = errors.stream().filter(e -> names(e, write)).findFirst();
            if (error.isPresent()) {
                failed(write, error.get());
            } else {
                rest.add(write);
            }
        }
        // Results under ids nobody named are records that were merged in between: theirs is written too.
        boolean isAllElseDone = errors.isEmpty() && (status != 207 || doneIds.size() >= rest.size());
        if (isAllElseDone) {
            all(rest, new Written());
        } else if (writes.size() == 1 && !rest.isEmpty()) {
            failed(
                    writes.getFirst(),
                    errors.isEmpty() ? HubSpotError.ofText("an answer without result and error") : errors.getFirst());
        } else if (rest.size() < writes.size()) {
            update(rest);
        } else {
            singleOut(
                    rest,
                    errors.isEmpty()
                            ? "an answer without results and errors"
                            : errors.getFirst().text());
        }
    }

    private static boolean names(HubSpotError error, Write write) {
        return error.ids().contains(write.id()) || error.traces().contains(write.trace());
    }

    private void failed(Write write, HubSpotError error) {
        if (isFieldGone(error)) {
            withoutField.add(write);
            return;
        }
        outcomes.put(
                write,
                switch (error.category()) {
                    case "OBJECT_NOT_FOUND" -> new Skipped(HubSpotOutcomes.TARGET_GONE);
                    case "VALIDATION_ERROR" -> new GaveUp(error.text());
                    case "MISSING_SCOPES" -> new Refused(Refusal.MISSING_SCOPE, error.text());
                    case "RATE_LIMITS" -> new RetryLater(HubSpotAnswers.BURST_WAIT, error.text(), Attempt.FREE);
                    default -> new RetryLater(HubSpotAnswers.LOCKED_WAIT, error.text(), Attempt.COUNTED);
                });
    }

    private void refused(List<Write> writes, Bad bad) {
        if (isFieldGone(bad.error())) {
            withoutField.addAll(writes);
        } else if (bad.status() == 409 && bad.error().says("CONFLICT")) {
            // Somebody wrote to one of them at the same moment; soon nobody does.
            all(writes, new RetryLater(HubSpotAnswers.LOCKED_WAIT, bad.why(), Attempt.COUNTED));
        } else {
            refusals++;
            api.refusals().note(now(api));
            atFault(writes, bad);
        }
    }

    private void atFault(List<Write> writes, Bad bad) {
        var named = writes.stream().filter(write -> names(bad.error(), write)).toList();
        if (writes.size() > 1 && ONE_AT_FAULT.contains(bad.status())) {
            if (named.isEmpty() || named.size() == writes.size()) {
                singleOut(writes, bad.why());
            } else {
                named.forEach(write -> failed(write, bad.error()));
                update(writes.stream().filter(write -> !named.contains(write)).toList());
            }
        } else if (bad.status() == 404) {
            all(writes, new Skipped(HubSpotOutcomes.TARGET_GONE));
        } else {
            all(writes, new GaveUp(bad.why()));
        }
    }

    private boolean isFieldGone(HubSpotError error) {
        return !isRepaired && FIELD_GONE.stream().anyMatch(error::says);
    }

    private void repair(List<Write> writes) {
        isRepaired = true;
        switch (install.get()) {
            case Installed.Ready _ -> update(writes);
            case Installed.Clash(var what, var mend) -> all(writes, new GaveUp(what + ". " + mend));
            case Installed.Refused(var refusal, var why) -> all(writes, new Refused(refusal, why));
            case Installed.RetryLater(var after, var why) -> all(writes, new RetryLater(after, why, Attempt.COUNTED));
        }
    }

    /** At least one of these is at fault, and which one HubSpot does not say. */
    private void singleOut(List<Write> writes, String why) {
        if (writes.size() > 1 && isRoomFor(HALVING_ERRORS)) {
            halve(writes, why);
            return;
        }
        for (var write : writes) {
            if (isRoomFor(1) || isWithinShare()) {
                update(List.of(write));
            } else {
                outcomes.put(write, new RetryLater(HubSpotRefusals.TRIAL_WAIT, why, Attempt.COUNTED));
            }
        }
    }

    /** Where all of the first half got through, the fault is in the second, which need not be refused to know that. */
    private void halve(List<Write> writes, String why) {
        int half = writes.size() / 2;
        var first = writes.subList(0, half);
        var second = writes.subList(half, writes.size());
        update(first);
        if (second.size() > 1 && first.stream().allMatch(write -> outcomes.get(write) instanceof Written)) {
            singleOut(second, why);
        } else {
            update(second);
        }
    }

    private boolean isRoomFor(int errors) {
        return api.errors().hasRoomFor(errors, now(api)) || api.refusals().hasRoomFor(errors, now(api));
    }

    /** Whether the calls for this batch alone have so few errors that all of HubSpot's answers might. */
    private boolean isWithinShare() {
        return refusals <= ERRORS_BORNE + HubSpotErrors.SHARE_MAX * calls;
    }

    private static Instant now(HubSpotApi api) {
        return api.tools().clock().instant();
    }

    private void all(List<Write> writes, WriteBack outcome) {
        writes.forEach(write -> outcomes.put(write, outcome));
    }

    private JsonNode question(List<Write> writes) {
        var question = CrmJson.object();
        var inputs = question.putArray("inputs");
        for (var write : writes) {
            inputs.addObject()
                    .put("id", write.id())
                    .put("objectWriteTraceId", write.trace())
                    .set("properties", fields.values(write.finding()));
        }
        return question;
    }
}
