package dev.gatepost.dns;

import dev.gatepost.dns.Answer.FailureCause;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Looks up the addresses of MX targets, five hosts at once, and goes on to the next five only while none can be dialled:
 * "no mail host" may be said only of all of them. One search, one thread.
 */
final class MxHostSearch {
    /** Mail hosts of a route, and looked up at once. Reliability: M8. */
    static final int HOSTS_MAX = 5;

    /** A target is an alias: forbidden (RFC 2181, section 10.3), followed all the same, as mail servers do. */
    static final String CNAME = "mx_is_cname";

    private record Asked(Answer.MxData mx, AddressPair addresses) {}

    private final Resolver resolver;
    private final UnaryOperator<List<InetAddress>> usable;
    private final QueryBudget budget;

    private final List<MailHost> hosts = new ArrayList<>();
    private final List<String> unroutable = new ArrayList<>();
    private final List<String> unresolvable = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Optional<FailureCause> failure = Optional.empty();

    /** @param usable keeps of a host's addresses those to try */
    MxHostSearch(Resolver resolver, UnaryOperator<List<InetAddress>> usable, QueryBudget budget) {
        this.resolver = resolver;
        this.usable = usable;
        this.budget = budget;
    }

    MailRoute search(MxSet mx) {
        notes.addAll(mx.notes());
        unresolvable.addAll(mx.others());
        var targets = mx.targets();
        for (int from = 0; from < targets.size() && hosts.isEmpty() && !outOfBudget(); from += HOSTS_MAX) {
            lookUp(targets.subList(from, Math.min(from + HOSTS_MAX, targets.size())));
        }
        if (!hosts.isEmpty()) {
            return new MailRoute.MxHosts(hosts, notes);
        }
        if (failure.isPresent()) {
            return new MailRoute.Failed(failure.get());
        }
        return unroutable.isEmpty() ? new MailRoute.Unresolvable(unresolvable) : new MailRoute.Unroutable(unroutable);
    }

    private void lookUp(List<Answer.MxData> targets) {
        var asked = targets.stream()
                .map(mx -> new Asked(mx, AddressPair.ask(resolver, mx.host(), budget)))
                .toList();
        for (var one : asked) {
            sort(one.mx(), one.addresses().await());
        }
    }

    private void sort(Answer.MxData mx, AddressPair.Landed found) {
        var addresses = usable.apply(found.addresses());
        if (found.viaCname() && !notes.contains(CNAME)) {
            notes.add(CNAME);
        }
        if (!addresses.isEmpty()) {
            hosts.add(new MailHost(mx.host(), mx.preference(), addresses));
        } else if (found.failure().isPresent()) {
            failure = failure.or(found::failure);
        } else if (found.addresses().isEmpty()) {
            unresolvable.add(mx.host());
        } else {
            unroutable.add(mx.host());
        }
    }

    private boolean outOfBudget() {
        return failure.filter(cause -> cause == FailureCause.BUDGET).isPresent();
    }
}
