package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.Domain;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Finds a domain's mail hosts (RFC 5321, section 5.1), and asks for its mail policies. Safe for any thread. */
public final class MailRouter {
    /** Addresses tried of one mail host. Reliability: M8. */
    private static final int ADDRESSES_MAX = 4;

    private final Resolver resolver;
    private final Predicate<InetAddress> routable;
    private final RandomGenerator random;
    private final Duration timeMax;

    /**
     * @param resolver asked for MX, A and AAAA
     * @param routable whether an address may be dialled at all; asked for each mail host's address
     * @param random shuffles hosts of equal preference
     */
    public MailRouter(Resolver resolver, Predicate<InetAddress> routable, RandomGenerator random) {
        this(resolver, routable, random, QueryBudget.TIME_MAX);
    }

    MailRouter(Resolver resolver, Predicate<InetAddress> routable, RandomGenerator random, Duration timeMax) {
        this.resolver = requireNonNull(resolver, "resolver");
        this.routable = requireNonNull(routable, "routable");
        this.random = requireNonNull(random, "random");
        this.timeMax = requireNonNull(timeMax, "timeMax");
    }

    /** What asking for one verification may cost in all (reliability: M8); begins now. */
    public QueryBudget budget() {
        return new QueryBudget(QueryBudget.QUERIES_MAX, timeMax);
    }

    /** The same for somebody who waits no longer than this, positive or zero. */
    public QueryBudget budget(Duration patience) {
        return new QueryBudget(QueryBudget.QUERIES_MAX, patience.compareTo(timeMax) < 0 ? patience : timeMax);
    }

    /** Finds the route on a budget of its own; never throws for what DNS says or fails to say. */
    public MailRoute route(Domain domain) {
        return route(domain, budget());
    }

    /** Finds the route; never throws for what DNS says or fails to say. */
    public MailRoute route(Domain domain, QueryBudget budget) {
        var mx = Pending.ask(resolver, domain.ascii(), RecordType.MX, budget);
        var itself = AddressPair.ask(resolver, domain.ascii(), budget);
        return switch (mx.await()) {
            case Answer.Found(var records, var _, var _) -> byMx(MxSet.of(records, random), budget);
            case Answer.NoData _ -> implicit(domain, itself.await());
            case Answer.NoSuchName _ -> noSuchName(domain, itself.await());
            case Answer.Failed(var cause) -> new MailRoute.Failed(cause);
        };
    }

    /** Sends out the questions about SPF, DMARC and MTA-STS, and waits for none of them. */
    public PolicyQuestions askPolicies(Domain domain, QueryBudget budget) {
        return PolicyQuestions.ask(resolver, domain, budget);
    }

    private MailRoute byMx(MxSet mx, QueryBudget budget) {
        return mx.isNull() ? new MailRoute.NullMx() : new MxHostSearch(resolver, this::usable, budget).search(mx);
    }

    /** Some broken servers deny a name for MX and know it for A; the address is the stronger claim. */
    private MailRoute noSuchName(Domain domain, AddressPair.Landed itself) {
        return itself.addresses().isEmpty() ? new MailRoute.NoDomain() : implicit(domain, itself);
    }

    private MailRoute implicit(Domain domain, AddressPair.Landed itself) {
        var usable = usable(itself.addresses());
        if (!usable.isEmpty()) {
            return new MailRoute.ImplicitMx(new MailHost(domain.ascii(), 0, usable));
        }
        if (itself.failure().isPresent()) {
            return new MailRoute.Failed(itself.failure().get());
        }
        return itself.addresses().isEmpty()
                ? new MailRoute.NoHosts()
                : new MailRoute.Unroutable(List.of(domain.ascii()));
    }

    private List<InetAddress> usable(List<InetAddress> addresses) {
        return addresses.stream().filter(routable).limit(ADDRESSES_MAX).toList();
    }
}
