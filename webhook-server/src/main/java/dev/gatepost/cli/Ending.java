package dev.gatepost.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * Keeps a server up until the process is told to end (SIGTERM, Ctrl-C), then closes what it runs. The process ends with
 * exit code 0: being told to stop is no failure (reliability: J5).
 */
final class Ending {

    /** Then the process ends whatever still runs; everything started is taken up again at the next start. */
    private static final Duration GRACE = Duration.ofSeconds(25);

    private Ending() {}

    /**
     * Returns never: the process ends.
     *
     * @throws InterruptedException when the waiting thread is to stop; what runs is closed then
     */
    static void await(Runnable close) throws InterruptedException {
        var hook = Thread.ofPlatform().name("ending").unstarted(() -> end(close));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            if (Runtime.getRuntime().removeShutdownHook(hook)) {
                close.run();
            }
            throw e;
        }
    }

    private static void end(Runnable close) {
        var closing = Thread.ofPlatform().name("closing").daemon().start(close);
        try {
            closing.join(GRACE);
        } catch (InterruptedException _) {
            // nobody interrupts a shutdown hook; ending is all that is left anyway
        }
        Runtime.getRuntime().halt(Exit.DONE.code());
    }
}
