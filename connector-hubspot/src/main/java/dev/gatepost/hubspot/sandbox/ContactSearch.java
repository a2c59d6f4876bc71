package dev.gatepost.hubspot.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The search call: groups of filters, one sort, pages. */
final class ContactSearch {
    /** Results of one query that can be paged through. HubSpot documentation, "Search the CRM". */
    static final int RESULTS_MAX = 10_000;

    private static final int PAGE_MAX = 200;
    private static final int PAGE_DEFAULT = 10;

    private final ContactBook book;

    ContactSearch(ContactBook book) {
        this.book = book;
    }

    SandboxReply search(JsonNode body) {
        int limit = Math.clamp(body.path("limit").asInt(PAGE_DEFAULT), 1, PAGE_MAX);
        long after = body.path("after").asLong(0);
        if (after + limit > RESULTS_MAX) {
            return SandboxReply.error(400, "VALIDATION_ERROR", "a query reaches " + RESULTS_MAX + " results at most");
        }
        var groups = body.path("filterGroups");
        var found = book.stored().stream()
                .filter(contact -> matches(contact, groups))
                .toList();
        var crowd = crowd(groups);
        var sort = body.path("sorts").path(0);
        var page = Stream.concat(found.stream(), crowd.contacts(isById(sort) ? after + limit : Long.MAX_VALUE))
                .sorted(order(sort))
                .skip(after)
                .limit(limit)
                .toList();
        long total = found.size() + crowd.count();
        Set<String> names = new LinkedHashSet<>(List.of("email"));
        body.path("properties").forEach(name -> names.add(name.asText()));
        var reply = SandboxJson.object().put("total", total);
        var results = reply.putArray("results");
        page.forEach(contact -> results.add(ContactCalls.json(contact, names)));
        if (total > after + limit) {
            reply.putObject("paging").putObject("next").put("after", Long.toString(after + limit));
        }
        return SandboxReply.json(200, reply);
    }

    /** Those of the crowd that match. */
    private record Matching(Crowd crowd, long above, boolean isAny) {
        Stream<SandboxContact> contacts(long limit) {
            return isAny ? crowd.after(above).limit(limit) : Stream.empty();
        }

        long count() {
            return isAny ? crowd.count(above) : 0;
        }
    }

    /**
     * All of the crowd are alike but for their numbers and addresses: one tells whether all match.
     *
     * @throws IllegalArgumentException when the query asks for more than one group or for single members of a crowd
     */
    private Matching crowd(JsonNode groups) {
        var crowd = book.crowd();
        var sample = crowd.sample();
        if (sample.isEmpty()) {
            return new Matching(crowd, 0, false);
        }
        if (groups.size() > 1) {
            throw new IllegalArgumentException("a crowd is searched by one group of filters");
        }
        long above = 0;
        boolean isAny = true;
        for (var filter : groups.path(0).path("filters")) {
            var name = filter.path("propertyName").asText("");
            var operator = filter.path("operator").asText("");
            if (name.equals("hs_object_id") && operator.equals("GT")) {
                above = Math.max(above, number(filter.path("value").asText("")));
            } else if (name.equals("hs_object_id") || (name.equals("email") && !operator.endsWith("HAS_PROPERTY"))) {
                throw new IllegalArgumentException("a crowd is not searched by " + name + " " + operator);
            } else {
                isAny &= passes(sample.get(), filter);
            }
        }
        return new Matching(crowd, above, isAny);
    }

    private static boolean isById(JsonNode sort) {
        return sort.path("propertyName").asText("hs_object_id").equals("hs_object_id")
                && !sort.path("direction").asText("").equals("DESCENDING");
    }

    private static boolean matches(SandboxContact contact, JsonNode groups) {
        return groups.isEmpty()
                || groups.valueStream()
                        .anyMatch(group -> group.path("filters").valueStream().allMatch(f -> passes(contact, f)));
    }

    private static boolean passes(SandboxContact contact, JsonNode filter) {
        var value = contact.property(filter.path("propertyName").asText(""));
        var wanted = filter.path("value").asText("");
        return switch (filter.path("operator").asText("")) {
            case "HAS_PROPERTY" -> !value.isEmpty();
            case "NOT_HAS_PROPERTY" -> value.isEmpty();
            case "EQ" -> value.equalsIgnoreCase(wanted);
            case "NEQ" -> !value.equalsIgnoreCase(wanted);
            case "GT" -> compare(value, wanted) > 0;
            case "GTE" -> compare(value, wanted) >= 0;
            case "LT" -> compare(value, wanted) < 0;
            case "LTE" -> compare(value, wanted) <= 0;
            case "IN" ->
                filter.path("values").valueStream().anyMatch(v -> v.asText().equalsIgnoreCase(value));
            case "NOT_IN" ->
                filter.path("values").valueStream().noneMatch(v -> v.asText().equalsIgnoreCase(value));
            default -> false;
        };
    }

    private static Comparator<SandboxContact> order(JsonNode sort) {
        var name = sort.path("propertyName").asText("hs_object_id");
        Comparator<SandboxContact> ascending = (a, b) -> compare(a.property(name), b.property(name));
        return sort.path("direction").asText("ASCENDING").equals("DESCENDING") ? ascending.reversed() : ascending;
    }

    /** As numbers where both are; a time counts as its milliseconds since 1970. */
    private static int compare(String a, String b) {
        long x = number(a);
        long y = number(b);
        return x >= 0 && y >= 0 ? Long.compare(x, y) : a.compareTo(b);
    }

    private static long number(String value) {
        try {
            return value.contains("T") ? Instant.parse(value).toEpochMilli() : ContactCalls.number(value);
        } catch (DateTimeException e) {
            return -1; // a text with a T
        }
    }
}
