package dev.gatepost.intake;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.Errand;
import dev.gatepost.connector.Errand.Answered;
import dev.gatepost.connector.IncomingEvent;
import dev.gatepost.connector.IncomingEvent.Kind;
import dev.gatepost.connector.Reply.Outcome;
import dev.gatepost.connector.Urgency;
import dev.gatepost.intake.Events.Arrival;
import dev.gatepost.intake.Settled.Finality;
import dev.gatepost.intake.Telling.Decided;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.workspace.Connection;
import dev.gatepost.workspace.ConnectionState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Verifies for steps of a CRM's workflow, which wait a few seconds for the answer. An errand is an event like any other, so
 * claims, credits and restarts are the same; only the answer is waited for. Safe for any thread.
 */
final class Errands {
    /** Longest anybody is made to wait. */
    private static final Duration PATIENCE_MAX = Duration.ofSeconds(20);

    /** How often the table is asked, since another process may drain the connection. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);

    private static final Duration BUSY_WAIT = Duration.ofSeconds(10);

    private final DrainTools tools;
    private final Consumer<String> wake;

    /** @param wake called with the id of the connection that got something to do */
    Errands(DrainTools tools, Consumer<String> wake) {
        this.tools = requireNonNull(tools, "tools");
        this.wake = requireNonNull(wake, "wake");
    }

    Answered verify(Errand errand) {
        var known = tools.connections().byId(errand.connectionId());
        var state = known.map(Connection::state).orElse(ConnectionState.DISCONNECTED);
        if (state != ConnectionState.ACTIVE) {
            return failed("connection_" + state.word());
        }
        if (errand.email().isBlank()) {
            return failed("no_email");
        }
        try {
            return answer(errand, known.orElseThrow());
        } catch (StoreBusy _) {
            return new Answered.Busy(BUSY_WAIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answered.Busy(BUSY_WAIT);
        }
    }

    private Answered answer(Errand errand, Connection connection) throws InterruptedException {
        var now = tools.clock().instant();
        var event = tools.database().write(handle -> {
            tools.events().store(handle, "", List.of(arrival(errand, connection, now)), now);
            return tools.events().byKey(handle, connection.id(), key(errand)).orElseThrow();
        });
        wake.accept(connection.id());
        var patience = errand.patience().compareTo(PATIENCE_MAX) > 0 ? PATIENCE_MAX : errand.patience();
        var deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            var outcome = outcome(connection, event.id());
            if (outcome.isPresent()) {
                tools.database().write(handle -> {
                    tools.events().replied(handle, event.id());
                    return true;
                });
                return new Answered.Now(outcome.get());
            }
            var left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) {
                return new Answered.Later();
            }
            tools.waiters().await(event.id(), left.compareTo(LOOK_EVERY) < 0 ? left : LOOK_EVERY);
        }
    }

    private static Arrival arrival(Errand errand, Connection connection, Instant now) {
        var event = new IncomingEvent(connection.account().account(), Kind.ASKED, errand.objectId(), key(errand), now);
        return new Arrival(
                event,
                connection.workspaceId(),
                connection.id(),
                EventState.RECEIVED,
                "",
                new Occasion(Urgency.REAL_TIME, "", errand.email().strip(), errand.workflow(), errand.callback()));
    }

    private static String key(Errand errand) {
        return "step|" + errand.callback();
    }

    /** What is known of it by now; empty while it is under way. */
    private Optional<Outcome> outcome(Connection connection, String eventId) {
        var decided = tools.database().read(handle -> {
            var event = tools.events().byId(handle, eventId).orElseThrow();
            return new Seen(
                    event,
                    tools.verifications()
                            .find(handle, event.verificationId())
                            .filter(row -> !row.email().isEmpty()));
        });
        var event = decided.event();
        return switch (event.state()) {
            case RECEIVED, WAITING_CREDITS, RECHECK -> Optional.empty();
            case DECIDED, DONE, IGNORED, SKIPPED, DEAD, HELD ->
                decided.row().isEmpty()
                        ? unanswered(event)
                        : decided.row()
                                .filter(row -> row.finality() == Finality.FINAL)
                                .map(row -> new Outcome.Found(Replying.finding(
                                        tools, connection, new Decided(event, row, Telling.Age.LATEST))));
        };
    }

    private record Seen(EventRow event, Optional<Verifications.Row> row) {}

    private static Optional<Outcome> unanswered(EventRow event) {
        return event.state() == EventState.HELD
                ? Optional.empty()
                : Optional.of(new Outcome.Failed(event.reason().isEmpty() ? "erased" : event.reason()));
    }

    private static Answered failed(String reason) {
        return new Answered.Now(new Outcome.Failed(reason));
    }
}
