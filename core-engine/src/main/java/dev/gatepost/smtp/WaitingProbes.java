package dev.gatepost.smtp;

import dev.gatepost.address.Domain;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Who waits for a place towards the hosts of a domain, in the order of coming. Whoever gets one asks for some of the
 * others in the same group of commands: of one domain only, since some hosts take no others in one transaction. Safe for
 * any thread.
 */
final class WaitingProbes {
    private final ConcurrentMap<Domain, LinkedHashSet<Waiting>> waiting = new ConcurrentHashMap<>();

    /** Begins to wait; {@link #leave} must follow. */
    Waiting join(Probe probe) {
        var joined = new Waiting(probe);
        waiting.compute(probe.address().domain(), (_, old) -> {
            var all = old == null ? new LinkedHashSet<Waiting>() : old;
            all.add(joined);
            return all;
        });
        return joined;
    }

    void leave(Waiting one) {
        waiting.computeIfPresent(one.probe().address().domain(), (_, all) -> {
            all.remove(one);
            return all.isEmpty() ? null : all;
        });
    }

    /** The first that wait, at most so many; each must be answered or left alone. */
    List<Waiting> take(Domain domain, int max) {
        var taken = new LinkedHashSet<Waiting>();
        waiting.computeIfPresent(domain, (_, all) -> {
            for (var one : all) {
                if (taken.size() == max) {
                    break;
                }
                if (!one.probe().address().needsSmtputf8() && one.take()) {
                    taken.add(one);
                }
            }
            all.removeAll(taken);
            return all.isEmpty() ? null : all;
        });
        return List.copyOf(taken);
    }
}
