package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import dev.gatepost.connector.CallBoard.Mark;
import dev.gatepost.connector.CallBoard.Part;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How this process agrees with others on who makes how many of an account's calls, and what it assumes of calls that were
 * made before it began.
 *
 * <p>All that call an account have equal shares of it. A share grows only after the others said that theirs are smaller, and
 * they say so only once their calls in every window have been within the smaller share; so whatever is late, lost or cut
 * off, the sum never exceeds the account's limit. A process that could not say so again in time makes no calls. No call asks
 * the board: it is looked at twice a second while an account is in use. Clocks of nodes may be {@link #CLOCKS_APART} apart.
 * Safe for any thread.
 */
final class CallShares {
    /** How often marks are renewed while an account is in use. */
    static final Duration TICK = Duration.ofMillis(500);

    /** How long a share may be used after it was last renewed: four ticks, so that a slow disk stops nobody. */
    static final Duration VALID = Duration.ofSeconds(2);

    static final Duration CLOCKS_APART = Duration.ofSeconds(1);

    /** How long an account is kept in use after its last call, so that the next one need not ask for a share first. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final CallBoard board;
    private final String node;
    private final InstantSource clock;

    CallShares(CallBoard board, String node, InstantSource clock) {
        this.board = requireNonNull(board, "board");
        this.node = requireNonNull(node, "node");
        this.clock = requireNonNull(clock, "clock");
    }

    /** Before the first call of an account, and after it was out of use. Without others it is all ours at once. */
    void join(String key, CallBudget budget) {
        var now = clock.instant();
        var length = budget.lengthMax();
        for (var mark : others(board.read(key))) {
            if (!isAlive(mark, length, now)) {
                budget.assumeUsed(
                        mark.part() == Part.ENDED ? mark.at() : mark.at().plus(VALID));
            }
        }
        board.change(key, node, marks -> {
                    var others = others(marks);
                    var isAlone = others.stream().noneMatch(mark -> isAlive(mark, length, now));
                    return Optional.of(new Mark(
                            node, isAlone ? Part.SHARE : Part.NONE, 1, now, closed(others, budget.closedUntil())));
                })
                .ifPresent(
                        mark -> budget.grant(mark.part() == Part.SHARE ? 1 : 0, now.plus(VALID), mark.closedUntil()));
    }

    /** Says again what we do, takes what others leave, leaves what others need. */
    void renew(String key, CallBudget budget) {
        if (budget.leaveIfIdle(IDLE)) {
            board.change(key, node, _ -> Optional.empty());
            return;
        }
        var now = clock.instant();
        var needed = divisor(others(board.read(key)), budget, now);
        if (needed > budget.divisor()) {
            budget.shrink(needed); // before we say so
        }
        var own = budget.divisor();
        var kept = budget.kept();
        var taken = new AtomicInteger();
        var mine = board.change(key, node, marks -> {
            var others = others(marks);
            var n = divisor(others, budget, now);
            var takes = (own == 0 || n < own) && isLeft(others, n, budget, now);
            taken.set(takes ? n : 0);
            return Optional.of(new Mark(
                    node,
                    takes || own > 0 ? Part.SHARE : Part.NONE,
                    takes ? n : Math.max(1, kept),
                    now,
                    closed(others, budget.closedUntil())));
        });
        var until = now.plus(VALID);
        mine.ifPresent(mark -> {
            if (taken.get() > 0) {
                budget.grant(taken.get(), until, mark.closedUntil());
            } else {
                budget.renew(until, mark.closedUntil());
            }
        });
    }

    /** Makes no more calls, and says when the last one may have been. */
    void end(String key, CallBudget budget) {
        var kept = Math.max(1, budget.kept());
        budget.leave();
        var last = new Mark(node, Part.ENDED, kept, clock.instant(), budget.closedUntil());
        board.change(key, node, _ -> Optional.of(last));
    }

    private List<Mark> others(List<Mark> marks) {
        return marks.stream().filter(mark -> !mark.node().equals(node)).toList();
    }

    /** Whether its calls may still come, or still count in some window. */
    private boolean isAlive(Mark mark, Duration length, Instant now) {
        var last = mark.part() == Part.ENDED ? mark.at() : mark.at().plus(VALID);
        return board.isShared() && last.plus(CLOCKS_APART).plus(length).isAfter(now);
    }

    /** Into how many shares the account is to be parted; no share is smaller than a call. */
    private int divisor(List<Mark> others, CallBudget budget, Instant now) {
        var length = budget.lengthMax();
        var alive =
                (int) others.stream().filter(mark -> isAlive(mark, length, now)).count();
        return Math.min(1 + alive, budget.callsMin());
    }

    /** Whether the others leave one share of so many. */
    private boolean isLeft(List<Mark> others, int shares, CallBudget budget, Instant now) {
        var length = budget.lengthMax();
        var taken = others.stream()
                .filter(mark -> mark.part() != Part.NONE && isAlive(mark, length, now))
                .toList();
        return taken.size() < shares && taken.stream().allMatch(mark -> mark.divisor() >= shares);
    }

    private static Instant closed(List<Mark> others, Instant own) {
        return others.stream().map(Mark::closedUntil).reduce(own, (one, other) -> one.isAfter(other) ? one : other);
    }
}
