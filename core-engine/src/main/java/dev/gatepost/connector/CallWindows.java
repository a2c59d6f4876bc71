package dev.gatepost.connector;

import dev.gatepost.connector.CallBudget.Counting;
import dev.gatepost.connector.CallBudget.Window;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** All windows in which a CRM counts the calls of one account. Guarded by its {@link CallBudget}. */
final class CallWindows {
    private final List<RollingWindow> sent;
    private final List<OpenCalls> onTheWay;
    private final InstantSource clock;
    private Duration pace;

    CallWindows(List<Window> windows, InstantSource clock) {
        this.sent = windows.stream()
                .filter(window -> window.counting() == Counting.SENT)
                .map(window -> new RollingWindow(window.calls(), window.length(), clock))
                .toList();
        this.onTheWay = windows.stream()
                .filter(window -> window.counting() == Counting.ON_THE_WAY)
                .map(window -> new OpenCalls(window.calls(), window.length(), clock))
                .toList();
        this.pace = pace(windows);
        this.clock = clock;
    }

    private static Duration pace(List<Window> windows) {
        return windows.stream()
                .map(window -> window.length().dividedBy(window.calls()))
                .max(Duration::compareTo)
                .orElseThrow(() -> new IllegalArgumentException("no window"));
    }

    /**
     * Counts by these limits from now on.
     *
     * @throws IllegalArgumentException when the windows are others than it was made with
     */
    void limit(List<Window> limits) {
        if (limits.size() != sent.size() + onTheWay.size()) {
            throw new IllegalArgumentException("other windows than before: " + limits);
        }
        for (var limit : limits) {
            switch (limit.counting()) {
                case SENT -> of(sent, RollingWindow::length, limit).limit(limit.calls());
                case ON_THE_WAY -> of(onTheWay, OpenCalls::length, limit).limit(limit.calls());
            }
        }
        pace = pace(limits);
    }

    private static <T> T of(List<T> all, Function<T, Duration> length, Window limit) {
        return all.stream()
                .filter(each -> length.apply(each).equals(limit.length()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("another window than before: " + limit));
    }

    /** How far apart calls are when they are spread evenly. */
    Duration pace() {
        return pace;
    }

    /** How long until every window has room for one more call; zero when they have. */
    Duration untilFree() {
        return longest(
                sent.stream().map(RollingWindow::untilFree), onTheWay.stream().map(OpenCalls::untilFree));
    }

    /** How far apart urgent calls are to be now, so that room lasts. */
    Duration spacing() {
        return longest(sent.stream().map(RollingWindow::spacing), Stream.of());
    }

    private static Duration longest(Stream<Duration> some, Stream<Duration> others) {
        return Stream.concat(some, others).max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** A call goes out. */
    void begin() {
        sent.forEach(window -> window.book(Duration.ZERO));
        onTheWay.forEach(OpenCalls::begin);
    }

    /** A call was answered, or failed. */
    void end() {
        onTheWay.forEach(OpenCalls::end);
    }

    void learn(Duration length, int max, int remaining, int margin) {
        sent.stream()
                .filter(window -> window.length().equals(length))
                .forEach(window -> window.learn(max, remaining, margin));
    }

    /** From now on only one of so many equal shares of each window is used. */
    void share(int shares) {
        sent.forEach(window -> window.share(shares));
        onTheWay.forEach(calls -> calls.share(shares));
    }

    /** Whether the calls that count now are within one of so many shares of each window. */
    boolean isWithin(int shares) {
        return sent.stream().allMatch(window -> window.isWithin(shares))
                && onTheWay.stream().allMatch(calls -> calls.isWithin(shares));
    }

    /** Whether no call is on its way, or was answered just now. */
    boolean isQuiet() {
        return onTheWay.stream().allMatch(OpenCalls::isQuiet);
    }

    /** The longest window. */
    Duration lengthMax() {
        return longest(
                sent.stream().map(RollingWindow::length), onTheWay.stream().map(OpenCalls::length));
    }

    /** Calls in the narrowest window. */
    int callsMin() {
        return IntStream.concat(
                        sent.stream().mapToInt(RollingWindow::calls),
                        onTheWay.stream().mapToInt(OpenCalls::calls))
                .min()
                .orElseThrow();
    }

    /** Counts as if every call had been made then, as far as that still counts. */
    void assumeUsed(Instant at) {
        var now = clock.instant();
        var then = at.isAfter(now) ? now : at;
        sent.stream().filter(window -> then.plus(window.length()).isAfter(now)).forEach(window -> window.fill(then));
        onTheWay.stream()
                .filter(calls -> then.plus(calls.length()).isAfter(now))
                .forEach(calls -> calls.fill(then));
    }
}
