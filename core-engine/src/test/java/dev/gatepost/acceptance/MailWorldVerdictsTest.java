package dev.gatepost.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.verify.Evidence;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the demo promises of its addresses is what the engine says about them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MailWorldVerdictsTest {
    private MailWorld world;
    private EngineWorld engine;

    @BeforeAll
    void start() {
        world = MailWorld.start();
        engine = EngineWorld.over(world.zone(), world.smtpPort(), "127.77.0.0/16");
    }

    @AfterAll
    void stop() {
        engine.close();
        world.close();
    }

    static Stream<MailWorld.Example> examples() {
        return MailWorld.examples().stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void keepsThePromise(MailWorld.Example example) {
        var verification = engine.verify(example.address());
        assertThat(EngineWorld.said(verification))
                .as("%s: %s; %s", example.address(), example.what(), verification.evidence())
                .isEqualTo(example.expectedStatus() + " " + example.expectedReason());
        assertThat(verification.took()).isLessThan(EngineWorld.TIME_MAX);
        if (verification.evidence().stream().anyMatch(Evidence.Said.class::isInstance)) {
            assertThat(world.hostOf(verification.domain()).wasAskedForMoreThanRcpt())
                    .isFalse();
        }
    }
}
