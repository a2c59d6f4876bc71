package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;

/**
 * A block of addresses of one family, as in {@code 10.0.0.0/8}.
 *
 * @param network the first address; its bits after the prefix are zero
 * @param prefix how many leading bits all addresses of the block share: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record AddressRange(InetAddress network, int prefix) {
    public AddressRange {
        requireNonNull(network, "network");
        var octets = network.getAddress();
        if (prefix < 0 || prefix > octets.length * Byte.SIZE) {
            throw new IllegalArgumentException("the prefix /" + prefix + " is not between 0 and " + octets.length * 8);
        }
        for (int bit = prefix; bit < octets.length * Byte.SIZE; bit++) {
            if (bitOf(octets, bit)) {
                throw new IllegalArgumentException(
                        network.getHostAddress() + " has bits set after the prefix /" + prefix);
            }
        }
    }

    /**
     * Reads {@code 10.0.0.0/8} or {@code fd00::/8}; an address alone is a block of one.
     *
     * @throws IllegalArgumentException when the text is not that; the message says what is wrong
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        var network = literal(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new AddressRange(network, network.getAddress().length * Byte.SIZE);
        }
        var prefix = text.substring(slash + 1);
        if (!prefix.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("\"" + prefix + "\" is not a prefix length");
        }
        return new AddressRange(network, Integer.parseInt(prefix));
    }

    /** Whether {@code address} lies in this block; an address of the other family never does. */
    public boolean contains(InetAddress address) {
        var mine = network.getAddress();
        var other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            if (bitOf(mine, bit) != bitOf(other, bit)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefix;
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" is not an address", e);
        }
    }

    private static boolean bitOf(byte[] octets, int bit) {
        return (octets[bit / Byte.SIZE] & (0x80 >> (bit % Byte.SIZE))) != 0;
    }
}
