package dev.gatepost.hubspot.sandbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Lists of contacts. Safe for any thread. */
final class ListBook {
    private static final int PAGE_MAX = 250;
    private static final int PAGE_DEFAULT = 100;

    private final Map<String, List<String>> lists = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(1);

    String create(List<String> members) {
        var id = Long.toString(nextId.getAndIncrement());
        lists.put(id, List.copyOf(members));
        return id;
    }

    SandboxReply describe(String id) {
        var members = lists.get(id);
        if (members == null) {
            return missing(id);
        }
        var body = SandboxJson.object();
        body.putObject("list")
                .put("listId", id)
                .put("objectTypeId", "0-1")
                .put("name", "List " + id)
                .put("size", members.size())
                .putObject("additionalProperties")
                .put("hs_list_size", Integer.toString(members.size()));
        return SandboxReply.json(200, body);
    }

    SandboxReply members(String id, Map<String, String> query) {
        var members = lists.get(id);
        if (members == null) {
            return missing(id);
        }
        int from = (int) Math.max(0, ContactCalls.number(query.getOrDefault("after", "0")));
        int limit = Math.clamp(ContactCalls.number(query.getOrDefault("limit", "" + PAGE_DEFAULT)), 1, PAGE_MAX);
        var page = new ArrayList<>(
                members.subList(Math.min(from, members.size()), Math.min(from + limit, members.size())));
        var body = SandboxJson.object();
        var results = body.putArray("results");
        page.forEach(member -> results.addObject().put("recordId", member));
        if (from + limit < members.size()) {
            body.putObject("paging").putObject("next").put("after", Integer.toString(from + limit));
        }
        return SandboxReply.json(200, body);
    }

    private static SandboxReply missing(String id) {
        return SandboxReply.error(404, "OBJECT_NOT_FOUND", "List does not exist with ID " + id + ".");
    }
}
