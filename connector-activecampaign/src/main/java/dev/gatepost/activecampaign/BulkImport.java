package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.connector.WriteBack.GaveUp;
import dev.gatepost.connector.WriteBack.RetryLater;
import dev.gatepost.connector.WriteBack.Written;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Sets our fields on many contacts by one import, and waits for its end. An import goes by address, so the contacts must
 * just have been seen with these addresses; it never subscribes anybody to anything. Used once, by one thread.
 *
 * <p>ActiveCampaign developer documentation, "Bulk import contacts".
 */
final class BulkImport {
    /** Fewer are written singly; ActiveCampaign asks for ten or more. */
    static final int CONTACTS_MIN = 10;
    /** Most contacts of one import. */
    static final int CONTACTS_MAX = 250;
    /** How often the outcome is asked for; a small import is done within seconds, and what is not is imported again. */
    private static final int POLLS_MAX = 15;
    /** At most a hundred imports a minute, told by a 400. */
    private static final Duration LIMIT_WAIT = Duration.ofSeconds(60);

    private final Api api;
    private final FieldBook book;
    private final Duration pollWait;

    /** @param pollWait between two questions for the outcome */
    BulkImport(Api api, FieldBook book, Duration pollWait) {
        this.api = api;
        this.book = book;
        this.pollWait = pollWait;
    }

    /** An outcome for each, or empty when ActiveCampaign takes no such import: then they are to be written singly. */
    Optional<Map<Finding, WriteBack>> run(List<Finding> findings) {
        return switch (book.ids(api)) {
            case FieldBook.Ids.Stopped(var why) -> Optional.of(all(findings, Writer.unready(why)));
            case FieldBook.Ids.Known(var ids) -> send(findings, ids);
        };
    }

    private Optional<Map<Finding, WriteBack>> send(List<Finding> findings, Map<String, String> ids) {
        return switch (api.post("import/bulk_import", body(findings, ids))) {
            case Good(var body)
            when !body.path("batchId").asText("").isEmpty() ->
                Optional.of(outcome(findings, body.path("batchId").asText("")));
            case Good _ -> Optional.empty();
            case Bad bad
            when isLimit(bad) -> Optional.of(all(findings, new RetryLater(LIMIT_WAIT, bad.why(), Attempt.FREE)));
            case Bad _, ApiAnswer.Denied _ -> Optional.empty();
            case ApiAnswer other -> Optional.of(all(findings, Outcomes.unwritten(other)));
        };
    }

    /** The limit of imports is told by status 400 and has no code, so that only its words are left to go by. */
    private static boolean isLimit(Bad bad) {
        return bad.status() == 400
                && bad.error().text().toLowerCase(Locale.ROOT).contains("rate limit");
    }

    private Map<Finding, WriteBack> outcome(List<Finding> findings, String batch) {
        for (int i = 0; i < POLLS_MAX; i++) {
            switch (api.get("import/info", "batchId", batch)) {
                case Good(var body)
                when body.path("status").asText("").equalsIgnoreCase("completed") -> {
                    return settle(findings, body);
                }
                case Good _, Bad _ -> {
                    if (!pause()) {
                        return all(findings, new RetryLater(Duration.ZERO, "interrupted", Attempt.FREE));
                    }
                }
                case ApiAnswer other -> {
                    return all(findings, Outcomes.unwritten(other));
                }
            }
        }
        return all(
                findings,
                new RetryLater(LIMIT_WAIT, "the import was not done after " + POLLS_MAX + " looks", Attempt.COUNTED));
    }

    private boolean pause() {
        try {
            Thread.sleep(pollWait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Map<Finding, WriteBack> settle(List<Finding> findings, JsonNode body) {
        var failed = lower(body.path("failure"));
        Map<Finding, WriteBack> outcomes = new HashMap<>();
        findings.forEach(finding -> outcomes.put(
                finding,
                failed.contains(finding.email().toLowerCase(Locale.ROOT)) || failed.contains(finding.objectId())
                        ? new GaveUp("the import left this contact out")
                        : new Written()));
        return outcomes;
    }

    private static Set<String> lower(JsonNode array) {
        return array.valueStream()
                .map(entry -> entry.asText("").strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    private JsonNode body(List<Finding> findings, Map<String, String> ids) {
        var body = CrmJson.object();
        var contacts = body.putArray("contacts");
        for (var finding : findings) {
            var fields = contacts.addObject().put("email", finding.email()).putArray("fields");
            book.fields()
                    .values(finding)
                    .forEach((tag, value) -> fields.addObject()
                            .put("id", Long.parseLong(ids.getOrDefault(tag, "0")))
                            .put("value", value));
        }
        return body;
    }

    private static Map<Finding, WriteBack> all(List<Finding> findings, WriteBack outcome) {
        Map<Finding, WriteBack> outcomes = new HashMap<>();
        findings.forEach(finding -> outcomes.put(finding, outcome));
        return outcomes;
    }
}
