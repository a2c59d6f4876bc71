package dev.gatepost.workspace;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** All connections as they were at one version of the table, by what they are looked up by. */
final class ConnectionSnapshot {
    private final long version;
    private final List<Connection> all;
    private final Map<String, Connection> byId;
    private final Map<Key, List<Connection>> byHook;
    private final Map<Key, List<Connection>> byAccount;

    ConnectionSnapshot(long version, List<Connection> connections) {
        this.version = version;
        this.all = List.copyOf(connections);
        this.byId = all.stream().collect(toMap(Connection::id, Function.identity()));
        this.byHook = all.stream()
                .collect(
                        groupingBy(each -> new Key(each.plugin(), each.account().hookKey())));
        this.byAccount = all.stream()
                .collect(
                        groupingBy(each -> new Key(each.plugin(), each.account().account())));
    }

    long version() {
        return version;
    }

    List<Connection> all() {
        return all;
    }

    Optional<Connection> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    List<Connection> byHook(String plugin, String hookKey) {
        return byHook.getOrDefault(new Key(plugin, hookKey), List.of());
    }

    List<Connection> byAccount(String plugin, String account) {
        return byAccount.getOrDefault(new Key(plugin, account), List.of());
    }

    private record Key(String plugin, String text) {}
}
