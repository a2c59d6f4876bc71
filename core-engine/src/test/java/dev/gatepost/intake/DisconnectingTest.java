package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.connector.Checkup;
import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.ConnectionState;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person's disconnecting leaves: the history, and nothing that opens the account. */
@ParameterizedClass
@EnumSource(Dialect.class)
class DisconnectingTest {
    private static final Map<String, String> SETTINGS = Map.of("token", "c4nary");

    private final PipelineWorld world;
    private final FakeCrm crm;

    DisconnectingTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        crm.emails.put("7", "ann@example.org");
        world.grant(100);
        world.connect(SETTINGS);
        world.start();
    }

    @AfterEach
    void close() {
        world.close();
    }

    private String sealed() {
        return world.query("select secrets from connection").getFirst();
    }

    @Test
    void erasesTheCredentialsOnceTheAccountWasLeftWithThem() {
        assertThat(sealed()).isNotEmpty();

        assertThat(world.disconnect())
                .containsExactly("took the hook out with c4nary", "erased the credentials we had");

        assertThat(sealed()).isEmpty();
        assertThat(world.connection().account().settings()).isEmpty();
        assertThat(world.connection().state()).isEqualTo(ConnectionState.DISCONNECTED);
        assertThat(world.disconnect()).isEmpty();
        assertThat(crm.left).hasValue(1);
        assertThat(world.checkup())
                .isInstanceOfSatisfying(
                        Checkup.Refused.class,
                        refused -> assertThat(refused.why()).contains("connect it again"));
    }

    @Test
    void erasesCredentialsThatAreNoGoodForLeaving() {
        world.connect(Map.of("token", "unusable"));

        assertThat(world.disconnect())
                .containsExactly(
                        "could not ask the CRM to take us out: token is missing", "erased the credentials we had");
        assertThat(sealed()).isEmpty();
    }

    @Test
    void keepsTheHistoryAndGoesOnWhenItIsConnectedAgain() {
        world.deliver("1 CREATED 7 e1");
        world.awaitStates("done");
        var id = world.connection().id();
        world.disconnect();
        assertThat(world.query("select state from event")).containsExactly("done");

        assertThat(world.deliver("1 CREATED 7 e2")).as("ignored, not refused").isEqualTo(200);
        assertThat(world.query("select state from event")).containsExactly("done");

        world.connect(Map.of("token", "new"));
        assertThat(world.connection().id()).isEqualTo(id);
        crm.emails.put("8", "bob@example.org");
        world.deliver("1 CREATED 8 e3");
        world.awaitWritten("8");
        assertThat(crm.settings).isEqualTo(Map.of("token", "new"));
    }

    @Test
    void holdsWhatWasTakenBeforeAndLetsItGoOnOnceItIsConnectedAgain() {
        world.stop();
        world.deliver("1 CREATED 7 e1");
        world.disconnect();
        world.start();
        world.awaitStates("held connection_disconnected");

        world.connect(Map.of("token", "new"));
        world.awaitWritten("7");
    }

    @Test
    void erasesAtTheNextStartWhatACrashLeft() {
        world.stop();
        world.execute("update connection set state = 'disconnected'");
        assertThat(sealed()).isNotEmpty();

        world.start();

        assertThat(sealed()).isEmpty();
    }
}
