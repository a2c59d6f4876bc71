package dev.gatepost.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.AuditRow;
import dev.gatepost.workspace.AuditLog.Deed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** L2: the audit log. */
@ParameterizedClass
@EnumSource(Dialect.class)
class AuditLogTest {
    private static final Deed GRANT = new Deed("main", "owner", "cli", "credits_granted", "main", "100 credits");
    private static final Deed KEY = new Deed("", "owner", "192.0.2.7", "key_created", "k1", "");

    private final WorkspaceStore world;
    private final AuditLog log;

    AuditLogTest(Dialect dialect) {
        world = new WorkspaceStore(dialect);
        log = new AuditLog(world.ids, world.clock);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void keepsDeedsInTheirOrder() {
        add(GRANT);
        add(KEY);

        var rows = rows("", 10);

        assertThat(rows).extracting(AuditRow::deed).containsExactly(GRANT, KEY);
        assertThat(rows.getFirst().at()).isEqualTo(world.clock.instant());
        assertThat(rows(rows.getFirst().id(), 10)).extracting(AuditRow::deed).containsExactly(KEY);
        assertThat(rows("", 1)).hasSize(1);
    }

    @Test
    void isNotThereWhenTheDeedWasUndone() {
        assertThatThrownBy(() -> world.store.database().write(handle -> {
                    log.add(handle, GRANT);
                    throw new IllegalStateException("the deed failed");
                }))
                .hasMessage("the deed failed");

        assertThat(rows("", 10)).isEmpty();
    }

    @Test
    @DisplayName("L2: rows are never changed, and not deleted before 400 days")
    void refusesChangesAndEarlyDeletion() {
        add(GRANT);

        assertThatThrownBy(() -> execute("update audit set actor = 'nobody'")).hasMessageContaining("never changed");
        assertThatThrownBy(() -> execute("delete from audit")).hasMessageContaining("400 days");
        assertThat(rows("", 10)).hasSize(1);
    }

    @Test
    @DisplayName("L3: retention removes what is older than 400 days")
    void letsOldRowsGo() {
        world.pass(Duration.ofDays(-10_000));
        add(GRANT);

        execute("delete from audit");

        assertThat(rows("", 10)).isEmpty();
    }

    private void add(Deed deed) {
        world.store.database().write(handle -> {
            log.add(handle, deed);
            return 0;
        });
    }

    private void execute(String sql) {
        world.store.database().write(handle -> handle.execute(sql));
    }

    private List<AuditRow> rows(String afterId, int limit) {
        return world.store.database().read(handle -> log.rows(handle, afterId, limit));
    }
}
