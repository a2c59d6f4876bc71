package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.intake.ConnectionHealth.Trouble;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person sees of a connection's health, and the events that need one. */
@ParameterizedClass
@EnumSource(Dialect.class)
class TroublesTest {
    private static final Troubles.By ANN = new Troubles.By("ann", "127.0.0.1");

    private final PipelineWorld world;
    private final FakeCrm crm;

    TroublesTest(Dialect dialect) {
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

    private ConnectionHealth health() {
        return world.troubles().health(world.connection().id()).orElseThrow();
    }

    @Test
    void tellsOfAHealthyConnection() {
        assertThat(health().lastEventAt()).isNull();
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");

        var health = health();
        assertThat(health.state()).isEqualTo(ConnectionState.ACTIVE);
        assertThat(health.lastEventAt()).isNotNull();
        assertThat(health.lastWriteAt()).isNotNull();
        assertThat(health.waiting() + health.held() + health.dead()).isZero();
        assertThat(world.checkup())
                .isInstanceOfSatisfying(
                        Checkup.Seen.class, seen -> assertThat(seen.account()).isEqualTo("1"));
    }

    @Test
    void runsADeadEventAgainWithoutASecondCredit() {
        crm.nextWrites.add(new WriteBack.GaveUp("a rule of the portal"));
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("dead a rule of the portal");
        assertThat(health().dead()).isEqualTo(1);
        var trouble = health().troubles().getFirst();
        assertThat(trouble).extracting(Trouble::reason, Trouble::objectId).containsExactly("a rule of the portal", "7");

        assertThat(world.troubles().runAgain(world.connection().id(), List.of(trouble.eventId()), ANN))
                .isEqualTo(1);

        world.awaitStates("done");
        assertThat(world.verified).hasSize(1);
        assertThat(world.balance()).isEqualTo("99 0 1");
        assertThat(world.query("select actor from audit where action = 'events_run_again'"))
                .containsExactly("ann");
    }

    @Test
    @DisplayName("L2: a forged delivery stands in the audit log, and a flood of them does not fill it")
    void writesDownAForgery() {
        world.deliver("bad signature");
        world.deliver("bad signature");
        assertThat(forgeries()).containsExactly("main wrong");

        world.pass(Duration.ofMinutes(2));
        world.deliver("bad signature");
        assertThat(forgeries()).hasSize(2);
    }

    private List<String> forgeries() {
        return world.query("select workspace_id || ' ' || detail from audit where action = 'signature_failed'");
    }

    @Test
    void discardsADeadEvent() {
        crm.nextWrites.add(new WriteBack.GaveUp("a rule of the portal"));
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("dead a rule of the portal");
        var id = health().troubles().getFirst().eventId();

        assertThat(world.troubles().discard(world.connection().id(), List.of(id), ANN))
                .isEqualTo(1);

        world.awaitStates("ignored discarded");
        assertThat(world.troubles().discard(world.connection().id(), List.of(id), ANN))
                .isZero();
        assertThat(world.troubles().runAgain("nobody", List.of(id), ANN)).isZero();
    }
}
