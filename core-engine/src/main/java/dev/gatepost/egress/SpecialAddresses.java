package dev.gatepost.egress;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The addresses that nothing on the public internet can have, and the IPv4 addresses hidden inside IPv6 ones.
 *
 * <p>Source: the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and its updates). The JDK's own
 * predicates ({@code isSiteLocalAddress} and the like) know only a part of them.
 */
final class SpecialAddresses {
    private static final List<String> RANGE_TEXTS = List.of(
            "0.0.0.0/8", // this network, RFC 791
            "10.0.0.0/8", // private, RFC 1918
            "100.64.0.0/10", // shared by carriers' NAT, RFC 6598
            "127.0.0.0/8", // loopback, RFC 1122
            "169.254.0.0/16", // link-local, RFC 3927
            "172.16.0.0/12", // private, RFC 1918
            "192.0.0.0/24", // protocol assignments, RFC 6890
            "192.0.2.0/24", // documentation, RFC 5737
            "192.88.99.0/24", // 6to4 relay, RFC 7526
            "192.168.0.0/16", // private, RFC 1918
            "198.18.0.0/15", // benchmarking, RFC 2544
            "198.51.100.0/24", // documentation, RFC 5737
            "203.0.113.0/24", // documentation, RFC 5737
            "224.0.0.0/4", // multicast, RFC 5771
            "240.0.0.0/4", // reserved and broadcast, RFC 1112
            "::/96", // unspecified, loopback, IPv4-compatible, RFC 4291
            "64:ff9b::/96", // NAT64, RFC 6052
            "64:ff9b:1::/48", // local NAT64, RFC 8215
            "100::/64", // discard, RFC 6666
            "2001::/23", // protocol assignments with Teredo, RFC 2928
            "2001:db8::/32", // documentation, RFC 3849
            "2002::/16", // 6to4, RFC 3056
            "3fff::/20", // documentation, RFC 9637
            "5f00::/16", // segment routing, RFC 9602
            "fc00::/7", // unique local, RFC 4193
            "fe80::/10", // link-local, RFC 4291
            "fec0::/10", // site-local, RFC 3879
            "ff00::/8"); // multicast, RFC 4291

    private static final List<AddressRange> RANGES =
            RANGE_TEXTS.stream().map(AddressRange::parse).toList();

    /** The only block global IPv6 unicast addresses are given out from (IANA IPv6 Address Space; RFC 4291, 2.4). */
    private static final AddressRange GLOBAL_UNICAST = AddressRange.parse("2000::/3");

    private static final AddressRange SIX_TO_FOUR = AddressRange.parse("2002::/16");
    private static final AddressRange NAT64 = AddressRange.parse("64:ff9b::/96");
    private static final AddressRange COMPATIBLE = AddressRange.parse("::/96");

    /** Where clouds hand out machines' credentials. */
    private static final List<InetAddress> METADATA =
            List.of(InetAddress.ofLiteral("169.254.169.254"), InetAddress.ofLiteral("fd00:ec2::254"));

    private SpecialAddresses() {}

    /** The special block an address lies in; empty when a public host may have it. Unwraps IPv4-mapped addresses. */
    static Optional<String> rangeOf(InetAddress address) {
        var plain = unwrap(address);
        for (int i = 0; i < RANGES.size(); i++) {
            if (RANGES.get(i).contains(plain)) {
                return Optional.of(RANGE_TEXTS.get(i));
            }
        }
        return plain instanceof Inet6Address && !GLOBAL_UNICAST.contains(plain)
                ? Optional.of("outside 2000::/3")
                : Optional.empty();
    }

    /** An IPv4-mapped IPv6 address as the IPv4 address that would be dialled; any other as it is, without its scope. */
    static InetAddress unwrap(InetAddress address) {
        return ofOctets(address.getAddress());
    }

    /** The IPv4 address that a 6to4, NAT64 or IPv4-compatible address leads to. */
    static Optional<InetAddress> embedded(InetAddress address) {
        var octets = address.getAddress();
        if (SIX_TO_FOUR.contains(address)) {
            return Optional.of(ofOctets(Arrays.copyOfRange(octets, 2, 6)));
        }
        if (NAT64.contains(address) || COMPATIBLE.contains(address)) {
            return Optional.of(ofOctets(Arrays.copyOfRange(octets, 12, 16)));
        }
        return Optional.empty();
    }

    /** Whether the address, or the IPv4 address inside it, is a cloud's metadata service. */
    static boolean isMetadata(InetAddress address) {
        var plain = unwrap(address);
        return METADATA.contains(plain)
                || embedded(plain).filter(METADATA::contains).isPresent();
    }

    private static InetAddress ofOctets(byte[] octets) {
        try {
            // Sixteen octets of an IPv4-mapped address become an Inet4Address here.
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + octets.length + " octets", e);
        }
    }
}
