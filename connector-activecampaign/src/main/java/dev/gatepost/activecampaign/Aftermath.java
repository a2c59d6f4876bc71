package dev.gatepost.activecampaign;

import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Finding;
import java.util.Map;
import java.util.Optional;

/**
 * What an admin wants done to a contact besides its fields: one tag for the verdict, and for a rejected one a tag, leaving
 * lists, entering an automation. Each looks first, so that doing it twice does nothing the second time. Never subscribes,
 * never deletes.
 */
final class Aftermath {
    private static final String REJECT = "reject";
    private static final String ACTIVE = "1";
    private static final int UNSUBSCRIBED = 2;

    private final Api api;
    private final Options options;
    private final Tags tags;

    Aftermath(Api api, Options options, Tags tags) {
        this.api = api;
        this.options = options;
        this.tags = tags;
    }

    /** Whether there is anything to do for this finding. */
    boolean isWanted(Finding finding) {
        return !options.tagPrefix().isEmpty()
                || (finding.decision().equals(REJECT) && !options.onReject().isNothing());
    }

    /** Does it; the first call that failed, or empty. A contact that is gone by now needs nothing. */
    Optional<ApiAnswer> run(Finding finding) {
        var failed = isWanted(finding) ? all(finding) : Optional.<ApiAnswer>empty();
        return failed.filter(answer -> !isGone(answer));
    }

    private Optional<ApiAnswer> all(Finding finding) {
        var id = finding.objectId();
        var tagged = tag(finding);
        if (tagged.isPresent() || !finding.decision().equals(REJECT)) {
            return tagged;
        }
        return unsubscribe(id).or(() -> enter(id));
    }

    private Optional<ApiAnswer> tag(Finding finding) {
        boolean isRejectTagged =
                finding.decision().equals(REJECT) && !options.onReject().tag().isEmpty();
        if (options.tagPrefix().isEmpty() && !isRejectTagged) {
            return Optional.empty();
        }
        var answer = api.get("contacts/" + finding.objectId() + "/contactTags");
        if (!(answer instanceof Good(var body))) {
            return Optional.of(answer);
        }
        var links = Tags.links(body);
        var failed = options.tagPrefix().isEmpty() ? Optional.<ApiAnswer>empty() : tagVerdict(finding, links);
        return failed.isPresent() || !isRejectTagged
                ? failed
                : add(finding.objectId(), options.onReject().tag(), links);
    }

    /** The tags of other verdicts go first, so that no contact ever has two. */
    private Optional<ApiAnswer> tagVerdict(Finding finding, Map<String, String> links) {
        for (var label : Fields.labels()) {
            if (label.equals(finding.label())) {
                continue;
            }
            switch (tags.ensure(api, options.tagPrefix() + label)) {
                case Tags.Found.Tag(var tag)
                when links.containsKey(tag) -> {
                    var removed = api.delete("contactTags/" + links.get(tag));
                    if (!(removed instanceof Good) && !isGone(removed)) {
                        return Optional.of(removed);
                    }
                }
                case Tags.Found.Tag _ -> {
                    // it does not have this one
                }
                case Tags.Found.Failed(var answer) -> {
                    return Optional.of(answer);
                }
            }
        }
        return add(finding.objectId(), options.tagPrefix() + finding.label(), links);
    }

    private Optional<ApiAnswer> add(String contact, String name, Map<String, String> links) {
        return switch (tags.ensure(api, name)) {
            case Tags.Found.Failed(var answer) -> Optional.of(answer);
            case Tags.Found.Tag(var tag) when links.containsKey(tag) -> Optional.empty();
            case Tags.Found.Tag(var tag) -> {
                var failed = tags.add(api, contact, tag);
                if (failed.isPresent()) {
                    tags.forget(); // it may have been deleted in ActiveCampaign; the next try looks it up anew
                }
                yield failed;
            }
        };
    }

    private static boolean isGone(ApiAnswer answer) {
        return answer instanceof Bad(int status, var _) && status == 404;
    }

    /** Only from lists it is on: a status for another list would put it there. */
    private Optional<ApiAnswer> unsubscribe(String id) {
        var lists = options.onReject().lists();
        if (lists.isEmpty()) {
            return Optional.empty();
        }
        var answer = api.get("contacts/" + id + "/contactLists");
        if (!(answer instanceof Good(var body))) {
            return Optional.of(answer);
        }
        for (var entry : body.path("contactLists")) {
            var list = CrmJson.text(entry, "list");
            if (!lists.contains(list) || !CrmJson.text(entry, "status").equals(ACTIVE)) {
                continue;
            }
            var change = CrmJson.object();
            change.putObject("contactList")
                    .put("list", Long.parseLong(list))
                    .put("contact", Long.parseLong(id))
                    .put("status", UNSUBSCRIBED);
            var changed = api.post("contactLists", change);
            if (!(changed instanceof Good)) {
                return Optional.of(changed);
            }
        }
        return Optional.empty();
    }

    /** A repeat would enrol it again, so whoever was in it once is left alone. */
    private Optional<ApiAnswer> enter(String id) {
        var automation = options.onReject().automation();
        if (automation.isEmpty()) {
            return Optional.empty();
        }
        var answer = api.get("contacts/" + id + "/contactAutomations");
        if (!(answer instanceof Good(var body))) {
            return Optional.of(answer);
        }
        boolean wasThere = body.path("contactAutomations")
                .valueStream()
                .anyMatch(entry -> CrmJson.text(entry, "automation").equals(automation)
                        || CrmJson.text(entry, "seriesid").equals(automation));
        if (wasThere) {
            return Optional.empty();
        }
        var entry2 = CrmJson.object();
        entry2.putObject("contactAutomation").put("contact", id).put("automation", automation);
        var entered = api.post("contactAutomations", entry2);
        return entered instanceof Good ? Optional.empty() : Optional.of(entered);
    }
}
