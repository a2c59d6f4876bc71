package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

/**
 * How many addresses all nodes together may ask one organisation, or one network, about.
 *
 * @param group whom; the same on every node
 * @param addressesPerMinute in a minute, at least 1
 * @param addressesPerDay in a day, at least 1
 */
public record Quota(String group, int addressesPerMinute, int addressesPerDay) {
    public Quota {
        requireNonNull(group, "group");
    }
}
