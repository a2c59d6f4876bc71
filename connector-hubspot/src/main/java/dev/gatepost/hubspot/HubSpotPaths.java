package dev.gatepost.hubspot;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The calls we make, by dated version of HubSpot's API. A table, since the version does not stand at the same place in
 * every path.
 *
 * <p>HubSpot developer documentation, "Versioning": a version is supported for 18 months.
 */
enum HubSpotPaths {
    /** From this version on HubSpot enforces the rules of a portal's admins on writes. */
    V2026_09(
            "2026-09",
            "/account-info/2026-09/details",
            "/crm/objects/2026-09/contacts/batch/read",
            "/crm/objects/2026-09/contacts/batch/update",
            "/crm/objects/2026-09/contacts/search",
            "/crm/properties/2026-09/contacts",
            "/crm/properties/2026-09/contacts/groups"),
    V2026_03(
            "2026-03",
            "/account-info/2026-03/details",
            "/crm/objects/2026-03/contacts/batch/read",
            "/crm/objects/2026-03/contacts/batch/update",
            "/crm/objects/2026-03/contacts/search",
            "/crm/properties/2026-03/contacts",
            "/crm/properties/2026-03/contacts/groups");

    private final String version;
    private final String details;
    private final String batchRead;
    private final String batchUpdate;
    private final String search;
    private final String properties;
    private final String groups;

    HubSpotPaths(
            String version,
            String details,
            String batchRead,
            String batchUpdate,
            String search,
            String properties,
            String groups) {
        this.version = version;
        this.details = details;
        this.batchRead = batchRead;
        this.batchUpdate = batchUpdate;
        this.search = search;
        this.properties = properties;
        this.groups = groups;
    }

    /** The table of a version named as HubSpot does, for example {@code 2026-09}. */
    static Optional<HubSpotPaths> of(String version) {
        return Arrays.stream(values())
                .filter(paths -> paths.version.equals(version))
                .findFirst();
    }

    /** All versions, for people. */
    static String versions() {
        return List.of(values()).stream().map(paths -> paths.version).collect(Collectors.joining(", "));
    }

    String version() {
        return version;
    }

    String details() {
        return details;
    }

    String batchRead() {
        return batchRead;
    }

    String batchUpdate() {
        return batchUpdate;
    }

    String search() {
        return search;
    }

    String properties() {
        return properties;
    }

    /** One property; {@code name} is one of ours, so that it needs no escape. */
    String property(String name) {
        return properties + "/" + name;
    }

    String groups() {
        return groups;
    }
}
