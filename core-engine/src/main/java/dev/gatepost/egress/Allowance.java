package dev.gatepost.egress;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.Locale;

/**
 * What the operator opened beyond the defaults, for a lab or an own network.
 *
 * @param purpose what for
 * @param range which addresses
 * @param port which port, 1 to 65535, or {@link #ANY_PORT}
 */
public record Allowance(Purpose purpose, AddressRange range, int port) {
    /** Stands for every port. */
    public static final int ANY_PORT = 0;

    private static final int PORT_MAX = 65_535;

    public Allowance {
        requireNonNull(purpose, "purpose");
        requireNonNull(range, "range");
        if (port < ANY_PORT || port > PORT_MAX) {
            throw new IllegalArgumentException("the port " + port + " is not between 1 and " + PORT_MAX);
        }
    }

    /**
     * Reads one part such as {@code smtp=127.0.0.0/8:2525}, {@code dns=[fd00::53]:53} or {@code crm=10.1.2.3}.
     *
     * @throws IllegalArgumentException when the part is not that; the message says what is wrong
     */
    static Allowance parse(String part) {
        int equals = part.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("expected purpose=range or purpose=range:port");
        }
        var purpose = purpose(part.substring(0, equals).strip());
        var destination = part.substring(equals + 1).strip();
        int colon = portColon(destination);
        var range = colon < 0 ? destination : destination.substring(0, colon);
        var port = colon < 0 ? ANY_PORT : port(destination.substring(colon + 1));
        return new Allowance(purpose, AddressRange.parse(withoutBrackets(range)), port);
    }

    boolean covers(Purpose asked, InetAddress address, int askedPort) {
        return purpose == asked && opensPort(askedPort) && range.contains(address);
    }

    boolean opensPort(int askedPort) {
        return port == ANY_PORT || port == askedPort;
    }

    @Override
    public String toString() {
        return purpose.word() + "=" + range + (port == ANY_PORT ? "" : ":" + port);
    }

    /** Where the port begins: the colon after a prefix or a bracket, or the only one there is; -1 without a port. */
    private static int portColon(String destination) {
        int from = Math.max(destination.indexOf('/'), destination.lastIndexOf(']'));
        int colon = destination.indexOf(':', Math.max(from, 0));
        return from < 0 && colon != destination.lastIndexOf(':') ? -1 : colon;
    }

    private static String withoutBrackets(String range) {
        return range.startsWith("[") && range.endsWith("]") ? range.substring(1, range.length() - 1) : range;
    }

    private static Purpose purpose(String word) {
        for (var purpose : Purpose.values()) {
            if (purpose.word().equals(word.toLowerCase(Locale.ROOT))) {
                return purpose;
            }
        }
        throw new IllegalArgumentException("\"" + word + "\" is not one of smtp, dns, crm, hook, lists");
    }

    private static int port(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) == ANY_PORT) {
            throw new IllegalArgumentException("\"" + text + "\" is not a port");
        }
        return Integer.parseInt(text);
    }
}
