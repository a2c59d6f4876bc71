package dev.gatepost.dns;

import java.net.InetAddress;

/** The name that reverse DNS has for an address: RFC 1035, section 3.5; RFC 3596, section 2.5. */
public final class ReverseName {
    private ReverseName() {}

    /** For example {@code 7.113.0.203.in-addr.arpa}. */
    public static String of(InetAddress address) {
        var octets = address.getAddress();
        var name = new StringBuilder();
        for (int i = octets.length - 1; i >= 0; i--) {
            int octet = octets[i] & 0xff;
            if (octets.length == 4) {
                name.append(octet).append('.');
            } else {
                name.append(Character.forDigit(octet & 0xf, 16))
                        .append('.')
                        .append(Character.forDigit(octet >> 4, 16))
                        .append('.');
            }
        }
        return name.append(octets.length == 4 ? "in-addr.arpa" : "ip6.arpa").toString();
    }
}
