package dev.gatepost.activecampaign;

import dev.gatepost.activecampaign.ContactReader.Read;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.LatelyRead;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Skipped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** One ActiveCampaign account. Safe for any thread. */
final class ActiveCampaign implements Connector {
    /**
     * Contacts of one call. Each is written by a call of its own, four a second, so that fifty are a quarter of a minute;
     * more would keep what was written unrecorded for longer, fewer would spend more of the calls on reading.
     */
    static final int BATCH_MAX = 50;

    private static final Duration IMPORT_POLL = Duration.ofSeconds(1);

    private final Api api;
    private final Options options;
    private final FieldBook book;
    private final Tags tags = new Tags();
    private final LatelyRead lately;
    private final Optional<HookAddress> address;
    private final Supplier<HookAddress> fresh;

    /**
     * @param address the connection's address for webhooks, if it has one
     * @param fresh makes a new one
     */
    ActiveCampaign(
            Api api, Options options, Fields fields, Optional<HookAddress> address, Supplier<HookAddress> fresh) {
        this.api = api;
        this.options = options;
        this.book = new FieldBook(fields);
        this.lately = new LatelyRead(api.tools().clock());
        this.address = address;
        this.fresh = fresh;
    }

    @Override
    public int batchMax() {
        return BATCH_MAX;
    }

    @Override
    public Installed install() {
        return new Installer(api, book, options, tags, address, fresh).install();
    }

    @Override
    public List<String> leave() {
        return address.map(known -> new Webhooks(api).remove(known)).orElse(List.of());
    }

    @Override
    public Contacts contacts(Urgency urgency, List<String> ids) {
        checkSize(ids.size());
        var calls = api.at(urgency);
        return switch (new ContactReader(calls).read(ids)) {
            case Read.Known(var known) -> {
                lately.note(known);
                yield new Contacts.Found(known);
            }
            case Read.Failed(var answer) -> Outcomes.unread(Checker.sure(calls, answer));
        };
    }

    @Override
    public List<WriteBack> writeBack(Urgency urgency, List<Finding> findings) {
        checkSize(findings.size());
        var calls = api.at(urgency);
        var ids = findings.stream().map(Finding::objectId).toList();
        var read = lately.take(ids).<Read>map(Read.Known::new).orElseGet(() -> new ContactReader(calls).read(ids));
        return switch (read) {
            case Read.Known(var known) -> writeTo(calls, known, findings);
            case Read.Failed(var answer) -> {
                var outcome = Outcomes.unwritten(Checker.sure(calls, answer));
                yield findings.stream().map(_ -> outcome).toList();
            }
        };
    }

    @Override
    public Listing list(Selection selection, String cursor, int limit) {
        return new ContactListing(api.at(Urgency.BACKGROUND)).page(selection, cursor, limit);
    }

    @Override
    public Counted count(Selection selection) {
        return new ContactListing(api.at(Urgency.BACKGROUND)).count(selection);
    }

    @Override
    public Checkup check() {
        return new Checker(api, options).look();
    }

    private List<WriteBack> writeTo(Api calls, List<Contact> known, List<Finding> findings) {
        var emails = known.stream().collect(Collectors.toMap(Contact::id, Contact::email));
        Map<Finding, WriteBack> outcomes = new HashMap<>();
        List<Finding> writes = new ArrayList<>();
        for (var finding : findings) {
            var email = emails.get(finding.objectId());
            if (email == null) {
                outcomes.put(finding, new Skipped(Outcomes.TARGET_GONE));
            } else if (!email.strip().equalsIgnoreCase(finding.email().strip())) {
                outcomes.put(finding, new Skipped(Outcomes.ADDRESS_CHANGED));
            } else {
                writes.add(finding);
            }
        }
        outcomes.putAll(write(calls, writes));
        return findings.stream()
                .map(finding -> outcomes.getOrDefault(
                        finding, new WriteBack.GaveUp("no outcome for contact " + finding.objectId())))
                .toList();
    }

    private Map<Finding, WriteBack> write(Api calls, List<Finding> findings) {
        var aftermath = new Aftermath(calls, options, tags);
        var singly = new Writer(calls, book, aftermath);
        var plain = findings.stream()
                .filter(finding -> !aftermath.isWanted(finding))
                .toList();
        if (!options.bulkImport() || plain.size() < BulkImport.CONTACTS_MIN) {
            return singly.run(findings);
        }
        var imported = new BulkImport(calls, book, IMPORT_POLL).run(plain);
        if (imported.isEmpty()) {
            return singly.run(findings);
        }
        Map<Finding, WriteBack> outcomes = new HashMap<>(imported.get());
        outcomes.putAll(singly.run(findings.stream().filter(aftermath::isWanted).toList()));
        return outcomes;
    }

    private static void checkSize(int size) {
        if (size > BATCH_MAX) {
            throw new IllegalArgumentException(size + " contacts in one call, at most " + BATCH_MAX);
        }
    }
}
