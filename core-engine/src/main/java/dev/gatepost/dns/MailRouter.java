package dev.gatepost.dns;

import dev.gatepost.address.Domain;
import java.net.InetAddress;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/** Finds a domain's mail hosts. Safe for any thread. */
public final class MailRouter {
    /**
     * @param resolver asked for MX, A and AAAA
     * @param routable whether an address may be dialled at all; asked for each mail host's address
     * @param random shuffles hosts of equal preference
     */
    public MailRouter(Resolver resolver, Predicate<InetAddress> routable, RandomGenerator random) {
        throw placeholder();
    }

    /** Finds the route; never throws for what DNS says or fails to say. */
    public MailRoute route(Domain domain) {
        throw placeholder();
    }

    private static RuntimeException placeholder() {
        return new IllegalStateException("placeholder");
    }
}
