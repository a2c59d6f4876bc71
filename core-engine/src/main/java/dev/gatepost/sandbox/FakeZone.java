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
    private static final Duration TTL = Duration.ofMinutes(5);

    private final Map<String, Map<RecordType, List<Answer.Data>>> records = new ConcurrentHashMap<>();
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

    /** Makes every question about {@code name} fail; {@code TIMEOUT} is silence when asked through the name server. */
    public FakeZone failing(String name, Answer.FailureCause cause) {
        failing.put(name, cause);
        return this;
    }

    @Override
    public Answer ask(String name, RecordType type) {
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
