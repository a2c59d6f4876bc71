package dev.gatepost.hubspot.sandbox;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Map;

/**
 * One contact as the sandbox has it.
 *
 * @param id the record's number
 * @param properties by name; a cleared one is missing
 * @param createdAt when it was made
 * @param updatedAt when a property last changed
 */
public record SandboxContact(String id, Map<String, String> properties, Instant createdAt, Instant updatedAt) {
    public SandboxContact {
        requireNonNull(id, "id");
        properties = Map.copyOf(properties);
        requireNonNull(createdAt, "createdAt");
        requireNonNull(updatedAt, "updatedAt");
    }

    /** A property's value, empty when it has none. */
    public String property(String name) {
        return properties.getOrDefault(name, "");
    }
}
