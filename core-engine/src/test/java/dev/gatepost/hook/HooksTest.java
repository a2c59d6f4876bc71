package dev.gatepost.hook;

import static dev.gatepost.hook.HookWorld.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.egress.UrlRules;
import dev.gatepost.hook.HookDelivery.State;
import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.By;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class HooksTest {
    private static final Duration SOON = Duration.ofSeconds(60);

    private final HookWorld world;

    HooksTest(Dialect dialect) {
        world = new HookWorld(dialect);
    }

    @BeforeEach
    void start() {
        world.hooks.start();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("G5, W1: tells a receiver once, signed, with an id and the body as it was written")
    void tellsAReceiver() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);

        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{\"id\":\"v1\"}");

        await().atMost(SOON).until(() -> world.seen.size() == 1);
        var call = world.seen.getFirst();
        assertThat(call.body()).isEqualTo("{\"id\":\"v1\"}");
        assertThat(call.event()).isEqualTo("verification.completed");
        assertThat(call.signature())
                .isEqualTo(WebhookSignature.header(
                        List.of(subscription.secret()),
                        call.id(),
                        Instant.ofEpochSecond(Long.parseLong(call.timestamp())),
                        call.body()));
        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).state() == State.DELIVERED);
        assertThat(world.onlyDelivery(subscription).id()).isEqualTo(call.id());
    }

    @Test
    void tellsOnlyWhoWantsIt() {
        world.subscribe("/rejected", HookEvent.EMAIL_REJECTED);
        world.subscribe(draft("/other", "paying", Set.of()));
        world.subscribe(draft("/risky", "", Set.of("risky")));
        world.subscribe(draft("/valid", "standard", Set.of("valid", "free")));

        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");

        await().atMost(SOON).until(() -> !world.bodies("/valid").isEmpty());
        assertThat(world.seen).extracting(HookWorld.Seen::path).containsExactly("/valid");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    @DisplayName("W1: what a lost transaction said is told to nobody")
    void tellsNothingOfALostTransaction() {
        world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);

        assertThatThrownBy(() -> world.store.database().write(handle -> {
                    world.outbox.add(
                            handle,
                            new Outbox.Happening(
                                    "main", HookEvent.VERIFICATION_COMPLETED, "v1", "", "", () -> "{\"lost\":1}"));
                    throw new IllegalStateException("lost");
                }))
                .hasMessage("lost");
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v2", "{}");

        await().atMost(SOON).until(() -> !world.seen.isEmpty());
        assertThat(world.bodies("/a")).containsExactly("{}");
    }

    @Test
    @DisplayName("W4: a failure is tried again under the same id, later each time")
    void triesAgainUnderTheSameId() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        world.receivers.put("/a", answering(500));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");
        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).attempts() == 1);
        var due = world.onlyDelivery(subscription).dueAt();
        assertThat(Duration.between(world.onlyDelivery(subscription).updatedAt(), due))
                .isBetween(Duration.ofMillis(4_000), Duration.ofMillis(6_001));
        assertThat(world.onlyDelivery(subscription).outcome()).isEqualTo("answered 500");

        world.receivers.put("/a", answering(200));
        world.later(Duration.ofSeconds(7));

        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).state() == State.DELIVERED);
        assertThat(world.seen)
                .extracting(HookWorld.Seen::id)
                .hasSize(2)
                .containsOnly(world.onlyDelivery(subscription).id());
    }

    @Test
    @DisplayName("W1: what an earlier run left is told after the next start, under the same id")
    void tellsWhatAnEarlierRunLeft() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        world.receivers.put("/a", answering(503));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "1");
        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).attempts() == 1);
        world.hooks.close();
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v2", "2");
        world.receivers.put("/a", answering(200));
        world.later(Duration.ofSeconds(7));

        world.startAnew();

        await().atMost(SOON).until(() -> world.bodies("/a").size() == 3);
        assertThat(world.bodies("/a").subList(1, 3)).containsExactlyInAnyOrder("1", "2");
        assertThat(world.seen.stream().filter(call -> call.body().equals("1")).map(HookWorld.Seen::id))
                .hasSize(2)
                .containsOnly(world.seen.getFirst().id());
    }

    @Test
    @DisplayName("W5: an answer's class decides what becomes of a message; 429, 401 and 403 count for no attempt")
    void followsTheClassOfAnAnswer() {
        var dead = List.of(400, 404, 405, 409, 413, 422);
        var again = List.of(301, 307, 408, 425, 500, 503);
        var held = List.of(401, 403, 429);
        var statuses = Stream.of(dead, again, held).flatMap(List::stream).toList();
        for (int status : statuses) {
            var at = world.receiver(answering(status, "Location", "http://127.0.0.1:1/inside"));
            var subscription = world.subscribe(at);
            world.happens(HookEvent.VERIFICATION_COMPLETED, "v" + status, "{}");

            await().atMost(SOON).until(() -> world.onlyDelivery(subscription).status() == status);
            var delivery = world.onlyDelivery(subscription);
            assertThat(delivery.state()).as("%s", status).isEqualTo(dead.contains(status) ? State.DEAD : State.WAITING);
            assertThat(delivery.attempts()).as("%s", status).isEqualTo(held.contains(status) ? 0 : 1);
            world.hooks.unsubscribe(By.COMMAND.in("main"), subscription.id());
        }
    }

    @Test
    @DisplayName("W4: a receiver that names a time is not called before it")
    void obeysRetryAfter() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        world.receivers.put("/a", answering(429, "Retry-After", "120"));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");
        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).status() == 429);

        assertThat(Duration.between(
                        world.onlyDelivery(subscription).updatedAt(),
                        world.onlyDelivery(subscription).dueAt()))
                .isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    @DisplayName("W5: 410 ends the subscription and what waits for it")
    void endsASubscriptionWhoseReceiverIsGone() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        world.receivers.put("/a", answering(410));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");

        await().atMost(SOON)
                .until(() -> world.hooks
                                .find("main", subscription.id())
                                .orElseThrow()
                                .state()
                        == Subscription.State.DISABLED);
        assertThat(world.onlyDelivery(subscription).state()).isEqualTo(State.DEAD);
        world.hooks.changed();
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v2", "{}");
        assertThat(rows()).as("nothing more is written for it").isEqualTo(1);
    }

    @Test
    @DisplayName("W6: a receiver without a success for 120 hours is disabled")
    void disablesAReceiverThatFailsForDays() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        world.receivers.put("/a", answering(500));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");
        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).attempts() == 1);

        world.later(Duration.ofHours(121));

        await().atMost(SOON)
                .until(() -> world.hooks
                                .find("main", subscription.id())
                                .orElseThrow()
                                .state()
                        == Subscription.State.DISABLED);
        assertThat(world.hooks.find("main", subscription.id()).orElseThrow().stateReason())
                .startsWith("no success since");
        world.receivers.put("/a", answering(200));
        assertThat(world.hooks.enable(By.COMMAND.in("main"), subscription.id())).isTrue();
        assertThat(world.hooks.redeliver(
                        "main",
                        subscription.id(),
                        world.onlyDelivery(subscription).id()))
                .isTrue();
        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).state() == State.DELIVERED);
    }

    @Test
    @DisplayName("W2: of one subject a receiver hears in order, and other subjects do not wait")
    void keepsTheOrderOfOneSubject() {
        world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        var first = new AtomicInteger();
        world.receivers.put(
                "/a",
                exchange -> answering(first.incrementAndGet() == 1 ? 500 : 200).answer(exchange));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "jane", "1");
        await().atMost(SOON).until(() -> world.seen.size() == 1);
        world.happens(HookEvent.VERIFICATION_COMPLETED, "jane", "2");
        world.happens(HookEvent.VERIFICATION_COMPLETED, "john", "3");
        await().atMost(SOON).until(() -> world.bodies("/a").contains("3"));
        assertThat(world.bodies("/a")).containsExactly("1", "3");

        world.later(Duration.ofSeconds(7));

        await().atMost(SOON).until(() -> world.bodies("/a").size() == 4);
        assertThat(world.bodies("/a")).containsExactly("1", "3", "1", "2");
    }

    @Test
    @DisplayName("W6: a receiver that never answers holds up nobody else")
    void aDeadReceiverSlowsNobodyElse() {
        var end = new CountDownLatch(1);
        var called = new AtomicInteger();
        var dead = world.receiver(exchange -> {
            called.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        world.subscribe(new SubscriptionDraft(
                "main", dead, Set.of(HookEvent.EMAIL_REJECTED), "", Set.of(), Consumer.GENERIC, ""));
        world.subscribe("/alive", HookEvent.VERIFICATION_COMPLETED);
        IntStream.range(0, 200).forEach(i -> world.happens(HookEvent.EMAIL_REJECTED, "d" + i, "{}"));
        await().atMost(SOON).until(() -> called.get() > 0);

        IntStream.range(0, 50).forEach(i -> world.happens(HookEvent.VERIFICATION_COMPLETED, "v" + i, "{}"));

        await().atMost(SOON).until(() -> world.bodies("/alive").size() == 50);
        assertThat(called.get()).isLessThanOrEqualTo(32);
        end.countDown();
    }

    @Test
    @DisplayName("E3, E4: refuses targets that are not public https names, and Zaps anywhere but at Zapier")
    void refusesTargets() {
        for (var url : List.of(
                "http://example.com/hook",
                "https://10.0.0.1/hook",
                "https://user:pass@example.com/",
                "https://example.com/#here",
                "https://example.com:8443/",
                "ftp://example.com/",
                "https://[::1]/",
                "")) {
            assertThat(new dev.gatepost.egress.Egress(dev.gatepost.egress.EgressRules.strict(), Instant::now)
                            .urlRules(dev.gatepost.egress.Purpose.HOOK)
                            .check(url))
                    .as(url)
                    .isInstanceOf(UrlRules.Objectionable.class);
        }
        assertThat(world.hooks.check(Consumer.ZAPIER, "https://evilzapier.com/x"))
                .isInstanceOf(UrlRules.Objectionable.class);
        assertThat(world.hooks.check(Consumer.ZAPIER, "https://hooks.zapier.com/hooks/standard/1/abc"))
                .isInstanceOf(UrlRules.Acceptable.class);
        assertThat(world.hooks.check(Consumer.GENERIC, "https://example.com/hook?a=b"))
                .isInstanceOf(UrlRules.Acceptable.class);
    }

    @Test
    @DisplayName("E1: the address is judged when it is dialled, whatever was saved")
    void judgesTheAddressWhenDialling() {
        // The name resolves to loopback, which is open at plain ports only where the operator says so; 443 is not in
        // use.
        var subscription = world.subscribe(new SubscriptionDraft(
                "main",
                "https://10.1.2.3/inside",
                Set.of(HookEvent.VERIFICATION_COMPLETED),
                "",
                Set.of(),
                Consumer.GENERIC,
                ""));

        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");

        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).state() == State.DEAD);
        assertThat(world.onlyDelivery(subscription).outcome())
                .startsWith("egress_refused")
                .doesNotContain("10.1.2.3");
    }

    @Test
    @DisplayName("G4: after a rotation both secrets sign for a day, then the new one alone")
    void rotatesASecret() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        var fresh = world.hooks.rotate(By.COMMAND.in("main"), subscription.id()).orElseThrow();
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");
        await().atMost(SOON).until(() -> world.seen.size() == 1);
        assertThat(world.seen.getFirst().signature().split(" ")).hasSize(2);

        world.later(Duration.ofHours(25));
        world.happens(HookEvent.VERIFICATION_COMPLETED, "v2", "{}");

        await().atMost(SOON).until(() -> world.seen.size() == 2);
        var call = world.seen.getLast();
        assertThat(call.signature())
                .isEqualTo(WebhookSignature.header(
                        List.of(fresh),
                        call.id(),
                        Instant.ofEpochSecond(Long.parseLong(call.timestamp())),
                        call.body()));
    }

    @Test
    void removesASubscriptionOnceAndAForeignOneNever() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);

        assertThat(world.hooks.unsubscribe(By.COMMAND.in("other"), subscription.id()))
                .isFalse();
        assertThat(world.hooks.unsubscribe(By.COMMAND.in("main"), subscription.id()))
                .isTrue();
        assertThat(world.hooks.unsubscribe(By.COMMAND.in("main"), subscription.id()))
                .isFalse();

        world.happens(HookEvent.VERIFICATION_COMPLETED, "v1", "{}");
        assertThat(rows()).isZero();
    }

    @Test
    void testsAReceiverAtOnce() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        var found = world.hooks.find("main", subscription.id()).orElseThrow();
        assertThat(world.hooks.test(found, HookSamples.of(found))).isEqualTo(new Attempt.Delivered(200));
        assertThat(world.seen.getFirst().event()).isEqualTo("verification.completed");
        world.receivers.put("/a", answering(404));
        assertThat(world.hooks.test(found, "{}")).isEqualTo(new Attempt.Refused(404, "answered 404"));
        assertThat(rows()).isZero();
    }

    @Test
    @DisplayName("L4: an erasure removes what was told, and what was not yet")
    void erasesASubject() {
        var subscription = world.subscribe("/a", HookEvent.VERIFICATION_COMPLETED);
        world.happens(HookEvent.VERIFICATION_COMPLETED, "jane", "{\"email\":\"jane@example.com\"}");
        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).state() == State.DELIVERED);

        int erased = world.store.database().write(handle -> world.outbox.erase(handle, "main", "jane"));

        assertThat(erased).isEqualTo(1);
        assertThat(rows()).isZero();
    }

    private SubscriptionDraft draft(String path, String workflow, Set<String> labels) {
        return new SubscriptionDraft(
                "main",
                world.url(path),
                Set.of(HookEvent.VERIFICATION_COMPLETED),
                workflow,
                labels,
                Consumer.GENERIC,
                "");
    }

    private long rows() {
        return world.store
                .database()
                .<Long>read(handle -> handle.createQuery("select count(*) from hook_delivery")
                        .mapTo(Long.class)
                        .one());
    }
}
