package dev.gatepost.smtp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that is put forward by hand. */
final class MutableClock implements InstantSource {
    private volatile Instant now;

    MutableClock(Instant now) {
        this.now = now;
    }

    void forward(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
