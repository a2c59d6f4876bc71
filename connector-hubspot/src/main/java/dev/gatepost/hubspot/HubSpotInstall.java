package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Refusal;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Barred;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import dev.gatepost.hubspot.HubSpotAnswer.TooLong;
import dev.gatepost.hubspot.HubSpotFields.Field;
import dev.gatepost.hubspot.HubSpotFields.Option;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes our fields in a portal, or finds them there. Idempotent; never takes away what an admin added. */
final class HubSpotInstall {
    private final HubSpotApi api;
    private final HubSpotPaths paths;
    private final HubSpotFields fields;
    /** The portal the connection was made for, empty while unknown. */
    private final String portal;

    HubSpotInstall(HubSpotApi api, HubSpotPaths paths, HubSpotFields fields, String portal) {
        this.api = api;
        this.paths = paths;
        this.fields = fields;
        this.portal = portal;
    }

    /** What of ours a portal has. */
    private sealed interface Present {
        /** Its properties of our names, as HubSpot describes them. */
        record Properties(Map<String, JsonNode> byName) implements Present {}

        /** It could not be found out. */
        record Stopped(Installed why) implements Present {}
    }

    Installed install() {
        var details = api.get(paths.details());
        if (!(details instanceof Good(var _, var account))) {
            return stopped(details);
        }
        var actualPortal = account.path("portalId").asText("");
        if (actualPortal.isEmpty()) {
            return new Installed.Clash(
                    "HubSpot's account details name no portal", "Check the connection's API address");
        }
        if (!portal.isEmpty() && !portal.equals(actualPortal)) {
            return new Installed.Clash(
                    "the token belongs to portal " + actualPortal + ", the connection to portal " + portal,
                    "Give the token of portal " + portal + ", or connect the other portal as a new connection");
        }
        api.portalZone(account.path("timeZone").asText(""));
        List<String> done = new ArrayList<>();
        return installFields(done)
                .or(this::mapping)
                .or(this::scopes)
                .orElseGet(() -> new Installed.Ready(actualPortal, done));
    }

    /** Empty when contacts may be read and written; better said now than at the first contact. */
    private Optional<Installed> scopes() {
        var missing = new HubSpotScopes(api, paths, HubSpotScopes.Use.CONTACTS).missingForContacts();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Installed.Refused(
                        Refusal.MISSING_SCOPE,
                        "the token lacks scopes; needed: " + String.join(", ", missing)
                                + ". Give them to the app in HubSpot, then connect with its new token"));
    }

    /** Empty when the admin's own property, if there is one to write, takes our labels. */
    private Optional<Installed> mapping() {
        var mapping = fields.mapping();
        if (mapping.isNone()) {
            return Optional.empty();
        }
        return switch (api.list(paths.property(mapping.property()))) {
            case Good(var _, var described) -> mapping.objection(described);
            case Bad(int status, var _) when status == 404 -> Optional.of(mapping.missing());
            case HubSpotAnswer other -> Optional.of(stopped(other));
        };
    }

    /** Empty when all fields are there; what was done is added to {@code done}. */
    private Optional<Installed> installFields(List<String> done) {
        var present = present();
        if (!(present instanceof Present.Properties(var before))) {
            return Optional.of(((Present.Stopped) present).why());
        }
        var clash = clash(before);
        if (clash.isPresent()) {
            return clash;
        }
        var missing = fields.fields().stream()
                .filter(field -> !before.containsKey(field.name()))
                .toList();
        if (!missing.isEmpty()) {
            var stop = create(missing, done);
            if (stop.isPresent()) {
                return stop;
            }
        }
        return addOptions(before, done);
    }

    private Optional<Installed> create(List<Field> missing, List<String> done) {
        var stop = createGroup(done);
        if (stop.isPresent()) {
            return stop;
        }
        List<Field> taken = new ArrayList<>();
        for (var field : missing) {
            switch (api.post(paths.properties(), field.json())) {
                case Good _ -> done.add("created the field " + field.name());
                case Bad(int status, var _) when status == 409 -> taken.add(field);
                case HubSpotAnswer other -> {
                    return Optional.of(stopped(other));
                }
            }
        }
        return taken.isEmpty() ? Optional.empty() : settleTaken(taken, done);
    }

    private Optional<Installed> createGroup(List<String> done) {
        var groups = api.list(paths.groups());
        if (!(groups instanceof Good(var _, var body))) {
            return Optional.of(stopped(groups));
        }
        boolean isThere = body.path("results")
                .valueStream()
                .anyMatch(group -> group.path("name").asText("").equals(HubSpotFields.GROUP));
        if (isThere) {
            return Optional.empty();
        }
        return switch (api.post(paths.groups(), HubSpotFields.group())) {
            case Good _ -> {
                done.add("created the property group " + HubSpotFields.GROUP);
                yield Optional.empty();
            }
            case Bad(int status, var _) when status == 409 -> Optional.empty(); // somebody was quicker
            case HubSpotAnswer other -> Optional.of(stopped(other));
        };
    }

    /** HubSpot says a name is taken: by a colleague of ours a moment ago, or by something the listing does not show. */
    private Optional<Installed> settleTaken(List<Field> taken, List<String> done) {
        var present = present();
        if (!(present instanceof Present.Properties(var now))) {
            return Optional.of(((Present.Stopped) present).why());
        }
        for (var field : taken) {
            if (!now.containsKey(field.name())) {
                return Optional.of(new Installed.Clash(
                        "the name " + field.name() + " is taken, but the portal does not show the property",
                        "Restore or finally delete the archived property " + field.name() + " in HubSpot's settings"));
            }
        }
        return clash(now).or(() -> addOptions(now, done));
    }

    private Optional<Installed> addOptions(Map<String, JsonNode> present, List<String> done) {
        for (var field : fields.fields()) {
            var property = present.get(field.name());
            if (property == null) {
                continue;
            }
            var missing = missingOptions(field, property);
            if (missing.isEmpty()) {
                continue;
            }
            // The list is replaced as a whole: an admin's own options must be in it too.
            var body = CrmJson.object();
            var union = body.putArray("options");
            property.path("options").forEach(union::add);
            missing.forEach(option -> option.addTo(union));
            var answer = api.patch(paths.property(field.name()), body);
            if (!(answer instanceof Good)) {
                return Optional.of(stopped(answer));
            }
            done.add("added to the field " + field.name() + ": "
                    + missing.stream().map(Option::value).collect(Collectors.joining(", ")));
        }
        return Optional.empty();
    }

    private Optional<Installed> clash(Map<String, JsonNode> present) {
        for (var field : fields.fields()) {
            var property = present.get(field.name());
            if (property == null) {
                continue;
            }
            var type = property.path("type").asText("");
            if (!type.equals(field.type())) {
                return Optional.of(new Installed.Clash(
                        "the property " + field.name() + " has the type " + type + ", not " + field.type(),
                        "Delete or rename that property in HubSpot, or set another prefix for our fields"));
            }
            var locks = property.path("modificationMetadata");
            boolean isLocked = property.path("calculated").asBoolean(false)
                    || locks.path("readOnlyValue").asBoolean(false)
                    || (locks.path("readOnlyOptions").asBoolean(false)
                            && !missingOptions(field, property).isEmpty());
            if (isLocked) {
                return Optional.of(new Installed.Clash(
                        "the property " + field.name() + " cannot be written",
                        "Set another prefix for our fields, so that they get names of their own"));
            }
        }
        return Optional.empty();
    }

    private static List<Option> missingOptions(Field field, JsonNode property) {
        if (!field.type().equals("enumeration")) {
            return List.of(); // a bool's two options are HubSpot's affair
        }
        var values = property.path("options")
                .valueStream()
                .map(option -> option.path("value").asText(""))
                .collect(Collectors.toSet());
        return field.options().stream()
                .filter(option -> !values.contains(option.value()))
                .toList();
    }

    private Present present() {
        var listing = api.list(paths.properties());
        return switch (listing) {
            case Good(var _, var body) -> new Present.Properties(ours(body));
            case TooLong _ -> presentByName(); // a portal may have a thousand properties with long option lists
            case HubSpotAnswer other -> new Present.Stopped(stopped(other));
        };
    }

    private Map<String, JsonNode> ours(JsonNode listing) {
        Map<String, JsonNode> byName = new HashMap<>();
        for (var property : listing.path("results")) {
            byName.put(property.path("name").asText(""), property);
        }
        byName.keySet().retainAll(fields.fields().stream().map(Field::name).toList());
        return byName;
    }

    private Present presentByName() {
        Map<String, JsonNode> byName = new HashMap<>();
        for (var field : fields.fields()) {
            switch (api.list(paths.property(field.name()))) {
                case Good(var _, var property) -> byName.put(field.name(), property);
                case Bad(int status, var _) when status == 404 -> {} // missing: to be created
                case HubSpotAnswer other -> {
                    return new Present.Stopped(stopped(other));
                }
            }
        }
        return new Present.Properties(byName);
    }

    private static Installed stopped(HubSpotAnswer answer) {
        return switch (answer) {
            case Good _ -> throw new IllegalStateException("nothing stops at a good answer");
            case Bad bad -> new Installed.Clash(bad.why(), "Mend in HubSpot what the answer names, then try again");
            case Later(var after, var why, var _) -> new Installed.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Installed.Refused(refusal, why);
            case Barred(var why) -> new Installed.Clash(why, Barred.MEND);
            case TooLong(var why) -> new Installed.Clash(why, "Check the connection's API address");
        };
    }
}
