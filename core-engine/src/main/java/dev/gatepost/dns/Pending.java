package dev.gatepost.dns;

import dev.gatepost.dns.Answer.FailureCause;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A question on its way, on a virtual thread of its own. */
final class Pending {
    private final FutureTask<Answer> task;
    private final QueryBudget budget;

    private Pending(FutureTask<Answer> task, QueryBudget budget) {
        this.task = task;
        this.budget = budget;
    }

    static Pending ask(Resolver resolver, String name, RecordType type, QueryBudget budget) {
        var task = new FutureTask<>(() -> resolver.ask(name, type, budget));
        Thread.ofVirtual().name("ask-" + name).start(task);
        return new Pending(task, budget);
    }

    /** Waits for the answer for as long as the budget lasts. */
    Answer await() {
        return await(task, budget);
    }

    /** Waits no longer than until {@link System#nanoTime} reads {@code until}, and not at all when that is over. */
    Answer landedBy(long until) {
        return await(task, until - System.nanoTime());
    }

    static Answer await(FutureTask<Answer> task, QueryBudget budget) {
        return await(task, budget.timeLeft().toNanos());
    }

    private static Answer await(FutureTask<Answer> task, long nanosMax) {
        try {
            return task.get(Math.max(0, nanosMax), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new Answer.Failed(FailureCause.BUDGET);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer.Failed(FailureCause.BUDGET);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a resolver must never throw", e.getCause());
        }
    }
}
