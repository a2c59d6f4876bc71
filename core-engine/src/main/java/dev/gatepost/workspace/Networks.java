package dev.gatepost.workspace;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** Which network an address belongs to: what one customer of a provider usually has. */
final class Networks {
    private static final int V4_BYTES = 3;
    private static final int V6_BYTES = 8;

    private Networks() {}

    /** The /24 of an IPv4 address, the /64 of an IPv6 address; any other text as it is. */
    static String of(String given) {
        // Servlets write IPv6 addresses in brackets.
        var address = given.startsWith("[") ? given.replaceAll("[\\[\\]]", "") : given;
        if (!address.matches("[0-9a-fA-F.:]+(%\\w+)?")) {
            return address; // asking a name server would be a way out for strangers' text
        }
        try {
            var parsed = InetAddress.ofLiteral(address);
            var bytes = parsed.getAddress();
            return HexFormat.of().formatHex(Arrays.copyOf(bytes, parsed instanceof Inet4Address ? V4_BYTES : V6_BYTES));
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
