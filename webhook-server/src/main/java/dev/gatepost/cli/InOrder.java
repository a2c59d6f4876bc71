package dev.gatepost.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Answers every text of a source by a line, side by side but in order: each answer is written as soon as it and all
 * before it are known.
 */
final class InOrder {

    /** Texts that may be under way or answered behind a slow one; bounds the memory. */
    private static final int AHEAD_MAX = 10_000;

    /** Where the texts come from. */
    @FunctionalInterface
    interface Source {

        /** The next text; empty at the end. May block. */
        Optional<String> next() throws IOException;
    }

    /** Answers one text. */
    @FunctionalInterface
    interface Answering {

        /** The answer, without a line end. May block; called on a virtual thread. */
        String to(String text) throws InterruptedException;
    }

    private final BlockingQueue<Optional<FutureTask<String>>> queue = new ArrayBlockingQueue<>(AHEAD_MAX);
    private final Answering answer;

    /** @param answer called on a virtual thread for each text; bounds by itself how many work at a time */
    InOrder(Answering answer) {
        this.answer = answer;
    }

    /**
     * Runs until the source ends and everything is written.
     *
     * @throws IOException when the source cannot be read; what was read before is answered
     */
    void run(Source source, PrintStream out) throws IOException, InterruptedException {
        var reader = new FutureTask<Optional<IOException>>(() -> read(source));
        Thread.ofPlatform().name("lines").daemon().start(reader);
        try {
            for (var next = queue.take(); next.isPresent(); next = queue.take()) {
                out.println(next.get().get());
                var following = queue.peek();
                if (following == null || following.map(task -> !task.isDone()).orElse(true)) {
                    out.flush();
                }
            }
            var failed = reader.get();
            if (failed.isPresent()) {
                throw failed.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private Optional<IOException> read(Source source) throws InterruptedException {
        try {
            for (var line = source.next(); line.isPresent(); line = source.next()) {
                var text = line.get();
                var task = new FutureTask<>(() -> answer.to(text));
                queue.put(Optional.of(task));
                Thread.ofVirtual().start(task);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        } finally {
            queue.put(Optional.empty());
        }
    }
}
