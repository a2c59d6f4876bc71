package dev.gatepost.hubspot;

import dev.gatepost.connector.Account;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Connector;
import dev.gatepost.connector.ConnectorTools;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Contacts.Contact;
import dev.gatepost.connector.Finding;
import dev.gatepost.connector.Urgency;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.connector.WriteBack.Attempt;
import dev.gatepost.egress.RetryPlan;
import dev.gatepost.hubspot.sandbox.SandboxApp;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import okhttp3.HttpUrl;

/**
 * Many contacts on their way through the connector in simulated time, as the product sends them: in batches, read and then
 * written, again later when that is what the outcome says, held when HubSpot does not let us in. A call takes a tenth of a
 * second; waiting takes none, since the clock is set to what is due next.
 */
final class HubSpotRun implements AutoCloseable {
    private static final Duration CALL_TAKES = Duration.ofMillis(100);
    /** How long it takes until a person connects again. */
    private static final Duration PERSON_TAKES = Duration.ofHours(2);

    /** Trouble at HubSpot: what happens to one call, before HubSpot looks at it. */
    @FunctionalInterface
    interface Trouble {
        /**
         * Strikes, or does not.
         *
         * @param call number of the call, from 1
         * @param since simulated time since the run began
         */
        void strike(SandboxHubSpot hubSpot, int call, Duration since);
    }

    private record Item(Instant due, int attempts, List<String> ids) {}

    private final AtomicReference<Instant> now = new AtomicReference<>(HubSpotTestbed.NOW);
    private final InstantSource clock = now::get;
    private final Random random = new Random(20261126);
    private final SandboxHubSpot hubSpot;
    private final Trouble trouble;
    private final PriorityQueue<Item> queue = new PriorityQueue<>(Comparator.comparing(Item::due));
    private final List<Item> held = new ArrayList<>();
    private final ConnectorTools tools;
    private Instant start = HubSpotTestbed.NOW;
    private int calls;
    private boolean isRunning;
    private Connector connector;

    /** Contacts written. */
    int written;
    /** Contacts given up, with HubSpot's own word. */
    int givenUp;
    /** Contacts that are gone or have another address. */
    int skipped;
    /** Contacts tried too often. */
    int dead;
    /** How often a person had to connect again. */
    int connectedAgain;

    HubSpotRun(int portalCallsMax, Trouble trouble) {
        this.trouble = trouble;
        this.hubSpot = SandboxHubSpot.start(SandboxApp.standard().withCallsInTenSecondsMax(portalCallsMax), 0, clock);
        var http = HubSpotTestbed.http()
                .newBuilder()
                .addInterceptor(chain -> {
                    now.updateAndGet(at -> at.plus(CALL_TAKES));
                    if (isRunning) {
                        trouble.strike(hubSpot, ++calls, Duration.between(start, clock.instant()));
                    }
                    return chain.proceed(chain.request());
                })
                .build();
        this.tools = new ConnectorTools(http, clock, random, "gatepost_");
        this.connector = connect();
        if (!(connector.check() instanceof Checkup.Seen)) {
            throw new IllegalStateException("the portal does not let us in");
        }
        connector.install();
    }

    SandboxHubSpot hubSpot() {
        return hubSpot;
    }

    private Connector connect() {
        var portal = Long.toString(hubSpot.app().portalId());
        var settings = Map.of(HubSpotPlugin.TOKEN, hubSpot.app().token());
        var account = new Account("con_1", portal, "", settings);
        var api = new HubSpotApi(
                        HttpUrl.get(hubSpot.baseUrl()),
                        new HubSpotToken.Lasting(account.setting(HubSpotPlugin.TOKEN)),
                        tools,
                        portal,
                        HubSpotApi.CALLS_IN_WINDOW_MAX)
                .waitingAtMost(Duration.ZERO);
        return new HubSpot(
                api,
                HubSpotSettings.paths(account),
                new HubSpotFields("gatepost_", HubSpotMapping.of(account)),
                portal,
                HubSpotScopes.Use.CONTACTS);
    }

    /** Sends so many contacts through, {@code missing} of a hundred of which HubSpot does not know. */
    void send(int contacts, int missing) {
        long first = Long.parseLong(hubSpot.createContact("first@example.com", Map.of())) + 1;
        hubSpot.gatherCrowd(contacts, "example.com");
        start = clock.instant();
        isRunning = true;
        for (int i = 0; i < contacts; i += HubSpot.BATCH_MAX) {
            var ids = new ArrayList<String>();
            for (int j = 0; j < HubSpot.BATCH_MAX; j++) {
                ids.add(Long.toString(j < missing ? 9_000_000_000L + i + j : first + i + j));
            }
            queue.add(new Item(start, 0, ids));
        }
        while (!queue.isEmpty() || !held.isEmpty()) {
            if (queue.isEmpty()) {
                connectAgain();
            }
            work(queue.remove());
        }
        isRunning = false;
    }

    private void connectAgain() {
        connectedAgain++;
        now.updateAndGet(at -> at.plus(PERSON_TAKES));
        connector = connect();
        held.forEach(item -> queue.add(new Item(clock.instant(), item.attempts(), item.ids())));
        held.clear();
    }

    private void work(Item item) {
        now.updateAndGet(at -> item.due().isAfter(at) ? item.due() : at);
        switch (connector.contacts(Urgency.BACKGROUND, item.ids())) {
            case Contacts.Found(var found) -> write(item, found);
            case Contacts.RetryLater(var after, var _) -> again(item, item.ids(), after, Attempt.COUNTED);
            case Contacts.Refused _ -> hold(item, item.ids());
        }
    }

    private void write(Item item, List<Contact> found) {
        skipped += item.ids().size() - found.size();
        var findings = found.stream()
                .map(contact -> HubSpotTestbed.finding(contact.askedId(), contact.email()))
                .toList();
        var outcomes = connector.writeBack(Urgency.BACKGROUND, findings);
        Map<Duration, List<String>> counted = new HashMap<>();
        Map<Duration, List<String>> free = new HashMap<>();
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            switch (outcomes.get(i)) {
                case WriteBack.Written _ -> written++;
                case WriteBack.Skipped _ -> skipped++;
                case WriteBack.GaveUp _ -> givenUp++;
                case WriteBack.Refused _ -> refused.add(finding.objectId());
                case WriteBack.RetryLater(var after, var _, var counts) ->
                    (counts == Attempt.COUNTED ? counted : free)
                            .computeIfAbsent(after, _ -> new ArrayList<>())
                            .add(finding.objectId());
            }
        }
        counted.forEach((after, ids) -> again(item, ids, after, Attempt.COUNTED));
        free.forEach((after, ids) -> again(item, ids, after, Attempt.FREE));
        hold(item, refused);
    }

    /** Everything waits for a person: the connection is not worked on any more. */
    private void hold(Item item, List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        held.add(new Item(item.due(), item.attempts(), ids));
        held.addAll(queue);
        queue.clear();
    }

    private void again(Item item, List<String> ids, Duration after, Attempt counts) {
        int attempts = item.attempts() + (counts == Attempt.COUNTED ? 1 : 0);
        var wait = counts == Attempt.COUNTED
                ? RetryPlan.after(attempts, after, random)
                : Optional.of(RetryPlan.free(after));
        wait.ifPresentOrElse(
                delay -> queue.add(new Item(clock.instant().plus(delay), attempts, ids)), () -> dead += ids.size());
    }

    /** Answers of HubSpot since it was started, by HTTP status. */
    Map<Integer, Integer> answers() {
        return hubSpot.answers();
    }

    /** Errors among all answers HubSpot gave, from 0 to 1. */
    double shareOfErrors() {
        return (double) sum(status -> status >= 400) / sum(_ -> true);
    }

    private int sum(Function<Integer, Boolean> which) {
        Collection<Integer> counts = answers().entrySet().stream()
                .filter(answer -> which.apply(answer.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        return counts.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public void close() {
        hubSpot.close();
    }
}
