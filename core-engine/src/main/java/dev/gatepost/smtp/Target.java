package dev.gatepost.smtp;

import dev.gatepost.dns.MailHost;
import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One address of one mail host.
 *
 * @param host the mail host's name
 * @param preference its MX preference
 * @param provider who runs it
 */
record Target(String host, int preference, InetAddress address, Provider provider) {
    /** Addresses tried of one host; its others mostly lead to the same machine. Verification contract, section 2. */
    private static final int ADDRESSES_PER_HOST_MAX = 2;

    /**
     * The addresses to try, in order.
     *
     * @param reachable which addresses can be dialled at all
     */
    static Stream<Target> of(List<MailHost> hosts, ProviderTable providers, Predicate<InetAddress> reachable) {
        return hosts.stream()
                .flatMap(host -> host.addresses().stream()
                        .filter(reachable)
                        .limit(ADDRESSES_PER_HOST_MAX)
                        .map(address ->
                                new Target(host.name(), host.preference(), address, providers.of(host.name()))));
    }

    /** The organisation whose host it is. */
    String group() {
        return provider.group();
    }

    /** Whose limits and pauses count. */
    String group(HostLimits.Grouping grouping) {
        return switch (grouping) {
            case ORGANISATION -> provider.group();
            case HOST -> host;
        };
    }
}
