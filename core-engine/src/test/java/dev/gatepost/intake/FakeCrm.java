package dev.gatepost.intake;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.ConnectionOption;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorPlugin;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.Delivery;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Reply;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import okio.ByteString;

/**
 * A CRM in memory: contacts by id, and what was written to them. A delivery is lines of {@code account kind object
 * dedupe-key}, the workflow it names behind them; the body {@code bad signature} is not authentic, {@code ???} is unusable.
 */
final class FakeCrm implements ConnectorPlugin, Connector {
    final Map<String, String> emails = new ConcurrentHashMap<>();
    final Map<String, List<Finding>> written = new ConcurrentHashMap<>();
    final List<Integer> writeCalls = new CopyOnWriteArrayList<>();

    /** What the next calls answer instead of working, one each. */
    final ConcurrentLinkedQueue<Contacts> nextReads = new ConcurrentLinkedQueue<>();

    final ConcurrentLinkedQueue<WriteBack> nextWrites = new ConcurrentLinkedQueue<>();

    final ConcurrentLinkedQueue<Listing> nextListings = new ConcurrentLinkedQueue<>();

    final ConcurrentLinkedQueue<WriteBack> nextReplies = new ConcurrentLinkedQueue<>();

    /** When contacts were changed; those without an entry just now. */
    final Map<String, Instant> changedAt = new ConcurrentHashMap<>();

    final Map<String, Instant> checkedAt = new ConcurrentHashMap<>();
    final Map<String, List<String>> members = new ConcurrentHashMap<>();
    final List<Selection> listings = new CopyOnWriteArrayList<>();
    final List<Reply> replies = new CopyOnWriteArrayList<>();
    final List<String> missing = new CopyOnWriteArrayList<>();
    volatile int pageMax = 100;

    /** The option of the connection for which the last connector was made. */
    volatile String tone = "";

    /** The settings that the last connector was made with. */
    volatile Map<String, String> settings = Map.of();

    /** How often it was left. */
    final AtomicInteger left = new AtomicInteger();

    /** What happens while contacts are listed. */
    volatile Consumer<Selection> duringListings = _ -> {};

    /** Whether a listing of changes tells any; off, so that tests of webhooks see what webhooks do. */
    volatile boolean tellsChanges;

    Delivery delivery(String... lines) {
        return new Delivery(
                "POST",
                "https://verify.example.com/hooks/fake/app",
                "app",
                Map.of(),
                ByteString.of(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)),
                Instant.now());
    }

    Finding last(String objectId) {
        return written.getOrDefault(objectId, List.of()).getLast();
    }

    @Override
    public String id() {
        return "fake";
    }

    @Override
    public String label() {
        return "Fake";
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<ConnectionOption> options(Account account) {
        return List.of(new ConnectionOption(
                "tone", "Tone", "How it speaks.", new ConnectionOption.Kind.Word(List.of("calm", "loud"), "calm")));
    }

    @Override
    public String hookKey(Account account) {
        return "app";
    }

    @Override
    public Connector connect(Account account, ConnectorTools tools) {
        tone = options(account).getFirst().of(account);
        settings = account.settings();
        return this;
    }

    @Override
    public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
        var body = delivery.body().utf8();
        if (body.equals("bad signature")) {
            return new Reading.Unauthentic("wrong");
        }
        if (body.equals("???")) {
            return new Reading.Unusable("no lines");
        }
        var events = new ArrayList<IncomingEvent>();
        for (var line : body.lines().toList()) {
            var words = List.of(line.split(" ", -1));
            events.add(new IncomingEvent(
                    words.get(0),
                    Kind.valueOf(words.get(1)),
                    words.get(2),
                    words.get(3),
                    Instant.EPOCH,
                    words.size() > 4 ? words.get(4) : ""));
        }
        return new Reading.Authentic(events);
    }

    @Override
    public int batchMax() {
        return 100;
    }

    @Override
    public List<String> leave() {
        left.incrementAndGet();
        if (settings.getOrDefault("token", "").equals("unusable")) {
            throw new IllegalArgumentException("token is missing");
        }
        return List.of("took the hook out with " + settings.getOrDefault("token", "no token"));
    }

    @Override
    public Installed install() {
        return new Installed.Ready("1", List.of());
    }

    @Override
    public Contacts contacts(Urgency urgency, List<String> ids) {
        var planned = nextReads.poll();
        if (planned != null) {
            return planned;
        }
        return new Contacts.Found(ids.stream()
                .filter(emails::containsKey)
                .map(id -> new Contacts.Contact(id, id, emails.getOrDefault(id, "")))
                .toList());
    }

    @Override
    public List<WriteBack> writeBack(Urgency urgency, List<Finding> findings) {
        writeCalls.add(findings.size());
        return findings.stream().map(this::write).toList();
    }

    @Override
    public Listing list(Selection selection, String cursor, int limit) {
        listings.add(selection);
        duringListings.accept(selection);
        var planned = nextListings.poll();
        if (planned != null) {
            return planned;
        }
        var page = all(selection)
                .filter(contact -> cursor.isEmpty() || number(contact.id()) > number(cursor))
                .limit(Math.min(limit, pageMax))
                .toList();
        return page.size() < Math.min(limit, pageMax)
                ? new Listing.Last(page, "")
                : new Listing.Page(page, page.getLast().id());
    }

    @Override
    public Counted count(Selection selection) {
        return new Counted.Contacts(all(selection).count());
    }

    private Stream<Listed> all(Selection selection) {
        return emails.keySet().stream()
                .sorted(Comparator.comparingLong(FakeCrm::number))
                .map(id -> new Listed(
                        id, emails.getOrDefault(id, ""), changedAt.getOrDefault(id, Instant.now()), checkedAt.get(id)))
                .filter(contact -> switch (selection) {
                    case Selection.All _ -> true;
                    case Selection.ChangedSince(var since, var _) ->
                        tellsChanges && !contact.changedAt().isBefore(since);
                    case Selection.Members(var list) ->
                        members.getOrDefault(list, List.of()).contains(contact.id());
                });
    }

    private static long number(String id) {
        return Long.parseLong(id);
    }

    @Override
    public Checkup check() {
        return new Checkup.Seen("1", "Fake account", missing, new Checkup.Quota.Left(90, 100, "day"));
    }

    @Override
    public List<WriteBack> reply(List<Reply> answers) {
        return answers.stream()
                .map(answer -> {
                    var planned = nextReplies.poll();
                    if (planned != null) {
                        return planned;
                    }
                    replies.add(answer);
                    return new WriteBack.Written();
                })
                .toList();
    }

    private WriteBack write(Finding finding) {
        var planned = nextWrites.poll();
        if (planned != null) {
            return planned;
        }
        var email = emails.get(finding.objectId());
        if (email == null) {
            return new WriteBack.Skipped("target_gone");
        }
        if (!email.equalsIgnoreCase(finding.email())) {
            return new WriteBack.Skipped("address_changed");
        }
        written.computeIfAbsent(finding.objectId(), _ -> new CopyOnWriteArrayList<>())
                .add(finding);
        return new WriteBack.Written();
    }
}
