package dev.gatepost.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Collects what hosts said during one probe. One thread at a time. */
final class Transcript {
    /** Most lines kept: a probe of three hosts fills about twenty. */
    private static final int LINES_MAX = 64;

    private final long begin = System.nanoTime();
    private final List<ProbeResult.Line> lines = new ArrayList<>();

    void add(String host, Stage stage, Reply reply) {
        if (lines.size() < LINES_MAX) {
            long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
            lines.add(new ProbeResult.Line(host, stage, reply, millis));
        }
    }

    List<ProbeResult.Line> lines() {
        return List.copyOf(lines);
    }
}
