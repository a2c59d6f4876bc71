package dev.gatepost.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.store.Dialect;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Dialect.class)
@DisplayName("A drain while somebody waits for the store all the time")
class DrainPortionsTest {
    private static final int CONTACTS = 60;

    private final PipelineWorld world;
    private final FakeCrm crm;
    private final ScheduledExecutorService callers = Executors.newSingleThreadScheduledExecutor();

    DrainPortionsTest(Dialect dialect) {
        world = new PipelineWorld(dialect);
        crm = world.crm;
        world.grant(100);
        world.start();
        world.somebodyWaits();
        var _ = callers.scheduleWithFixedDelay(world::somebodyWaits, 0, 20, TimeUnit.MILLISECONDS);
    }

    @AfterEach
    void close() {
        callers.shutdownNow();
        assertThat(world.ledger.check()).isInstanceOf(LedgerCheck.Sound.class);
        world.close();
    }

    @Test
    @DisplayName(
            "J4: works all contacts off, and charges once for events of one contact that fall into several portions")
    void worksOffAllContactsAndChargesEachOnce() {
        var lines = new ArrayList<String>();
        for (int i = 0; i < CONTACTS; i++) {
            crm.emails.put("c" + i, "c" + i + "@example.org");
            lines.add("1 CREATED c" + i + " e" + i);
        }
        for (int i = 0; i < CONTACTS; i++) {
            lines.add("1 CHANGED c" + i + " f" + i);
        }

        assertThat(world.isCut()).isTrue();
        world.deliver(lines.toArray(String[]::new));

        await().until(() -> crm.written.size() == CONTACTS);
        await().untilAsserted(() -> assertThat(world.balance()).isEqualTo("40 0 60"));
        assertThat(world.verified).doesNotHaveDuplicates().hasSize(CONTACTS);
    }
}
