package dev.gatepost.hubspot;

import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.LatelyRead;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.Reply;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Skipped;
import dev.gatepost.hubspot.HubSpotContacts.Read;
import dev.gatepost.hubspot.HubSpotUpdate.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One HubSpot portal. Keep one for each portal: the portal's call limit is counted in it. Safe for any thread. */
final class HubSpot implements Connector {
    /** Inputs of one batch call. HubSpot developer documentation, "Contacts guide". */
    static final int BATCH_MAX = 100;

    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private final HubSpotFields fields;
    private final String portal;
    private final LatelyRead lately;
    private final HubSpotScopes scopes;

    /** @param portal the portal's id, empty while it is not known */
    HubSpot(HubSpotApi api, HubSpotPaths paths, HubSpotFields fields, String portal, HubSpotScopes.Use use) {
        this.scopes = new HubSpotScopes(api, paths, use);
        this.lately = new LatelyRead(api.tools().clock());
        this.api = api;
        this.paths = paths;
        this.fields = fields;
        this.portal = portal;
    }

    @Override
    public int batchMax() {
        return BATCH_MAX;
    }

    @Override
    public Installed install() {
        return new HubSpotInstall(api, paths, fields, portal).install();
    }

    @Override
    public Contacts contacts(Urgency urgency, List<String> ids) {
        checkSize(ids.size());
        return switch (new HubSpotContacts(api.at(urgency), paths).read(ids)) {
            case Read.Known(var known) -> {
                note(urgency, known);
                yield new Contacts.Found(known);
            }
            case Read.Failed(var answer) -> HubSpotOutcomes.unread(answer);
        };
    }

    /** Of work through many contacts alone: a contact that has just come or changed may well change again. */
    private void note(Urgency urgency, List<Contact> known) {
        switch (urgency) {
            case BACKGROUND -> lately.note(known);
            case REAL_TIME -> {
                // read again before it is written
            }
        }
    }

    /** Where the verdict of many came at once, a second reading would be a third of all calls. */
    private Read readBeforeWriting(Urgency urgency, HubSpotApi calls, List<String> ids) {
        var reader = new HubSpotContacts(calls, paths);
        return switch (urgency) {
            case BACKGROUND -> lately.take(ids).<Read>map(Read.Known::new).orElseGet(() -> reader.read(ids));
            case REAL_TIME -> reader.read(ids);
        };
    }

    @Override
    public List<WriteBack> writeBack(Urgency urgency, List<Finding> findings) {
        checkSize(findings.size());
        var calls = api.at(urgency);
        var wait = HubSpotUpdate.waitFor(calls);
        if (!wait.isZero()) {
            return findings.stream()
                    .map(_ -> HubSpotUpdate.refusedLately(wait))
                    .toList(); // without reading them in vain
        }
        var ids = findings.stream().map(Finding::objectId).toList();
        return switch (readBeforeWriting(urgency, calls, ids)) {
            case Read.Known(var known) -> writeTo(calls, known, findings);
            case Read.Failed(var answer) ->
                findings.stream().map(_ -> HubSpotOutcomes.failed(answer)).toList();
        };
    }

    @Override
    public Listing list(Selection selection, String cursor, int limit) {
        return new HubSpotListing(api.at(Urgency.BACKGROUND), paths, fields).page(selection, cursor, limit);
    }

    @Override
    public Counted count(Selection selection) {
        return new HubSpotListing(api.at(Urgency.BACKGROUND), paths, fields).count(selection);
    }

    @Override
    public Checkup check() {
        return new HubSpotCheckup(api, paths, portal, scopes).look();
    }

    /** Only an app that was installed by OAuth can be taken out; a static one is the admin's own project. */
    @Override
    public List<String> leave() {
        if (!api.isByOAuth()) {
            return List.of();
        }
        return List.of(
                switch (api.delete(paths.uninstall())) {
                    case HubSpotAnswer.Good _ -> "took the app out of the portal";
                    case HubSpotAnswer.Denied(var refusal, var _)
                    when refusal == Refusal.NEEDS_REAUTH -> "the app has no access to the portal any more";
                    case HubSpotAnswer _ -> "could not take the app out of the portal; do it in HubSpot's settings";
                });
    }

    @Override
    public List<WriteBack> reply(List<Reply> replies) {
        checkSize(replies.size());
        return new HubSpotReplies(api, paths).tell(replies);
    }

    private List<WriteBack> writeTo(HubSpotApi calls, List<Contact> known, List<Finding> findings) {
        Map<String, Contact> byAskedId = new HashMap<>();
        known.forEach(contact -> byAskedId.put(contact.askedId(), contact));
        Set<String> targets = new HashSet<>();
        Map<Finding, Write> writes = new LinkedHashMap<>();
        Map<Finding, WriteBack> skipped = new HashMap<>();
        for (var finding : findings) {
            var contact = byAskedId.get(finding.objectId());
            if (contact == null) {
                skipped.put(finding, new Skipped(HubSpotOutcomes.TARGET_GONE));
            } else if (!isSameAddress(contact.email(), finding.email())) {
                skipped.put(finding, new Skipped(HubSpotOutcomes.ADDRESS_CHANGED));
            } else if (!targets.add(contact.id())) {
                // Two contacts of this batch were merged into one, and HubSpot refuses an id twice: one write will do.
                skipped.put(finding, new Skipped(HubSpotOutcomes.TARGET_GONE));
            } else {
                writes.put(finding, new Write(contact.id(), finding));
            }
        }
        var outcomes = new HubSpotUpdate(calls, paths, fields, this::install).run(new ArrayList<>(writes.values()));
        return findings.stream()
                .map(finding -> writes.containsKey(finding)
                        ? outcomes.getOrDefault(writes.get(finding), lost(finding))
                        : skipped.getOrDefault(finding, lost(finding)))
                .toList();
    }

    private static WriteBack lost(Finding finding) {
        return new WriteBack.GaveUp("no outcome for contact " + finding.objectId());
    }

    /** HubSpot keeps addresses in lower case, whatever was typed. */
    private static boolean isSameAddress(String one, String other) {
        return one.strip().equalsIgnoreCase(other.strip());
    }

    private static void checkSize(int size) {
        if (size > BATCH_MAX) {
            throw new IllegalArgumentException(size + " contacts in one call, at most " + BATCH_MAX);
        }
    }
}
