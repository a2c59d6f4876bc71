package dev.gatepost.lists;

import static java.util.Objects.requireNonNull;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.address.Homograph;
import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The reference lists in use, held in memory; immutable, safe for any thread. */
public final class ReferenceLists {
    /** Which list is believed about a domain that several name (an alias service is no throw-away mailbox). */
    private static final List<ListName> PRECEDENCE = List.of(ListName.RELAY, ListName.FREE, ListName.DISPOSABLE);

    private final Map<ListName, Snapshot> snapshots;
    private final DomainLists domains;
    private final RoleNames roles;
    private final EduNames schools;
    private final Set<String> disposableMailHosts;
    private final ProviderSlips slips;
    private final Homograph lookAlikes;

    private ReferenceLists(Map<ListName, Snapshot> snapshots) {
        this.snapshots = Map.copyOf(snapshots);
        domains = DomainLists.of(inPrecedence());
        roles = new RoleNames(snapshot(ListName.ROLE));
        schools = new EduNames(snapshot(ListName.EDU));
        disposableMailHosts = Set.copyOf(Snapshot.shipped("disposable-mx.txt").entries());
        slips = new ProviderSlips(
                Snapshot.shipped("providers.txt"),
                Snapshot.shipped("tld-slips.txt"),
                Snapshot.shipped("real-domains.txt"),
                name -> domains.lists(name, ListName.FREE) || domains.lists(name, ListName.RELAY));
        lookAlikes = new Homograph(slips.providerDomains());
    }

    /** The snapshots shipped in the jar. Read once; later calls return the same object. */
    public static ReferenceLists shipped() {
        return Shipped.LISTS;
    }

    /** Every entry the address matches, at most one for each list, in the order of {@link ListName}. */
    public List<ListHit> hits(EmailAddress address) {
        var hits = new ArrayList<ListHit>();
        domains.find(address.domain()).ifPresent(hits::add);
        roles.find(address).ifPresent(hits::add);
        schools.find(address.domain()).ifPresent(hits::add);
        hits.sort(Comparator.comparing(ListHit::list));
        return List.copyOf(hits);
    }

    /**
     * Whether a mail host is known to serve disposable domains and next to nothing else. A domain it serves is probably
     * one that no list holds yet.
     *
     * @param name lower case, without trailing dot
     */
    public boolean servesDisposableDomains(String name) {
        return disposableMailHosts.contains(name);
    }

    /** The address the person may have meant, when the domain is a likely slip of a well-known provider's. */
    public Optional<EmailAddress> suggestion(EmailAddress address) {
        var domain = address.domain();
        if (domain.isLiteral() || slips.isKnown(domain)) {
            return Optional.empty();
        }
        var imitated = lookAlikes.imitated(domain);
        return (imitated.isPresent() ? imitated : slips.meantBy(domain)).flatMap(meant -> at(address, meant));
    }

    /** Whether the domain is made to look like another: scripts mixed in a label, or the looks of a provider's name. */
    public boolean isHomograph(Domain domain) {
        return !domain.isLiteral() && !slips.isKnown(domain) && lookAlikes.isHomograph(domain);
    }

    /** One list as it is held, with source, licence and day. */
    public Snapshot snapshot(ListName list) {
        return requireNonNull(snapshots.get(list), list.name());
    }

    private static Optional<EmailAddress> at(EmailAddress address, String domain) {
        var dialect = address.localPart().startsWith("\"") ? AddressDialect.RFC5321 : AddressDialect.SMTPUTF8;
        return switch (AddressParser.parse(address.localPart() + "@" + domain, dialect)) {
            case Wellformed(var meant) -> Optional.of(meant);
            case Malformed _ -> Optional.empty(); // the longer domain made the address too long
        };
    }

    private Map<ListName, Snapshot> inPrecedence() {
        var ordered = new LinkedHashMap<ListName, Snapshot>();
        PRECEDENCE.forEach(name -> ordered.put(name, snapshot(name)));
        return ordered;
    }

    /** Loads at the first use. */
    private static final class Shipped {
        static final ReferenceLists LISTS = new ReferenceLists(Map.of(
                ListName.DISPOSABLE, Snapshot.shipped("disposable.txt"),
                ListName.FREE, Snapshot.shipped("free.txt"),
                ListName.ROLE, Snapshot.shipped("role.txt"),
                ListName.RELAY, Snapshot.shipped("relay.txt"),
                ListName.EDU, Snapshot.shipped("edu.txt")));
    }
}
