package dev.gatepost.hubspot.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.hubspot.sandbox.ContactBook.Change;
import dev.gatepost.hubspot.sandbox.SandboxApp.EventForm;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.jspecify.annotations.Nullable;

/** Delivers webhooks: grouped, signed, repeated until taken. Plays HubSpot, so our own egress rules are not asked. */
final class WebhookSender implements AutoCloseable {
    /** Events of one delivery. HubSpot documentation, "Webhooks API guide", as for all below. */
    static final int EVENTS_MAX = 100;
    /** Tries after the first one. */
    static final int RETRIES_MAX = 10;
    /** How long HubSpot waits for an answer. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);
    /** Deliveries under way at once. */
    private static final int CONCURRENT_MAX = 10;
    /** How long events are collected into one delivery. */
    private static final Duration GROUPING = Duration.ofMillis(5);
    /** HubSpot spreads its tries over a day; here the first comes at once, each next one doubles up to the longest. */
    private static final Duration FIRST_RETRY = Duration.ofMillis(50);

    private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);
    /** Events waiting; beyond it the change waits, so that none is dropped. */
    private static final int QUEUE_MAX = 100_000;
    /** Tries remembered. */
    private static final int HISTORY_MAX = 1_000;

    private static final MediaType JSON = MediaType.get("application/json");

    private final SandboxApp app;
    private final InstantSource clock;
    private final WebhookSigner signer;
    private final OkHttpClient http = new OkHttpClient.Builder()
            .callTimeout(ANSWER_TIMEOUT)
            .followRedirects(false)
            .build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore concurrent = new Semaphore(CONCURRENT_MAX);
    private final LinkedBlockingQueue<ObjectNode> queue = new LinkedBlockingQueue<>(QUEUE_MAX);
    private final AtomicLong nextEventId = new AtomicLong(3_816_279_480L);
    private final ArrayDeque<SandboxDelivery> history = new ArrayDeque<>();
    private volatile @Nullable HttpUrl target;

    WebhookSender(SandboxApp app, InstantSource clock) {
        this.app = app;
        this.clock = clock;
        this.signer = new WebhookSigner(app.clientSecret());
        threads.execute(this::collect);
    }

    /** @throws IllegalArgumentException unless it is an http URL on loopback: a sandbox writes to nobody else */
    void target(String url) {
        var parsed = HttpUrl.get(url);
        if (!parsed.host().equals("localhost")
                && !parsed.host().equals("127.0.0.1")
                && !parsed.host().equals("::1")) {
            throw new IllegalArgumentException("the sandbox delivers to loopback only, not to " + parsed.host());
        }
        target = parsed;
    }

    WebhookSigner signer() {
        return signer;
    }

    List<SandboxDelivery> history() {
        synchronized (history) {
            return List.copyOf(history);
        }
    }

    /** Queues the event of a change. Without a target nobody has subscribed. */
    void tell(Change change) {
        if (target == null) {
            return;
        }
        try {
            queue.put(event(change));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the caller gives up, and with it the event
        }
    }

    /** Sends a body once more, newly signed, as HubSpot does when an answer was lost. */
    void resend(SandboxDelivery delivery) {
        threads.execute(() -> post(delivery.body(), delivery.events(), delivery.attempt()));
    }

    private void collect() {
        try {
            while (!threads.isShutdown()) {
                List<ObjectNode> group = new ArrayList<>();
                group.add(queue.take());
                var deadline = System.nanoTime() + GROUPING.toNanos();
                while (group.size() < EVENTS_MAX) {
                    var next = queue.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                    if (next == null) {
                        break;
                    }
                    group.add(next);
                }
                concurrent.acquire();
                threads.execute(() -> deliver(group));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the sandbox closes
        }
    }

    /** Called with a permit; waits for the next try without one, so that others get on. */
    private void deliver(List<ObjectNode> group) {
        boolean holdsPermit = true;
        try {
            var wait = FIRST_RETRY;
            for (int attempt = 0; attempt <= RETRIES_MAX; attempt++) {
                if (!holdsPermit) {
                    Thread.sleep(wait);
                    wait = wait.multipliedBy(2).compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wait.multipliedBy(2);
                    concurrent.acquire();
                    holdsPermit = true;
                }
                boolean isTaken = post(group, attempt).isTaken();
                concurrent.release();
                holdsPermit = false;
                if (isTaken) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the sandbox closes, and nobody needs a permit any more
        }
    }

    private SandboxDelivery post(List<ObjectNode> group, int attempt) {
        for (var event : group) {
            event.put("attemptNumber", attempt);
        }
        return post(SandboxJson.write(SandboxJson.array().addAll(group)), group.size(), attempt);
    }

    private SandboxDelivery post(String body, int events, int attempt) {
        var url = target;
        int status = url == null ? 0 : post(url, body);
        var delivery = new SandboxDelivery(body, events, attempt, status);
        synchronized (history) {
            if (history.size() == HISTORY_MAX) {
                history.removeFirst();
            }
            history.addLast(delivery);
        }
        return delivery;
    }

    private int post(HttpUrl url, String body) {
        var request = new Request.Builder().url(url).post(RequestBody.create(body.getBytes(UTF_8), JSON));
        signer.headers(url.toString(), body, clock.instant()).forEach(request::header);
        try (var response = http.newCall(request.build()).execute()) {
            return response.code();
        } catch (IOException e) {
            return 0; // not taken, tried again
        }
    }

    private ObjectNode event(Change change) {
        var event = SandboxJson.object()
                .put("eventId", nextEventId.getAndIncrement())
                .put("subscriptionId", 22)
                .put("portalId", app.portalId())
                .put("appId", app.appId())
                .put("occurredAt", clock.millis())
                .put("objectId", change.id())
                .put("attemptNumber", 0)
                .put("changeSource", "CRM_UI");
        boolean isGeneric = app.form() == EventForm.GENERIC && !(change instanceof Change.Erased);
        if (isGeneric) {
            event.put("objectTypeId", "0-1");
        }
        return event.put("subscriptionType", (isGeneric ? "object." : "contact.") + details(change, event));
    }

    /** Adds what only this kind of change has, and tells the kind's name. */
    private static String details(Change change, ObjectNode event) {
        return switch (change) {
            case Change.Created _ -> {
                event.put("changeFlag", "NEW");
                yield "creation";
            }
            case Change.EmailSet(var _, var email) -> {
                event.put("propertyName", "email").put("propertyValue", email);
                yield "propertyChange";
            }
            case Change.Deleted _ -> "deletion";
            case Change.Restored _ -> "restore";
            case Change.Erased _ -> "privacyDeletion";
            case Change.Merged(var id, var primary, var other) -> {
                event.put("primaryObjectId", primary).put("newObjectId", id).put("numberOfPropertiesMoved", 1);
                event.putArray("mergedObjectIds").add(other);
                yield "merge";
            }
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
