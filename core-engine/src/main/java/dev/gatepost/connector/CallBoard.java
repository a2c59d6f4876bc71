package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where processes tell each other which accounts they call, and how much of an account's calls each may make; what one
 * left there outlives it. Not asked for each call. Safe for any thread.
 */
public interface CallBoard {
    /**
     * What one process says of one account.
     *
     * @param node which process; no two runs have the same
     * @param part how many calls it makes, see {@link Part}
     * @param divisor unless its part is {@link Part#NONE}, it makes no more than this fraction of any window's calls: 2 is
     *     half
     * @param at when it said so; it must say so again soon, else it makes no more calls
     * @param closedUntil the CRM asked everybody to wait until then
     */
    record Mark(String node, Part part, int divisor, Instant at, Instant closedUntil) {
        public Mark {
            requireNonNull(node, "node");
            requireNonNull(part, "part");
            requireNonNull(at, "at");
            requireNonNull(closedUntil, "closedUntil");
        }
    }

    /** How many calls a process makes. */
    enum Part {
        /** None; it waits until the others leave it a share. */
        NONE,
        SHARE,
        /** None any more; it made its last call no later than it said so. */
        ENDED
    }

    /** Whether processes beside this one may be at work; where not, all other marks are left from earlier runs. */
    boolean isShared();

    /** All marks of an account. */
    List<Mark> read(String budget);

    /**
     * Looks at all marks of an account and puts, or removes, this process's own; no other process does so meanwhile.
     *
     * @param own of the marks that stand there, ours to come; empty to have none. May be called more than once
     * @return ours as it stands now
     */
    Optional<Mark> change(String budget, String node, Function<List<Mark>, Optional<Mark>> own);
}
