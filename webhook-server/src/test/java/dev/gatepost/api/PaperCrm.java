package dev.gatepost.api;

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
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Reading;
import dev.gatepost.connector.Selection;
import dev.gatepost.connector.Setting;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** A CRM whose contacts stand in a map; its webhooks cannot be read. */
final class PaperCrm implements ConnectorPlugin, Connector {

    final Map<String, String> emails = new ConcurrentSkipListMap<>();
    final Map<String, Instant> checkedAt = new ConcurrentHashMap<>();
    final AtomicBoolean takesNothing = new AtomicBoolean();
    final CountDownLatch listing = new CountDownLatch(1);
    final AtomicBoolean isSlow = new AtomicBoolean();
    final AtomicBoolean isLeft = new AtomicBoolean();

    @Override
    public String id() {
        return "paper";
    }

    @Override
    public String label() {
        return "Paper";
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<ConnectionOption> options(Account account) {
        return List.of(
                new ConnectionOption("glossy", "Glossy", "Whether it shines.", new ConnectionOption.Kind.Flag(false)),
                new ConnectionOption(
                        "ink",
                        "Ink",
                        "Its colour.",
                        new ConnectionOption.Kind.Word(List.of("black", "blue"), "black")));
    }

    @Override
    public String hookKey(Account account) {
        return account.account();
    }

    @Override
    public Connector connect(Account account, ConnectorTools tools) {
        return this;
    }

    @Override
    public Reading read(Delivery delivery, List<Account> accounts, Instant now) {
        return new Reading.Unusable("smudged");
    }

    @Override
    public int batchMax() {
        return 100;
    }

    @Override
    public Installed install() {
        return new Installed.Ready("1", List.of());
    }

    @Override
    public Contacts contacts(Urgency urgency, List<String> ids) {
        return new Contacts.Found(ids.stream()
                .filter(emails::containsKey)
                .map(id -> new Contacts.Contact(id, id, emails.getOrDefault(id, "")))
                .toList());
    }

    @Override
    public List<WriteBack> writeBack(Urgency urgency, List<Finding> findings) {
        return findings.stream()
                .<WriteBack>map(_ -> takesNothing.get() ? new WriteBack.GaveUp("locked") : new WriteBack.Written())
                .toList();
    }

    @Override
    public Listing list(Selection selection, String cursor, int limit) {
        if (isSlow.get() && !(selection instanceof Selection.ChangedSince)) {
            awaitListing();
        }
        return new Listing.Last(
                selection instanceof Selection.ChangedSince
                        ? List.of()
                        : emails.entrySet().stream()
                                .map(each -> new Listing.Listed(
                                        each.getKey(), each.getValue(), Instant.EPOCH, checkedAt.get(each.getKey())))
                                .toList(),
                "");
    }

    private void awaitListing() {
        try {
            listing.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Counted count(Selection selection) {
        return new Counted.Contacts(emails.size());
    }

    @Override
    public Checkup check() {
        return new Checkup.Seen("1", "Paper Ltd", List.of("ink"), new Checkup.Quota.Left(7, 10, "day"));
    }

    @Override
    public List<String> leave() {
        isLeft.set(true);
        return List.of();
    }
}
