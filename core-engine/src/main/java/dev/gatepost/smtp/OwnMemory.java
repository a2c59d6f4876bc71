package dev.gatepost.smtp;

import dev.gatepost.address.Domain;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Where there is no store: what a process knows stays with it, and its own limits are the only ones. */
final class OwnMemory implements SharedMemory {
    private static final int SEED_OCTETS = 32;

    private final byte[] seed = new byte[SEED_OCTETS];

    OwnMemory(RandomGenerator random) {
        random.nextBytes(seed);
    }

    @Override
    public byte[] seed() {
        return seed.clone();
    }

    @Override
    public Optional<DomainHabit> domain(Domain domain) {
        return Optional.empty();
    }

    @Override
    public void keep(DomainHabit habit) {}

    @Override
    public void keep(Treatment treatment) {}

    @Override
    public void forget(Treatment treatment) {}

    @Override
    public void watch(Consumer<List<Treatment>> watcher) {}

    @Override
    public Future<Grant> take(Quota quota, int turns) {
        return CompletableFuture.completedFuture(new Grant.Turns(turns));
    }

    @Override
    public void giveBack(Map<Quota, Integer> turns) {}
}
