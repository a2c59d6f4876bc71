package dev.gatepost.activecampaign.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** One contact. Guarded by the state it stands in. */
final class SandboxContact {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx");

    final long id;
    final Instant created;
    String email;
    String firstName = "";
    String lastName = "";
    String phone = "";
    Instant updated;
    /** By field id. */
    final Map<Long, String> values = new LinkedHashMap<>();
    /** Id of the link by id of the tag. */
    final Map<Long, Long> tags = new LinkedHashMap<>();
    /** Status by list: 1 subscribed, 2 unsubscribed. */
    final Map<Long, Integer> lists = new LinkedHashMap<>();
    /** Every automation it was added to, once for each time. */
    final List<Long> automations = new ArrayList<>();

    SandboxContact(long id, String email, Instant now) {
        this.id = id;
        this.email = email;
        this.created = now;
        this.updated = now;
    }

    ObjectNode json() {
        return SandboxJson.object()
                .put("id", Long.toString(id))
                .put("email", email)
                .put("firstName", firstName)
                .put("lastName", lastName)
                .put("phone", phone)
                .put("cdate", date(created))
                .put("udate", date(updated))
                .put("deleted", "0")
                .put("bounced_date", "0000-00-00")
                .putNull("adate");
    }

    static String date(Instant at) {
        return DATE.format(at.atOffset(ZoneOffset.ofHours(-5)));
    }

    Set<Long> tagIds() {
        return new TreeSet<>(tags.keySet());
    }
}
