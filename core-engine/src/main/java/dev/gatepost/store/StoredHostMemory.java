package dev.gatepost.store;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.Domain;
import dev.gatepost.smtp.DomainHabit;
import dev.gatepost.smtp.Grant;
import dev.gatepost.smtp.Quota;
import dev.gatepost.smtp.SharedMemory;
import dev.gatepost.smtp.Treatment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known about mail hosts, kept in the database for the next start and for other nodes. Habits and treatments are
 * written behind, in batches: a crash loses at most what was seen in the second before. Turns are written before they are
 * used. Close it before the database. Safe for any thread.
 */
public final class StoredHostMemory implements SharedMemory, AutoCloseable {
    /** Longest that anything waits to be written. */
    static final Duration WRITE_BEHIND = Duration.ofSeconds(1);

    /** How often other nodes' pauses are looked for. */
    static final Duration LOOK = Duration.ofSeconds(2);

    /** Rows in one commit. */
    private static final int BATCH_MAX = 500;

    /** Habits that wait to be written; beyond it they are forgotten, and their domains asked again after a restart. */
    private static final int WAITING_MAX = 20_000;

    /** Before turns are asked for again when the database could not be. */
    private static final Duration TAKE_AGAIN = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(StoredHostMemory.class);

    private final Database database;
    private final InstantSource clock;
    private final byte[] seed;
    private final Map<Domain, DomainHabit> habits = new ConcurrentHashMap<>();
    private final Map<String, Change> changes = new ConcurrentHashMap<>();
    private final List<Consumer<List<Treatment>>> watchers = new CopyOnWriteArrayList<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean failing;

    /** What is to become of a treatment's row. */
    private record Change(Treatment treatment, Fate fate) {}

    private enum Fate {
        KEPT,
        FORGOTTEN
    }

    /** @param random draws the seed, once for the life of the database */
    public StoredHostMemory(Database database, InstantSource clock, RandomGenerator random) {
        this.database = requireNonNull(database, "database");
        this.clock = requireNonNull(clock, "clock");
        var fresh = new byte[32];
        random.nextBytes(fresh);
        this.seed = database.write(handle -> {
            handle.createUpdate("""
                            insert into install (name, value) values ('mail_domain_seed', :value)
                            on conflict (name) do nothing""")
                    .bind("value", Base64.getEncoder().encodeToString(fresh))
                    .execute();
            return Base64.getDecoder()
                    .decode(handle.createQuery("select value from install where name = 'mail_domain_seed'")
                            .mapTo(String.class)
                            .one());
        });
        this.thread = Thread.ofVirtual().name("mail-host-memory").start(this::run);
    }

    @Override
    public byte[] seed() {
        return seed.clone();
    }

    @Override
    public Optional<DomainHabit> domain(Domain domain) {
        var waiting = habits.get(domain);
        if (waiting != null) {
            return Optional.of(waiting);
        }
        try {
            return database.read(handle -> DomainHabitRows.find(handle, domain));
        } catch (RuntimeException e) {
            sayOnce("what is remembered of a domain cannot be read", e);
            return Optional.empty();
        }
    }

    @Override
    public void keep(DomainHabit habit) {
        if (habits.size() < WAITING_MAX) {
            habits.put(habit.asked().domain(), habit);
        }
    }

    @Override
    public void keep(Treatment treatment) {
        change(new Change(treatment, Fate.KEPT));
    }

    @Override
    public void forget(Treatment treatment) {
        change(new Change(treatment, Fate.FORGOTTEN));
    }

    /** As many wait as there are hosts that treat us badly; the memory in front of this one bounds them. */
    private void change(Change change) {
        changes.put(change.treatment().whom(), change);
        wake.release();
    }

    @Override
    public void watch(Consumer<List<Treatment>> watcher) {
        watcher.accept(database.read(handle -> TreatmentRows.all(handle, clock.instant())));
        watchers.add(watcher);
    }

    @Override
    public Future<Grant> take(Quota quota, int turns) {
        var now = clock.instant();
        var answer = new CompletableFuture<Grant>();
        try {
            var dialect = database.dialect();
            var taken = database.submit(handle -> QuotaRows.take(handle, dialect, quota, turns, now));
            Thread.ofVirtual().name("mail-host-turns").start(() -> hand(taken, answer));
        } catch (StoreBusy _) {
            answer.complete(new Grant.NotBefore(now.plus(TAKE_AGAIN)));
        }
        return answer;
    }

    private void hand(Future<Grant> taken, CompletableFuture<Grant> answer) {
        try {
            answer.complete(taken.get());
        } catch (Exception e) { // whatever it was, nothing was granted
            sayOnce("turns towards mail hosts cannot be taken from the database", e);
            answer.complete(new Grant.NotBefore(clock.instant().plus(TAKE_AGAIN)));
        }
    }

    @Override
    public void giveBack(Map<Quota, Integer> turns) {
        try {
            database.write(handle -> {
                QuotaRows.giveBack(handle, turns);
                return turns.size();
            });
        } catch (RuntimeException e) {
            LOG.warn("unused turns could not be given back; they count as used", e);
        }
    }

    private void run() {
        var looked = clock.instant();
        try {
            while (!closed) {
                boolean _ = wake.tryAcquire(WRITE_BEHIND.toMillis(), TimeUnit.MILLISECONDS);
                wake.drainPermits();
                flush();
                var now = clock.instant();
                if (!now.isBefore(looked.plus(LOOK)) || now.isBefore(looked)) {
                    look(now);
                    looked = now;
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells the watchers of pauses, and drops what is too old to count. */
    private void look(Instant now) {
        try {
            var paused = database.read(handle -> TreatmentRows.paused(handle, now));
            if (!paused.isEmpty()) {
                watchers.forEach(watcher -> watcher.accept(paused));
            }
            database.write(handle -> TreatmentRows.drop(handle, now, BATCH_MAX)
                    + DomainHabitRows.drop(handle, now, BATCH_MAX)
                    + QuotaRows.drop(handle, now, BATCH_MAX));
        } catch (RuntimeException e) {
            sayOnce("what other nodes know of mail hosts cannot be read; trying again", e);
        }
    }

    /** Writes what waits; what could not be written waits on. */
    private synchronized void flush() {
        while (!habits.isEmpty() || !changes.isEmpty()) {
            var someHabits = habits.values().stream().limit(BATCH_MAX).toList();
            var someChanges = changes.values().stream().limit(BATCH_MAX).toList();
            try {
                database.write(handle -> {
                    DomainHabitRows.keep(handle, someHabits);
                    someChanges.forEach(change -> store(handle, change));
                    return someChanges.size();
                });
            } catch (RuntimeException e) {
                sayOnce("what was learned of mail hosts cannot be written; trying again", e);
                return;
            }
            failing = false;
            someHabits.forEach(habit -> habits.remove(habit.asked().domain(), habit));
            someChanges.forEach(change -> changes.remove(change.treatment().whom(), change));
        }
    }

    /** A database that is gone is told of by everything that needs it; one line for each spell is enough. */
    private void sayOnce(String what, Exception why) {
        if (!failing) {
            failing = true;
            LOG.warn("{}: {}", what, why.toString());
        }
    }

    private void store(Handle handle, Change change) {
        switch (change.fate()) {
            case KEPT -> TreatmentRows.keep(handle, change.treatment());
            case FORGOTTEN -> TreatmentRows.forget(handle, change.treatment(), clock.instant());
        }
    }

    /** Writes what waits, and ends. */
    @Override
    public void close() {
        closed = true;
        wake.release();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        flush();
    }
}
