package dev.gatepost.api;

import static java.util.Objects.requireNonNull;

import dev.gatepost.http.Fault;
import dev.gatepost.http.Problem;
import dev.gatepost.http.Refused;
import dev.gatepost.store.Database;
import dev.gatepost.store.Ids;
import dev.gatepost.store.StoreBusy;
import dev.gatepost.workspace.Idempotency;
import dev.gatepost.workspace.Idempotency.Asked;
import dev.gatepost.workspace.Idempotency.Holder;
import dev.gatepost.workspace.Idempotency.Turn;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives requests with an {@code Idempotency-Key} one effect and one answer (reliability K1-K3). Safe for any thread. */
public final class Once {

    private static final int KEY_CHARS_MAX = 255;

    /** So that several may fail before the key is taken to be free ({@link Idempotency#HELD}). */
    private static final Duration HOLD_ON_EVERY = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(Once.class);

    private final Database database;
    private final Idempotency kept;
    private final Ids ids;
    private final Duration holdOnEvery;

    /** @param ids tell those who work on requests apart */
    public Once(Database database, Idempotency kept, Ids ids) {
        this(database, kept, ids, HOLD_ON_EVERY);
    }

    Once(Database database, Idempotency kept, Ids ids, Duration holdOnEvery) {
        this.database = requireNonNull(database, "database");
        this.kept = requireNonNull(kept, "kept");
        this.ids = requireNonNull(ids, "ids");
        this.holdOnEvery = requireNonNull(holdOnEvery, "holdOnEvery");
    }

    /**
     * Runs {@code effect} in a writing transaction and keeps its reply in the same one; or gives the reply that the same
     * request was given before. What {@code effect} throws undoes both.
     */
    public Reply run(Call call, Database.Work<Reply> effect) {
        var asked = asked(call);
        if (asked.isEmpty()) {
            return database.write(effect);
        }
        return database.write(handle -> switch (kept.take(handle, asked.get(), "")) {
            case Turn.First _ -> {
                var reply = effect.on(handle);
                kept.done(handle, asked.get(), reply.status(), reply.body().utf8());
                yield reply;
            }
            case Turn.Answered(var status, var body) -> replayed(status, body);
            case Turn.Running _ -> throw new Refused(running());
            case Turn.Different _ -> throw new Refused(Fault.IDEMPOTENCY_MISMATCH.plain());
        });
    }

    /**
     * The same for work that is too long for one transaction, and that does no harm when it is done twice: the key is taken
     * before it, the reply kept after it. While the work goes on the same request is told so (K3); if it fails the key is free
     * again, and if the process ends meanwhile the same request begins anew once {@link Idempotency#HELD} is over.
     */
    <T> Reply around(Call call, Supplier<T> work, Ending<T> ending) {
        var asked = asked(call);
        if (asked.isEmpty()) {
            var done = work.get();
            return database.write(handle -> ending.reply(handle, done));
        }
        var holder = new Holder(ids.next());
        var turn = database.<Turn>write(handle -> kept.hold(handle, asked.get(), holder));
        return switch (turn) {
            case Turn.First _ -> first(asked.get(), holder, work, ending);
            case Turn.Answered(var status, var body) -> replayed(status, body);
            case Turn.Running _ -> throw new Refused(running());
            case Turn.Different _ -> throw new Refused(Fault.IDEMPOTENCY_MISMATCH.plain());
        };
    }

    private <T> Reply first(Asked asked, Holder holder, Supplier<T> work, Ending<T> ending) {
        try (var _ = new Held(asked, holder)) {
            var done = work.get();
            return database.write(handle -> {
                var reply = ending.reply(handle, done);
                kept.done(handle, asked, holder, reply.status(), reply.body().utf8());
                return reply;
            });
        } catch (RuntimeException e) {
            withdraw(asked, holder, e);
            throw e;
        }
    }

    /** What failed is what the caller hears of. When this fails too, the key is free once it is not held any more. */
    private void withdraw(Asked asked, Holder holder, RuntimeException why) {
        try {
            database.write(handle -> {
                kept.withdraw(handle, asked, holder);
                return true;
            });
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    /** Says that work goes on, as long as this is open. */
    private final class Held implements AutoCloseable {
        private final ScheduledExecutorService saying = Executors.newSingleThreadScheduledExecutor(
                Thread.ofVirtual().name("once").factory());

        Held(Asked asked, Holder holder) {
            var every = holdOnEvery.toMillis();
            var _ = saying.scheduleWithFixedDelay(() -> holdOn(asked, holder), every, every, TimeUnit.MILLISECONDS);
        }

        private void holdOn(Asked asked, Holder holder) {
            try {
                var _ = database.submit(handle -> {
                    kept.holdOn(handle, asked, holder);
                    return true;
                });
            } catch (StoreBusy _) {
                LOG.debug("a request of many transactions could not be said to go on; tried again in {}", holdOnEvery);
            }
        }

        @Override
        public void close() {
            saying.shutdownNow();
        }
    }

    /** Makes the reply of work that is done, and writes down what belongs to it. */
    @FunctionalInterface
    interface Ending<T> {
        /** Within the transaction that keeps the reply. */
        Reply reply(Handle handle, T done);
    }

    /** What the request asks to have done once; empty when it has no key. */
    public static Optional<Asked> asked(Call call) {
        var keys = Collections.list(call.context().req().getHeaders("Idempotency-Key"));
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        var key = keys.getFirst();
        if (keys.size() > 1 || !key.matches("[\\x20-\\x7e]{1," + KEY_CHARS_MAX + "}")) {
            throw new Refused(Fault.INVALID_IDEMPOTENCY_KEY.plain());
        }
        return Optional.of(new Asked(call.workspaceId(), call.route().name(), key, hash(call.canonical())));
    }

    /** An answer given before. */
    static Reply replayed(int status, String body) {
        return (status == 204 ? Reply.nothing() : Reply.json(status, body)).with("Idempotency-Replayed", "true");
    }

    /** The first request has not ended. */
    static Problem running() {
        return Fault.STILL_RUNNING.plain().with("Retry-After", "1");
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
