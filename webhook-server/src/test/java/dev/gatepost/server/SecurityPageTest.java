package dev.gatepost.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.workspace.Argon2Hasher;
import dev.gatepost.workspace.AuditAction;
import dev.gatepost.workspace.OneTimeLinks;
import dev.gatepost.workspace.PasswordRules;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Sessions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds docs/security.md to the code. */
class SecurityPageTest {

    private final String page = Files.readString(Path.of("../docs/security.md"));

    SecurityPageTest() throws IOException {}

    @Test
    void namesEveryActionOfTheAuditLogAndEveryRole() {
        for (var action : AuditAction.values()) {
            assertThat(page).contains("`" + action.word() + "`");
        }
        for (var role : Role.values()) {
            assertThat(page).contains(" " + role.word() + " |");
        }
    }

    @Test
    void givesTheNumbersOfTheCode() {
        assertThat(page)
                .contains(Argon2Hasher.COST.memory() / 1024 + " MiB, " + Argon2Hasher.COST.passes() + " passes")
                .contains(PasswordRules.LENGTH_MIN + " to " + PasswordRules.LENGTH_MAX + " characters")
                .contains(Sessions.IDLE_MAX.toMinutes() + " minutes without a request")
                .contains("after " + Sessions.AGE_MAX.toHours() + " hours")
                .contains("good for " + OneTimeLinks.GOOD_FOR.toMinutes() + " minutes")
                .contains("good for " + OneTimeLinks.INVITATION_GOOD_FOR.toDays() + " days");
    }
}
