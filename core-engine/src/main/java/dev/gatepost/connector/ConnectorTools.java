package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.InstantSource;
import java.util.random.RandomGenerator;
import okhttp3.OkHttpClient;

/**
 * What a connector is given to work with.
 *
 * @param http dials only where the egress rules allow for CRMs, follows no redirects, has the time-outs of the product
 * @param clock the time
 * @param random for jitter
 * @param fieldPrefix what the names of our fields in a CRM begin with, for example {@code gatepost_}
 */
public record ConnectorTools(OkHttpClient http, InstantSource clock, RandomGenerator random, String fieldPrefix) {
    public ConnectorTools {
        requireNonNull(http, "http");
        requireNonNull(clock, "clock");
        requireNonNull(random, "random");
        requireNonNull(fieldPrefix, "fieldPrefix");
    }
}
