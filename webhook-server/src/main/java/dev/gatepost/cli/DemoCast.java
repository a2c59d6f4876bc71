package dev.gatepost.cli;

import dev.gatepost.sandbox.MailWorld.Example;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The contacts of the demo and which of them came back already. Used by one thread. */
final class DemoCast {

    private final Map<String, Example> waiting = new LinkedHashMap<>();

    /** @param create makes a contact with an address and gives its id */
    DemoCast(List<Example> examples, UnaryOperator<String> create) {
        examples.forEach(example -> waiting.put(create.apply(example.address()), example));
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    List<String> waiting() {
        return waiting.values().stream().map(Example::address).toList();
    }

    /** The example a contact was made of, the first time it comes back. */
    Optional<Example> cameBack(String id) {
        return Optional.ofNullable(waiting.remove(id));
    }
}
