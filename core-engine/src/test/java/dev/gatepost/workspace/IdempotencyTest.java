package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.Idempotency.Holder;
import dev.gatepost.workspace.Idempotency.Turn;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
class IdempotencyTest {
    private static final Asked ASKED = new Asked(Workspaces.MAIN, "POST /v1/things", "k1", "hash");

    private final WorkspaceStore world;
    private final Idempotency kept;

    IdempotencyTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        kept = new Idempotency(world.secrets, world.clock);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Turn take(Asked asked) {
        return world.store.database().write(handle -> kept.take(handle, asked, "ref"));
    }

    @Test
    @DisplayName("K2: first, then running, then the stored answer")
    void tellsTheFirstFromThoseAfterIt() {
        assertThat(take(ASKED)).isEqualTo(new Turn.First());
        assertThat(take(ASKED)).isEqualTo(new Turn.Running("ref"));
        world.store.database().write(handle -> {
            kept.done(handle, ASKED, 201, "{\"key\":\"secret\"}");
            return 0;
        });
        assertThat(take(ASKED)).isEqualTo(new Turn.Answered(201, "{\"key\":\"secret\"}"));
        assertThat(world.store
                        .database()
                        .<String>read(handle -> handle.createQuery("select body from idempotency")
                                .mapTo(String.class)
                                .one()))
                .doesNotContain("secret");
    }

    @Test
    @DisplayName("K1: a key counts for one workspace and one route; K2: for one request")
    void keepsKeysApart() {
        take(ASKED);

        assertThat(take(new Asked("other", ASKED.route(), "k1", "hash"))).isEqualTo(new Turn.First());
        assertThat(take(new Asked(Workspaces.MAIN, "POST /v1/others", "k1", "hash")))
                .isEqualTo(new Turn.First());
        assertThat(take(new Asked(Workspaces.MAIN, ASKED.route(), "k1", "else")))
                .isEqualTo(new Turn.Different());
    }

    @Test
    void isFreeAgainAfterItWasWithdrawn() {
        take(ASKED);
        world.store.database().write(handle -> {
            kept.withdraw(handle, ASKED);
            return 0;
        });

        assertThat(take(ASKED)).isEqualTo(new Turn.First());
    }

    @Test
    @DisplayName("K3: an answer is kept 72 hours; a running request never expires")
    void purgesAnswersAfter72HoursAndNothingThatRuns() {
        take(ASKED);
        var running = new Asked(Workspaces.MAIN, ASKED.route(), "k2", "hash");
        take(running);
        world.store.database().write(handle -> {
            kept.done(handle, ASKED, 200, "{}");
            return 0;
        });

        world.pass(Duration.ofDays(3));
        assertThat(purge()).isZero();
        world.pass(Duration.ofMillis(1));
        assertThat(purge()).isEqualTo(1);
        assertThat(take(ASKED)).isEqualTo(new Turn.First());
        assertThat(take(running)).isEqualTo(new Turn.Running("ref"));
    }

    @Test
    @DisplayName(
            "K3: work of many transactions runs as long as somebody says so; what a dead process left is taken over")
    void takesOverWhatNobodyHoldsAnyMore() {
        var first = new Holder("first");
        var second = new Holder("second");
        assertThat(hold(first)).isEqualTo(new Turn.First());
        world.pass(Idempotency.HELD.minusMillis(1));
        assertThat(hold(second)).isEqualTo(new Turn.Running(""));
        write(handle -> kept.holdOn(handle, ASKED, first));
        world.pass(Idempotency.HELD.minusMillis(1));
        assertThat(hold(second)).isEqualTo(new Turn.Running(""));

        world.pass(Duration.ofMillis(1));
        assertThat(hold(second)).isEqualTo(new Turn.First());
        assertThat(hold(new Holder("third"))).isEqualTo(new Turn.Running(""));
    }

    @Test
    void takesNoAnswerFromWhoeverWasTakenOver() {
        var first = new Holder("first");
        var second = new Holder("second");
        hold(first);
        world.pass(Idempotency.HELD);
        hold(second);

        write(handle -> kept.done(handle, ASKED, first, 200, "of the first"));
        write(handle -> kept.withdraw(handle, ASKED, first));
        write(handle -> kept.holdOn(handle, ASKED, first));
        assertThat(hold(first)).isEqualTo(new Turn.Running(""));
        write(handle -> kept.done(handle, ASKED, second, 200, "of the second"));
        assertThat(hold(first)).isEqualTo(new Turn.Answered(200, "of the second"));
    }

    @Test
    @DisplayName("K2: another request does not get the place of one that died")
    void refusesAnotherRequestWhereOneDied() {
        hold(new Holder("first"));
        world.pass(Idempotency.HELD);
        var other = new Asked(Workspaces.MAIN, ASKED.route(), "k1", "else");

        assertThat(world.store.database().<Turn>write(handle -> kept.hold(handle, other, new Holder("second"))))
                .isEqualTo(new Turn.Different());
    }

    @Test
    @DisplayName("K3: one of many that come after a process died gets its place")
    void givesThePlaceToOne() throws Exception {
        hold(new Holder("first"));
        world.pass(Idempotency.HELD);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var turns = threads
                    .invokeAll(IntStream.range(0, 20)
                            .<Callable<Turn>>mapToObj(i -> () -> hold(new Holder("next " + i)))
                            .toList())
                    .stream()
                    .map(Future::resultNow)
                    .toList();
            assertThat(turns).filteredOn(new Turn.First()::equals).hasSize(1);
            assertThat(turns).filteredOn(new Turn.Running("")::equals).hasSize(19);
        }
    }

    /** What a request makes, for the routes that make something in the transaction that keeps the answer. */
    private Map<String, Function<Handle, String>> making(PeopleWorld people, AuditLog.By by) {
        var keys = new ApiKeys(world.store.database(), world.ids, world.clock, new SecureRandom());
        var draft = new ApiKey.Draft(
                Workspaces.MAIN, KeyKind.LIVE, "a key", Set.of(Scope.READ), List.of(), List.of(), 100, null);
        var newcomer = new People.Newcomer("bob@acme.io", "Bob", Role.VIEWER);
        return Map.of(
                "person and link",
                handle -> {
                    var added = (People.Added.Joined) people.people.add(handle, by, newcomer);
                    return people.links
                            .invite(handle, by, added.member().person().id())
                            .orElseThrow();
                },
                "link",
                handle -> people.links.invite(handle, by, by.actor()).orElseThrow(),
                "workspace",
                handle -> people.workspaces
                        .found(handle, by, "Second", world.ids, people.audit)
                        .id(),
                "key",
                handle -> keys.create(handle, draft, by).text());
    }

    @Test
    @DisplayName(
            "K1: a process that dies between what it makes and the answer has made nothing, and the request is as new")
    void makesNothingWhenTheProcessDiesBeforeTheAnswerIsKept() {
        var people = new PeopleWorld(world);
        var by = PeopleWorld.by(people.owner());
        making(people, by).forEach((name, make) -> {
            var asked = new Asked(Workspaces.MAIN, "POST " + name, "k", "hash");
            var before = rows();

            assertThatThrownBy(() -> world.store.database().<Boolean>write(handle -> {
                        assertThat(kept.take(handle, asked, "")).isEqualTo(new Turn.First());
                        var _ = make.apply(handle);
                        throw new Died();
                    }))
                    .as(name)
                    .isInstanceOf(Died.class);
            assertThat(rows()).as(name).isEqualTo(before);

            var answer = world.store.database().<String>write(handle -> {
                assertThat(kept.take(handle, asked, "")).as(name).isEqualTo(new Turn.First());
                var made = make.apply(handle);
                kept.done(handle, asked, 201, made);
                return made;
            });
            assertThat(rows()).as(name).isNotEqualTo(before);
            assertThat(take(asked)).as(name).isEqualTo(new Turn.Answered(201, answer));
        });
    }

    private static final class Died extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private Map<String, Long> rows() {
        return Stream.of(
                        "person", "member", "one_time_link", "workspace", "workflow", "api_key", "audit", "idempotency")
                .collect(Collectors.toMap(
                        table -> table,
                        table -> world.store
                                .database()
                                .<Long>read(handle -> handle.createQuery("select count(*) from " + table)
                                        .mapTo(Long.class)
                                        .one())));
    }

    private Turn hold(Holder holder) {
        return world.store.database().write(handle -> kept.hold(handle, ASKED, holder));
    }

    private void write(Consumer<Handle> work) {
        world.store.database().write(handle -> {
            work.accept(handle);
            return true;
        });
    }

    private int purge() {
        return world.store.database().<Integer>write(handle -> kept.purge(handle, 100));
    }
}
