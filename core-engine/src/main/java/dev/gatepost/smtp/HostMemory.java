package dev.gatepost.smtp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.gatepost.smtp.ProbeResult.Outcome;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;

/** Habits of single mail hosts, remembered for a while. Safe for any thread. */
final class HostMemory {
    /** How long a host that answers groups or second recipients badly, or demands TLS, is spoken to accordingly. */
    private static final Duration HABIT_KEPT = Duration.ofDays(1);

    /** A host that could not be reached or did not greet comes last for so long. */
    private static final Duration DEAD_KEPT = Duration.ofMinutes(5);

    private static final int HOSTS_MAX = 50_000;

    private final Cache<InetAddress, Boolean> badPipeliners;
    private final Cache<InetAddress, Boolean> oneAtATime;
    private final Cache<InetAddress, Boolean> dead;
    private final Cache<InetAddress, Outcome> tlsDemands;

    HostMemory(InstantSource clock) {
        badPipeliners = kept(HABIT_KEPT, clock);
        oneAtATime = kept(HABIT_KEPT, clock);
        dead = kept(DEAD_KEPT, clock);
        tlsDemands = kept(HABIT_KEPT, clock);
    }

    private static <T> Cache<InetAddress, T> kept(Duration time, InstantSource clock) {
        return Caffeine.newBuilder()
                .expireAfterWrite(time)
                .maximumSize(HOSTS_MAX)
                .ticker(() -> clock.millis() * 1_000_000)
                .build();
    }

    void pipelinesBadly(InetAddress host) {
        badPipeliners.put(host, true);
    }

    boolean mayPipeline(InetAddress host) {
        return badPipeliners.getIfPresent(host) == null;
    }

    /** The host has heard too many recipients in one transaction. */
    void wantsOneAtATime(InetAddress host) {
        oneAtATime.put(host, true);
    }

    boolean mayNameSeveral(InetAddress host) {
        return oneAtATime.getIfPresent(host) == null;
    }

    /** The host wants encryption, and said so with this outcome. */
    void demandsTls(InetAddress host, Outcome demand) {
        tlsDemands.put(host, demand);
    }

    Script.Tls tls(InetAddress host) {
        var demand = tlsDemands.getIfPresent(host);
        return demand == null ? new Script.Tls.NotAsked() : new Script.Tls.Demanded(demand);
    }

    void unreachable(InetAddress host) {
        dead.put(host, true);
    }

    void reachable(InetAddress host) {
        dead.invalidate(host);
    }

    boolean isDead(InetAddress host) {
        return dead.getIfPresent(host) != null;
    }
}
