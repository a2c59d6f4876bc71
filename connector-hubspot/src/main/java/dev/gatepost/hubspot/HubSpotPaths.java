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
            new Table(
                    "/account-info/2026-09/details",
                    "/crm/objects/2026-09/contacts/batch/read",
                    "/crm/objects/2026-09/contacts/batch/update",
                    "/crm/objects/2026-09/contacts/search",
                    "/crm/properties/2026-09/contacts",
                    "/crm/properties/2026-09/contacts/groups",
                    "/crm/lists/2026-09",
                    "/oauth/2026-09/token",
                    "/automation/actions/callbacks/2026-09/complete",
                    "/appinstalls/2026-09/external-install")),
    V2026_03(
            "2026-03",
            new Table(
                    "/account-info/2026-03/details",
                    "/crm/objects/2026-03/contacts/batch/read",
                    "/crm/objects/2026-03/contacts/batch/update",
                    "/crm/objects/2026-03/contacts/search",
                    "/crm/properties/2026-03/contacts",
                    "/crm/properties/2026-03/contacts/groups",
                    "/crm/lists/2026-03",
                    "/oauth/2026-03/token",
                    "/automation/actions/callbacks/2026-03/complete",
                    "/appinstalls/2026-03/external-install"));

    private final String version;

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts is as constant as they are
    private final Table table;

    HubSpotPaths(String version, Table table) {
        this.version = version;
        this.table = table;
    }

    private record Table(
            String details,
            String batchRead,
            String batchUpdate,
            String search,
            String properties,
            String groups,
            String lists,
            String token,
            String callbacks,
            String uninstall) {}

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
        return table.details();
    }

    String batchRead() {
        return table.batchRead();
    }

    String batchUpdate() {
        return table.batchUpdate();
    }

    String search() {
        return table.search();
    }

    String properties() {
        return table.properties();
    }

    /** One property; {@code name} is one of ours or was checked by {@link HubSpotMapping}, so that it needs no escape. */
    String property(String name) {
        return table.properties() + "/" + name;
    }

    String groups() {
        return table.groups();
    }

    /** One list; {@code id} is digits. */
    String list(String id) {
        return table.lists() + "/" + id;
    }

    /** The members of a list; {@code id} is digits. */
    String members(String id) {
        return table.lists() + "/" + id + "/memberships";
    }

    /** Where OAuth's codes and refresh tokens become access tokens. */
    String token() {
        return table.token();
    }

    /** Where workflow steps that wait are told their outcome, many at once. */
    String callbacks() {
        return table.callbacks();
    }

    /** Where an app takes itself out of a portal. */
    String uninstall() {
        return table.uninstall();
    }
}
