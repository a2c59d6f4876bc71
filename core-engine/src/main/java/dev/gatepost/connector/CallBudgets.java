package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.CallBudget.Window;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** One {@link CallBudget} for each CRM account, whoever asks for it. Safe for any thread. */
public final class CallBudgets {
    private final InstantSource clock;
    private final Predicate<String> usedLately;
    private final Map<String, CallBudget> budgets = new ConcurrentHashMap<>();

    /** Budgets of a process that is alone and was not here before. */
    public CallBudgets(InstantSource clock) {
        this(clock, _ -> false);
    }

    /**
     * @param usedLately whether an earlier run, or another process, may just now have made calls under this key; then all
     *     calls are assumed to be used
     */
    public CallBudgets(InstantSource clock, Predicate<String> usedLately) {
        this.clock = requireNonNull(clock, "clock");
        this.usedLately = requireNonNull(usedLately, "usedLately");
    }

    /**
     * The budget under this key; the windows count when it is asked for the first time.
     *
     * @param key names the account as the CRM counts it, for example {@code hubspot:62515}; holds no secret
     * @param windows every limit the CRM has, one or more
     */
    public CallBudget of(String key, List<Window> windows) {
        return budgets.computeIfAbsent(key, name -> {
            var budget = new CallBudget(windows, clock);
            if (usedLately.test(name)) {
                budget.assumeUsed();
            }
            return budget;
        });
    }

    /** The keys under which a call was made within {@code age}. */
    public Set<String> used(Duration age) {
        var since = clock.instant().minus(age);
        var used = new HashSet<String>();
        budgets.forEach((key, budget) -> {
            if (budget.lastUse().isAfter(since)) {
                used.add(key);
            }
        });
        return used;
    }

    /** How many processes share each account; a key that is missing is ours alone. */
    public void share(Map<String, Integer> processes) {
        budgets.forEach((key, budget) -> budget.share(processes.getOrDefault(key, 1)));
    }
}
