package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.workspace.Argon2Hasher.Cost;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class Argon2HasherTest {
    /** A known answer, made with the reference program: echo -n password | argon2 somesalt -id -t 2 -m 16 -p 1. */
    private static final String REFERENCE =
            "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";

    private final Argon2Hasher hasher = new Argon2Hasher(Argon2Hasher.COST, new SecureRandom());

    @Test
    @DisplayName("X4: Argon2id with at least 19 MiB, 2 passes, 1 lane")
    void hashesAsPromised() {
        var stored = hasher.hash("seven quiet otters");

        assertThat(stored).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(hasher.matches("seven quiet otters", stored)).isTrue();
        assertThat(hasher.matches("seven quiet otter", stored)).isFalse();
        assertThat(hasher.hash("seven quiet otters")).as("another salt").isNotEqualTo(stored);
    }

    @Test
    void agreesWithTheReferenceProgram() {
        assertThat(hasher.matches("password", REFERENCE)).isTrue();
    }

    @Test
    void matchesNothingWithTheUnmatchable() {
        assertThat(hasher.matches("", hasher.unmatchable())).isFalse();
        assertThat(hasher.unmatchable()).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
    }

    @Test
    void knowsWhatWasHashedForLess() {
        var less = new Argon2Hasher(new Cost(1024, 1, 1), new SecureRandom()).hash("seven quiet otters");

        assertThat(hasher.isOutdated(less)).isTrue();
        assertThat(hasher.matches("seven quiet otters", less)).isTrue();
        assertThat(hasher.isOutdated(hasher.hash("seven quiet otters"))).isFalse();
    }

    @Test
    void refusesStoredTextThatIsNotOurs() {
        for (var text : new String[] {"", "$2y$10$abc", REFERENCE.replace("65536", "9999999")}) {
            assertThatThrownBy(() -> hasher.matches("password", text)).isInstanceOf(IllegalStateException.class);
        }
    }
}
