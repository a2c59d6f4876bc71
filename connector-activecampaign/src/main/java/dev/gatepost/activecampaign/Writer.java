package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.connector.WriteBack.GaveUp;
import dev.gatepost.connector.WriteBack.Refused;
import dev.gatepost.connector.WriteBack.RetryLater;
import dev.gatepost.connector.WriteBack.Skipped;
import dev.gatepost.connector.WriteBack.Written;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Sets our fields on contacts that are known to be there, each by one call. Used once, by one thread. */
final class Writer {
    /** What a contact's absence is told with; "Subscriber" is ActiveCampaign's word for a contact. */
    private static final String CONTACT_GONE = "Subscriber";

    private final Api api;
    private final FieldBook book;
    private final Aftermath aftermath;
    private boolean hasLookedAgain;

    Writer(Api api, FieldBook book, Aftermath aftermath) {
        this.api = api;
        this.book = book;
        this.aftermath = aftermath;
    }

    /** An outcome for each. After a wait for all, or a refusal of the key, the rest is not tried. */
    Map<Finding, WriteBack> run(List<Finding> findings) {
        Map<Finding, WriteBack> outcomes = new HashMap<>();
        WriteBack forAll = null;
        for (var finding : findings) {
            var outcome = forAll == null ? write(finding) : forAll;
            outcomes.put(finding, outcome);
            if (outcome instanceof Refused
                    || (outcome instanceof RetryLater(var _, var _, var counts) && counts == Attempt.FREE)) {
                forAll = outcome;
            }
        }
        return outcomes;
    }

    private WriteBack write(Finding finding) {
        return switch (book.ids(api)) {
            case FieldBook.Ids.Stopped(var why) -> unready(why);
            case FieldBook.Ids.Known(var ids) -> put(finding, ids);
        };
    }

    private WriteBack put(Finding finding, Map<String, String> ids) {
        var id = finding.objectId();
        var answer = api.put("contacts/" + id, body(finding, ids));
        if (isFieldInDoubt(answer, ids) && !hasLookedAgain) {
            hasLookedAgain = true;
            book.forget();
            return write(finding);
        }
        return switch (answer) {
            case Good _ -> afterwards(finding);
            case Bad(int status, var _) when status == 404 -> new Skipped(Outcomes.TARGET_GONE);
            case ApiAnswer other -> Outcomes.unwritten(Checker.sure(api, other));
        };
    }

    /** Whether an admin may have deleted a field of ours: refused, or left out of what was written. */
    private static boolean isFieldInDoubt(ApiAnswer answer, Map<String, String> ids) {
        return switch (answer) {
            case Bad(int status, var error) when status == 404 -> !error.text().contains(CONTACT_GONE);
            case Bad(int status, var _) -> status == 422;
            case Good(var body) ->
                !body.path("fieldValues").isEmpty() && !written(body).containsAll(ids.values());
            case ApiAnswer _ -> false;
        };
    }

    private static Set<String> written(JsonNode body) {
        return body.path("fieldValues")
                .valueStream()
                .map(value -> CrmJson.text(value, "field"))
                .collect(Collectors.toSet());
    }

    private WriteBack afterwards(Finding finding) {
        return aftermath
                .run(finding)
                .map(failed -> switch (Outcomes.unwritten(Checker.sure(api, failed))) {
                    case GaveUp(var why) -> new GaveUp("the fields are written, but what should follow failed: " + why);
                    case WriteBack other -> other;
                })
                .orElseGet(Written::new);
    }

    private JsonNode body(Finding finding, Map<String, String> ids) {
        var body = CrmJson.object();
        var values = body.putObject("contact").putArray("fieldValues");
        book.fields()
                .values(finding)
                .forEach((tag, value) -> values.addObject()
                        .put("field", ids.getOrDefault(tag, ""))
                        .put("value", value));
        return body;
    }

    /** What fields that cannot be made mean for a write-back. */
    static WriteBack unready(Installed why) {
        return switch (why) {
            case Installed.Ready _ -> throw new IllegalStateException("fields that are there stop nothing");
            case Installed.Clash(var what, var mend) -> new GaveUp(what + ". " + mend);
            case Installed.Refused(var refusal, var text) -> new Refused(refusal, text);
            case Installed.RetryLater(var after, var text) ->
                new RetryLater(after, text, after.compareTo(Duration.ZERO) > 0 ? Attempt.FREE : Attempt.COUNTED);
        };
    }
}
