package dev.gatepost.batch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.hook.Consumer;
import dev.gatepost.hook.HookEvent;
import dev.gatepost.hook.HookSamples;
import dev.gatepost.hook.Subscription;
import dev.gatepost.hook.SubscriptionDraft;
import dev.gatepost.verify.Label;
import dev.gatepost.workspace.KeyKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What receivers and callers read of a list. */
class BatchJsonTest {
    private static final Instant AT = Instant.parse("2026-11-23T09:10:00Z");

    private static Batch batch(Batch.Rows rows, Batch.Tally tally) {
        return new Batch(
                "b1",
                "main",
                KeyKind.LIVE,
                "leads",
                ListFormat.CSV,
                List.of("email"),
                "email",
                "standard",
                "Standard",
                BatchState.RUNNING,
                rows,
                tally,
                AT,
                null);
    }

    @Test
    void hasTheKeysOfTheSampleThatReceiversAreTriedWith() {
        var subscription = new Subscription(
                "s1",
                new SubscriptionDraft(
                        "main",
                        "https://example.com",
                        Set.of(HookEvent.BATCH_FINISHED),
                        "",
                        Set.of(),
                        Consumer.GENERIC,
                        ""),
                Subscription.State.ACTIVE,
                "",
                null,
                AT,
                "",
                "",
                null);
        var sample = ListJson.stored(HookSamples.of(subscription));
        var names = new ArrayList<String>();
        sample.fieldNames().forEachRemaining(names::add);
        var real = BatchJson.of(batch(new Batch.Rows(1, 1, 0, 0, 0), new Batch.Tally(1, Map.of(), 0, 0, 0, 0)));

        assertThat(real.fieldNames()).toIterable().containsExactlyElementsOf(names);
        assertThat(real.path("labels").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(() -> sample.path("labels").fieldNames());
    }

    @Test
    void isDoneWhenNothingIsOpenAndNotBefore() {
        var rows = new Batch.Rows(1_000, 1_000, 0, 0, 0);

        assertThat(batch(rows, new Batch.Tally(1, Map.of(Label.VALID, 999L), 0, 0, 0, 0))
                        .progress())
                .isEqualTo(99);
        assertThat(batch(rows, new Batch.Tally(0, Map.of(Label.VALID, 1_000L), 0, 0, 0, 0))
                        .progress())
                .isEqualTo(100);
        assertThat(batch(Batch.Rows.NONE, new Batch.Tally(0, Map.of(), 0, 0, 0, 0))
                        .progress())
                .isEqualTo(100);
    }

    @Test
    void isKeptForThirtyDays() {
        var batch = batch(Batch.Rows.NONE, new Batch.Tally(0, Map.of(), 0, 0, 0, 0));

        assertThat(batch.expiresAt()).isEqualTo(Instant.parse("2026-12-23T09:10:00Z"));
    }
}
