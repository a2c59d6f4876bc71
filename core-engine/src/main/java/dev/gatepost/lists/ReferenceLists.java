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
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The reference lists in use, held in memory; immutable, safe for any thread. */
public final class ReferenceLists {
    private final Map<ShippedList, Snapshot> snapshots;
    private final OwnLists own;
    private final DomainLists domains;
    private final RoleNames roles;
    private final EduNames schools;
    private final Set<String> disposableMailHosts;
    private final Set<String> squats;
    private final ProviderSlips slips;
    private final Homograph lookAlikes;

    private ReferenceLists(Map<ShippedList, Snapshot> snapshots, OwnLists own) {
        this.snapshots = Map.copyOf(snapshots);
        this.own = own;
        domains = DomainLists.of(
                inPrecedence(),
                name -> snapshot(ShippedList.valueOf(name.name())).asOf());
        roles = new RoleNames(snapshot(ShippedList.ROLE));
        schools = new EduNames(snapshot(ShippedList.EDU));
        disposableMailHosts = Set.copyOf(snapshot(ShippedList.DISPOSABLE_MX).entries());
        squats = Set.copyOf(snapshot(ShippedList.SQUATS).entries());
        slips = new ProviderSlips(
                snapshot(ShippedList.POPULAR),
                snapshot(ShippedList.TLD_SLIPS),
                snapshot(ShippedList.REAL_DOMAINS),
                name -> domains.lists(name, ListName.FREE) || domains.lists(name, ListName.RELAY));
        lookAlikes = new Homograph(slips.providerDomains());
    }

    /** The snapshots shipped in the jar. Read once; later calls return the same object. */
    public static ReferenceLists shipped() {
        return Shipped.LISTS;
    }

    /** The shipped lists with some replaced by newer ones, and the operator's own before all of them. */
    static ReferenceLists of(Map<ShippedList, Snapshot> newer, OwnLists own) {
        if (newer.isEmpty() && own.isEmpty()) {
            return shipped();
        }
        var snapshots = new EnumMap<>(shipped().snapshots);
        snapshots.putAll(newer);
        return new ReferenceLists(snapshots, own);
    }

    /**
     * Every entry the address matches, at most one for each list, in the order of {@link ListName}. Of the lists of domains
     * only the first that names it is believed: allow, block, relay, free, disposable. An allowed address is in no list
     * of ours.
     */
    public List<ListHit> hits(EmailAddress address) {
        var allowed = own.allow().find(address);
        if (allowed.isPresent()) {
            return List.of(allowed.get());
        }
        var hits = new ArrayList<ListHit>();
        own.block().find(address).or(() -> domains.find(address.domain())).ifPresent(hits::add);
        roles.find(address).ifPresent(hits::add);
        schools.find(address.domain()).ifPresent(hits::add);
        hits.sort(Comparator.comparing(ListHit::list));
        return List.copyOf(hits);
    }

    /** The opt-out entry that forbids to ask the domain's mail hosts, if there is one (reliability: M6). */
    public Optional<ListHit> optOut(Domain domain) {
        return own.optOut().find(domain);
    }

    /**
     * The opt-out entry that forbids to ask a mail host, if there is one.
     *
     * @param mailHost lower case, without trailing dot
     */
    public Optional<ListHit> optOut(String mailHost) {
        return own.optOut().find(mailHost);
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

    /**
     * Whether the domain is known to live from the slips of others, or looks like another on purpose: that it takes mail
     * does not make it the one that was meant.
     */
    public boolean isSquat(Domain domain) {
        return squats.contains(domain.ascii())
                || domains.lists(domain.ascii(), ListName.DISPOSABLE)
                || own.block().find(domain).isPresent()
                || isHomograph(domain);
    }

    /** The address the person may have meant, when the domain is a likely slip of a well-known provider's. */
    public Optional<EmailAddress> suggestion(EmailAddress address) {
        var domain = address.domain();
        if (domain.isLiteral()
                || slips.isKnown(domain)
                || own.allow().find(address).isPresent()) {
            return Optional.empty();
        }
        var imitated = lookAlikes.imitated(domain);
        return (imitated.isPresent() ? imitated : slips.meantBy(domain)).flatMap(meant -> at(address, meant));
    }

    /** Whether the domain is made to look like another: scripts mixed in a label, or the looks of a provider's name. */
    public boolean isHomograph(Domain domain) {
        return !domain.isLiteral()
                && !slips.isKnown(domain)
                && own.allow().find(domain).isEmpty()
                && lookAlikes.isHomograph(domain);
    }

    /** One list as it is held, with source, licence and day. */
    public Snapshot snapshot(ShippedList list) {
        return requireNonNull(snapshots.get(list), list.name());
    }

    /** The operator's own lists. */
    public OwnLists own() {
        return own;
    }

    private static Optional<EmailAddress> at(EmailAddress address, String domain) {
        var dialect = address.localPart().startsWith("\"") ? AddressDialect.RFC5321 : AddressDialect.SMTPUTF8;
        return switch (AddressParser.parse(address.localPart() + "@" + domain, dialect)) {
            case Wellformed(var meant) -> Optional.of(meant);
            case Malformed _ -> Optional.empty(); // the longer domain made the address too long
        };
    }

    /**
     * Relay, free, disposable. A list of free providers from elsewhere holds many disposable domains, and a list of disposable
     * ones now and then a big provider: so free is what is not disposable, and a popular provider never is.
     */
    private Map<ListName, Collection<String>> inPrecedence() {
        var popular = new HashSet<String>();
        snapshot(ShippedList.POPULAR).entries().forEach(entry -> popular.add(entry.substring(0, entry.indexOf(' '))));
        var disposable = new HashSet<>(snapshot(ShippedList.DISPOSABLE).entries());
        disposable.removeAll(popular);
        var free = new HashSet<>(snapshot(ShippedList.FREE).entries());
        free.removeAll(disposable);
        var ordered = new LinkedHashMap<ListName, Collection<String>>();
        ordered.put(ListName.RELAY, snapshot(ShippedList.RELAY).entries());
        ordered.put(ListName.FREE, free);
        ordered.put(ListName.DISPOSABLE, disposable);
        return ordered;
    }

    /** Loads at the first use. */
    private static final class Shipped {
        static final ReferenceLists LISTS = new ReferenceLists(
                Arrays.stream(ShippedList.values())
                        .collect(Collectors.toMap(Function.identity(), ShippedList::shipped)),
                OwnLists.NONE);
    }
}
