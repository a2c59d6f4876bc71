package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.intake.Troubles.Which;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of contacts that come while there are no credits (reliability C4). */
@ParameterizedClass
@EnumSource(Dialect.class)
class WithoutCreditsTest {
    private static final Troubles.By ANN = new Troubles.By("ann", "127.0.0.1");
    private static final Which IGNORED = new Which(Troubles.IGNORED, "");

    private final PipelineWorld world;
    private final FakeCrm crm;

    WithoutCreditsTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        crm.emails.put("7", "ann@example.org");
        crm.emails.put("8", "bob@example.org");
        world.start();
    }

    @AfterEach
    void close() {
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    private String connection() {
        return world.connection().id();
    }

    @Test
    @DisplayName("C4: where they are to be discarded they end, ignored for a reason, each with a row in the usage log")
    void discardsWhereEverybodyCanSeeIt() {
        world.restart(WithoutCredits.DISCARD);

        world.deliver("1 CREATED 7 e1", "1 CREATED 8 e2");

        world.awaitStates("ignored no_credits", "ignored no_credits");
        assertThat(world.verified).isEmpty();
        assertThat(world.billings()).containsExactly("insufficient_credits", "insufficient_credits");
        assertThat(world.troubles().health(connection()).orElseThrow().withoutCredits())
                .isEqualTo(2);
        assertThat(world.troubles().list(connection(), IGNORED, "", 10)).hasSize(2);
        assertThat(world.troubles().list(connection(), "", 10)).isEmpty();
    }

    @Test
    @DisplayName("C4: a grant wakes none that were discarded, but a person can run them again")
    void runsDiscardedOnesAgainOnlyWhenAPersonSaysSo() {
        world.restart(WithoutCredits.DISCARD);
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("ignored no_credits");

        world.grant(1);
        crm.emails.put("9", "");
        world.deliver("1 CREATED 9 e2");
        world.awaitStates("ignored no_credits", "ignored no_email");
        assertThat(world.verified).isEmpty();

        assertThat(world.troubles().runAgain(connection(), IGNORED, ANN)).isOne();
        world.awaitStates("done", "ignored no_email");
        assertThat(world.balance()).isEqualTo("0 0 1");
    }

    @Test
    @DisplayName(
            "C4: nothing that ended for another reason is run again with them, and none of them is discarded twice")
    void touchesNoOtherEvents() {
        world.restart(WithoutCredits.DISCARD);
        crm.emails.put("9", "");
        world.deliver("1 CREATED 7 e1", "1 CREATED 9 e2");
        world.awaitStates("ignored no_credits", "ignored no_email");
        var all = world.query("select id from event");

        assertThat(world.troubles().discard(connection(), all, ANN)).isZero();
        assertThat(world.troubles().runAgain(connection(), all, ANN)).isOne();
    }

    @Test
    @DisplayName(
            "C4: those that wait are discarded once the setting says so, and the next change of the contact counts again")
    void discardsWhatWaitedUnderTheOldSetting() {
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("waiting_credits no_credits");
        assertThat(world.billings()).isEqualTo(List.of());

        world.restart(WithoutCredits.DISCARD);
        world.pass(Duration.ofMinutes(6));
        world.awaitStates("ignored no_credits");

        world.grant(5);
        world.deliver("1 CHANGED 7 e2");
        world.awaitStates("ignored no_credits", "done");
        assertThat(world.balance()).isEqualTo("4 0 1");
    }
}
