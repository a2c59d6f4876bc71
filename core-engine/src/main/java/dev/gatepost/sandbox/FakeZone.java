package dev.gatepost.sandbox;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.RecordType;
import dev.gatepost.dns.Resolver;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Name records in memory, plus names that fail. Answers directly as a {@link Resolver}, or behind a name server on
 * loopback. A name with no record at all does not exist. Safe for any thread.
 */
public final class FakeZone implements Resolver {
    /** How long answers say they may be kept. */
    private static final Duration TTL = Duration.ofMinutes(5);

    /** Aliases followed for one name, as a recursive server would. */
    private static final int ALIASES_MAX = 16;

    private final Map<String, Map<RecordType, List<Answer.Data>>> records = new ConcurrentHashMap<>();
    private final Map<String, String> aliases = new ConcurrentHashMap<>();
    private final Map<String, Answer.FailureCause> failing = new ConcurrentHashMap<>();

    /** Adds an MX record; an empty {@code host} is the root, as in a null MX. */
    public FakeZone mx(String name, int preference, String host) {
        return add(name, RecordType.MX, new Answer.MxData(preference, host));
    }

    /** Adds an A or AAAA record, by the kind of the address literal. */
    public FakeZone address(String name, String literal) {
        try {
            var address = InetAddress.ofLiteral(literal);
            var type = address.getAddress().length == 4 ? RecordType.A : RecordType.AAAA;
            return add(name, type, new Answer.AddressData(InetAddress.getByAddress(address.getAddress())));
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    /** Adds a TXT record. */
    public FakeZone text(String name, String text) {
        return add(name, RecordType.TXT, new Answer.TextData(text));
    }

    /** Adds the name of an address, as reverse DNS gives it. */
    public FakeZone pointer(String reverseName, String name) {
        return add(reverseName, RecordType.PTR, new Answer.NameData(name));
    }

    /** Makes {@code name} an alias of {@code target}: whatever is asked of the one is answered with the other's records. */
    public FakeZone alias(String name, String target) {
        aliases.put(name, target);
        return this;
    }

    /** Makes every question about {@code name} fail; {@code TIMEOUT} is silence when asked through the name server. */
    public FakeZone failing(String name, Answer.FailureCause cause) {
        failing.put(name, cause);
        return this;
    }

    @Override
    public Answer ask(String name, RecordType type) {
        var chain = aliases(name);
        if (chain.isEmpty() || failing.containsKey(name)) {
            return askPlain(name, type);
        }
        var answer = chain.size() == ALIASES_MAX
                ? new Answer.Failed(Answer.FailureCause.SERVFAIL)
                : askPlain(chain.getLast(), type);
        return answer instanceof Answer.Found(var found, var ttl, var _) ? new Answer.Found(found, ttl, true) : answer;
    }

    /** The names that {@code name} leads to by its alias, in order; empty when it is none. */
    List<String> aliases(String name) {
        var chain = new ArrayList<String>();
        for (var next = aliases.get(name); next != null && chain.size() < ALIASES_MAX; next = aliases.get(next)) {
            chain.add(next);
        }
        return chain;
    }

    private Answer askPlain(String name, RecordType type) {
        var cause = failing.get(name);
        if (cause != null) {
            return new Answer.Failed(cause);
        }
        var ofName = records.get(name);
        if (ofName == null) {
            return new Answer.NoSuchName(TTL);
        }
        var found = ofName.get(type);
        return found == null ? new Answer.NoData(TTL) : new Answer.Found(found, TTL, false);
    }

    private FakeZone add(String name, RecordType type, Answer.Data data) {
        records.computeIfAbsent(name, _ -> new ConcurrentHashMap<>()).merge(type, List.of(data), (old, more) -> {
            var both = new ArrayList<>(old);
            both.addAll(more);
            return List.copyOf(both);
        });
        return this;
    }
}
