package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.egress.Egress;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.random.RandomGenerator;

/**
 * Asks recursive name servers, with dnsjava for the messages and {@link Egress} for the network. Answers are cached;
 * the same question asked by many at once goes out once. Safe for any thread, if the generator given is.
 */
public final class DnsjavaResolver implements Resolver {
    /** Tries for one question, over all servers: one lost datagram or one broken server must not decide. */
    private static final int TRIES_MAX = 3;

    /** Tries at the same server, when it is silent and the only one. */
    private static final int TRIES_ALONE = 2;

    private static final int ID_BOUND = 1 << 16;

    private final List<NameServer> servers;
    private final RandomGenerator random;
    private final AnswerCache cache;
    private final ConcurrentHashMap<Question, FutureTask<Answer>> inFlight = new ConcurrentHashMap<>();

    /**
     * @param servers asked in this order; at least one
     * @param clock for how long answers are kept, and silent servers avoided
     * @param random draws query ids; must not be guessable, so a {@link java.security.SecureRandom} outside tests
     */
    public DnsjavaResolver(
            Egress egress, List<InetSocketAddress> servers, InstantSource clock, RandomGenerator random) {
        requireNonNull(egress, "egress");
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("no name server");
        }
        this.servers =
                servers.stream().map(s -> new NameServer(egress, s, clock)).toList();
        this.random = requireNonNull(random, "random");
        this.cache = new AnswerCache(clock);
    }

    @Override
    public Answer ask(String name, RecordType type) {
        return ask(name, type, new QueryBudget(QueryBudget.QUERIES_MAX, QueryBudget.TIME_MAX));
    }

    @Override
    public Answer ask(String name, RecordType type, QueryBudget budget) {
        var question = Question.of(name, type);
        while (true) {
            var known = cache.get(question);
            if (known.isPresent()) {
                return known.get();
            }
            var mine = new FutureTask<>(() -> lookUp(question, budget));
            var others = inFlight.putIfAbsent(question, mine);
            if (others == null) {
                // On a thread of its own: whoever gives up waiting must not take the answer from the others.
                Thread.ofVirtual().name("dns-" + question.name()).start(mine);
                return Pending.await(mine, budget);
            }
            var answer = Pending.await(others, budget);
            if (!isBudget(answer) || !budget.timeLeft().isPositive()) {
                return answer;
            }
            // It was the other verification's budget that ran out; go again on our own.
        }
    }

    /** Asks the first server over TCP, past the cache: to see whether it can be asked that way. */
    public Answer askByTcp(String name, RecordType type) {
        var reading = servers.getFirst().askByTcp(Question.of(name, type), random.nextInt(ID_BOUND));
        return reading instanceof Reading.Complete(var answer) ? answer : new Answer.Failed(FailureCause.MALFORMED);
    }

    private Answer lookUp(Question question, QueryBudget budget) {
        try {
            // A flight may have landed between the caller's look into the cache and its start.
            var known = cache.get(question);
            if (known.isPresent()) {
                return known.get();
            }
            var answer = followAliases(question, budget);
            cache.put(question, answer);
            return answer;
        } finally {
            inFlight.remove(question);
        }
    }

    /** A recursive server answers a chain at once; forwarders that do not are asked again for the alias's target. */
    private Answer followAliases(Question question, QueryBudget budget) {
        var current = question;
        int steps = 0;
        while (steps <= DnsMessages.ALIASES_MAX) {
            switch (tryServers(current, budget)) {
                case Reading.Complete(Answer.Found(var records, var ttl, var viaCname)) -> {
                    return new Answer.Found(records, ttl, viaCname || steps > 0);
                }
                case Reading.Complete(var answer) -> {
                    return answer;
                }
                case Reading.Alias(var target, var more) -> {
                    current = new Question(target, question.type());
                    steps += more;
                }
                case Reading.Truncated _ -> {
                    return new Answer.Failed(FailureCause.MALFORMED);
                }
            }
        }
        return new Answer.Failed(FailureCause.MALFORMED);
    }

    private Reading tryServers(Question question, QueryBudget budget) {
        // A stable sort: the order given, but those that lately were silent come last.
        var order = servers.stream()
                .sorted(Comparator.comparing(NameServer::isAvoided))
                .toList();
        int tries = Math.clamp(order.size(), TRIES_ALONE, TRIES_MAX);
        Reading last = new Reading.Complete(new Answer.Failed(FailureCause.BUDGET));
        for (int i = 0; i < tries; i++) {
            last = order.get(i % order.size()).ask(question, random.nextInt(ID_BOUND), budget);
            if (!(last instanceof Reading.Complete(Answer.Failed(var cause))) || cause == FailureCause.BUDGET) {
                return last;
            }
            if (order.size() == 1 && cause != FailureCause.TIMEOUT) {
                return last;
            }
        }
        return last;
    }

    private static boolean isBudget(Answer answer) {
        return answer instanceof Answer.Failed(var cause) && cause == FailureCause.BUDGET;
    }
}
