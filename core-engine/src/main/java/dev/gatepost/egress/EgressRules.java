package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Which destinations may be dialled for which purpose. Pure.
 *
 * @param allowances what the operator opened beyond the defaults
 * @param smtpPort the mail hosts' port beside 25; 25 but in labs
 * @param nameServers the configured name servers, the only destinations for DNS without an allowance
 * @param metadata whether a cloud's metadata service may be dialled where an allowance covers it
 */
public record EgressRules(
        List<Allowance> allowances, int smtpPort, List<InetSocketAddress> nameServers, Metadata metadata) {
    /** RFC 5321, section 4.5.4.2: mail hosts listen on port 25. */
    private static final int SMTP_PORT = 25;

    private static final int HTTPS_PORT = 443;

    /** Whether the metadata services 169.254.169.254 and fd00:ec2::254 can be opened at all. */
    public enum Metadata {
        CLOSED,
        OPEN
    }

    public EgressRules {
        allowances = List.copyOf(allowances);
        nameServers = List.copyOf(nameServers);
        requireNonNull(metadata, "metadata");
    }

    /** The public internet on the usual ports, and nothing else. */
    public static EgressRules strict() {
        return new EgressRules(List.of(), SMTP_PORT, List.of(), Metadata.CLOSED);
    }

    /**
     * Reads allowances such as {@code smtp=127.0.0.0/8:2525,dns=127.0.0.0/8,crm=127.0.0.0/8:9000}; without a port, any
     * port. Empty text opens nothing.
     *
     * @throws IllegalArgumentException when a part is wrong; the message names each wrong part and what is wrong with it
     */
    public static EgressRules parse(String text) {
        var allowances = new ArrayList<Allowance>();
        var mistakes = new ArrayList<String>();
        for (var part : text.split(",", -1)) {
            if (text.isBlank()) {
                continue;
            }
            try {
                allowances.add(Allowance.parse(part.strip()));
            } catch (IllegalArgumentException e) {
                mistakes.add("\"" + part.strip() + "\": " + e.getMessage());
            }
        }
        if (!mistakes.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", mistakes));
        }
        return new EgressRules(allowances, SMTP_PORT, List.of(), Metadata.CLOSED);
    }

    /** These rules with another port for mail hosts beside 25. */
    public EgressRules withSmtpPort(int port) {
        return new EgressRules(allowances, port, nameServers, metadata);
    }

    /** These rules with just these name servers. */
    public EgressRules withNameServers(List<InetSocketAddress> servers) {
        return new EgressRules(allowances, smtpPort, servers, metadata);
    }

    /** These rules with the metadata services open where an allowance covers them. */
    public EgressRules withMetadataOpen() {
        return new EgressRules(allowances, smtpPort, nameServers, Metadata.OPEN);
    }

    /** The checks for URLs that are called for {@code purpose} under these rules. */
    public UrlRules urlRules(Purpose purpose) {
        return new UrlRules(this, purpose, Set.of());
    }

    /** Judges one destination; the address is judged as the one that would be dialled (IPv4-mapped ones unwrapped). */
    public Judgement judge(Purpose purpose, InetAddress address, int port) {
        var plain = SpecialAddresses.unwrap(address);
        if (purpose == Purpose.DNS && nameServers.contains(new InetSocketAddress(plain, port))) {
            return new Judgement.Opened();
        }
        if (metadata == Metadata.CLOSED && SpecialAddresses.isMetadata(plain)) {
            return new Judgement.Refused("a cloud's metadata service");
        }
        if (covered(purpose, plain, port)) {
            return judgeEmbedded(purpose, plain, port);
        }
        if (purpose == Purpose.DNS) {
            return new Judgement.Refused("not a configured name server");
        }
        var special = SpecialAddresses.rangeOf(plain);
        if (special.isPresent()) {
            return new Judgement.Refused("special address range " + special.get());
        }
        return isUsualPort(purpose, port) ? new Judgement.Usual() : new Judgement.Refused("port " + port);
    }

    /** Whether some port of the address may be dialled: what can be said of a name's address before the port is known. */
    boolean admits(Purpose purpose, InetAddress address) {
        var plain = SpecialAddresses.unwrap(address);
        return allowances.stream()
                        .filter(a -> a.purpose() == purpose && a.range().contains(plain))
                        .anyMatch(a -> !(judge(purpose, plain, a.port()) instanceof Judgement.Refused))
                || !(judge(purpose, plain, usualPort(purpose)) instanceof Judgement.Refused);
    }

    /** Whether the operator opened anything for the purpose, as in a lab. */
    public boolean opens(Purpose purpose) {
        return allowances.stream().anyMatch(each -> each.purpose() == purpose);
    }

    /** Whether the operator opened this port for the purpose at any address. */
    boolean opensPort(Purpose purpose, int port) {
        return allowances.stream().anyMatch(a -> a.purpose() == purpose && a.opensPort(port));
    }

    /** An opened 6to4 or NAT64 range must not be a way round to the IPv4 addresses that are closed. */
    private Judgement judgeEmbedded(Purpose purpose, InetAddress address, int port) {
        var inside = SpecialAddresses.embedded(address);
        var closed = inside.filter(v4 -> !covered(purpose, v4, port)).flatMap(SpecialAddresses::rangeOf);
        // ::1 reads as 0.0.0.1 inside; it was opened by its own name.
        return closed.isPresent() && !address.isLoopbackAddress()
                ? new Judgement.Refused("special address range " + closed.get() + " inside an IPv6 address")
                : new Judgement.Opened();
    }

    private boolean covered(Purpose purpose, InetAddress address, int port) {
        return allowances.stream().anyMatch(a -> a.covers(purpose, address, port));
    }

    private boolean isUsualPort(Purpose purpose, int port) {
        return port == usualPort(purpose) || (purpose == Purpose.SMTP && port == smtpPort);
    }

    private static int usualPort(Purpose purpose) {
        return switch (purpose) {
            case SMTP -> SMTP_PORT;
            case DNS -> 53;
            case CRM, HOOK, LISTS -> HTTPS_PORT;
        };
    }
}
