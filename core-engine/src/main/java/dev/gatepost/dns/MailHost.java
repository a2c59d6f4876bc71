package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.List;

/**
 * One server that takes mail for a domain.
 *
 * @param name host name, lower case, without trailing dot
 * @param preference MX preference; 0 for an implicit MX
 * @param addresses addresses to try, IPv4 first, at least one, at most 4 (reliability: M8), all of them routable
 */
public record MailHost(String name, int preference, List<InetAddress> addresses) {
    public MailHost {
        requireNonNull(name, "name");
        addresses = List.copyOf(addresses);
    }
}
