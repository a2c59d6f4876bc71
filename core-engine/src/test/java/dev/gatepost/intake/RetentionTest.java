package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What is kept, and for how long. */
@ParameterizedClass
@EnumSource(Dialect.class)
class RetentionTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PipelineWorld world;
    private final FakeCrm crm;

    RetentionTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        crm.emails.put("7", "ann@example.org");
        world.grant(100);
        world.start();
    }

    @AfterEach
    void close() {
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private long rows(String table) {
        return Long.parseLong(
                world.query("select cast(count(*) as text) from " + table).getFirst());
    }

    @Test
    @DisplayName("L3: a raw body goes a week after its events have ended, and not before; what they say stays")
    void removesBodies() {
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");

        world.pass(Duration.ofDays(6));
        world.purge();
        assertThat(rows("delivery")).isEqualTo(1);
        world.pass(Duration.ofDays(2));
        world.purge();

        assertThat(rows("delivery")).isZero();
        assertThat(rows("event")).isEqualTo(1);
        assertThat(world.deliver("1 CREATED 7 e1")).isEqualTo(200);
        assertThat(rows("event")).isEqualTo(1);
    }

    @Test
    @DisplayName("L3: the body of an event that waits for a person stays")
    void keepsBodiesOfHeldEvents() {
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");
        world.execute("update event set state = 'held', due_at = null");

        world.pass(Duration.ofDays(60));
        world.purge();

        assertThat(rows("delivery")).isEqualTo(1);
        assertThat(rows("event")).isEqualTo(1);
    }

    @Test
    @DisplayName("L3, I3: keys of ended events go after thirty days, but no contact is charged again for it")
    void removesEndedEvents() {
        world.deliver("1 CREATED 7 e1", "1 OTHER 7 e2");
        await().atMost(SOON)
                .until(() -> world.query("select state from event order by dedupe_key")
                        .equals(List.of("done", "ignored")));
        world.pass(Duration.ofDays(29));
        world.purge();
        assertThat(rows("event")).isEqualTo(2);
        world.pass(Duration.ofDays(2));
        world.purge();
        assertThat(world.query("select dedupe_key from event")).containsExactly("e1");

        world.deliver("1 CHANGED 7 e3");

        world.awaitStates("done", "done");
        assertThat(world.balance()).isEqualTo("99 0 1");
    }

    @Test
    @DisplayName("L3: results and usage go after a year, the ledger never")
    void removesResults() {
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");
        world.pass(Duration.ofDays(364));
        world.purge();
        assertThat(rows("verification")).isEqualTo(1);
        world.pass(Duration.ofDays(2));
        world.purge();
        world.purge();

        assertThat(rows("verification") + rows("usage_log") + rows("event")).isZero();
        assertThat(world.balance()).isEqualTo("99 0 1");
        world.deliver("1 CREATED 7 e9");
        world.awaitStates("done");
        assertThat(world.balance()).isEqualTo("98 0 2");
    }

    @Test
    void removesMoreThanOneUnitTakes() {
        world.execute("""
                insert into audit (id, at, workspace_id, actor, origin, action, subject, detail)
                with recursive n (i) as (select 1 union all select i + 1 from n where i < 450)
                select '00000000000000000000000' || (1000 + i), 0, 'main', 'a', 'b', 'c', '', '' from n
                """);
        var before = rows("audit");

        assertThat(world.purge()).isEqualTo(450);

        assertThat(rows("audit")).isEqualTo(before - 450);
    }

    @Test
    void looksBySchedule() {
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");

        world.pass(Duration.ofDays(8));

        await().atMost(SOON).until(() -> rows("delivery") == 0);
    }
}
