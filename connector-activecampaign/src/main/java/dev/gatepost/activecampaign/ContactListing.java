package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.Counted;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.Listing.Listed;
import dev.gatepost.connector.Selection;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Lists contacts in the order of their ids, each page beginning behind the last id, which is the one way that neither skips
 * nor degrades. What changed since a time are two looks: contacts with a higher number than any seen, then those updated.
 * ActiveCampaign developer documentation, "Pagination, Ordering and Filtering".
 */
final class ContactListing {
    /** Contacts of one page, at most. */
    private static final int PAGE_MAX = 100;
    /** {@code updated_after} may count by the day, in the account's time zone, which is up to half a day from ours. */
    private static final Duration OVERLAP = Duration.ofHours(36);
    /**
     * A look at what was updated lists a whole day, our own writes among it. After one of so many pages the next waits so
     * many times this long, which keeps such looks below a twentieth of four calls a second; a small account never waits.
     */
    private static final Duration WAIT_PER_PAGE = Duration.ofSeconds(5);

    private final Api api;

    ContactListing(Api api) {
        this.api = api;
    }

    /**
     * How far a look at what changed has come.
     *
     * @param phase {@code n} for contacts with a new number, {@code u} for updated ones
     * @param after the last id listed in this phase
     * @param highest the highest id seen; the next look's new numbers are above it
     * @param pages pages of updated ones so far
     * @param lookedAt when the last look at updated ones began, in seconds since 1970, 0 if never
     * @param waitsUntil when the next one may begin, in seconds since 1970
     */
    private record Mark(char phase, long after, long highest, long pages, long lookedAt, long waitsUntil) {
        private static final Pattern FORM =
                Pattern.compile("([nu]):([0-9]{1,18}):([0-9]{1,18}):([0-9]{1,9}):([0-9]{1,12}):([0-9]{1,12})");

        /** Of a text of ours; nonsense is a beginning. */
        static Mark of(String text) {
            var match = FORM.matcher(text);
            return match.matches()
                    ? new Mark(
                            match.group(1).charAt(0),
                            Long.parseLong(match.group(2)),
                            Long.parseLong(match.group(3)),
                            Long.parseLong(match.group(4)),
                            Long.parseLong(match.group(5)),
                            Long.parseLong(match.group(6)))
                    : new Mark('n', 0, 0, 0, 0, 0);
        }

        String text() {
            return phase + ":" + after + ":" + highest + ":" + pages + ":" + lookedAt + ":" + waitsUntil;
        }
    }

    Listing page(Selection selection, String cursor, int limit) {
        int wanted = Math.min(limit, PAGE_MAX);
        return switch (selection) {
            case Selection.All _ -> plain(List.of(), cursor, wanted);
            case Selection.Members(var list) ->
                Options.isId(list)
                        ? plain(List.of("listid", list), cursor, wanted)
                        : new Listing.Impossible("a list of ActiveCampaign has a number, not " + list);
            case Selection.ChangedSince(var since, var bookmark) -> changed(since, bookmark, cursor, wanted);
        };
    }

    Counted count(Selection selection) {
        List<String> filter = switch (selection) {
            case Selection.All _ -> List.of();
            case Selection.Members(var list) -> List.of("listid", list);
            case Selection.ChangedSince(var since, var _) -> updatedAfter(since);
        };
        var answer = ask(filter, 0, 1);
        long total = answer instanceof Good(var body) ? CrmJson.number(body.path("meta"), "total", -1) : -1;
        return total >= 0
                ? new Counted.Contacts(total)
                : new Counted.Unknown("ActiveCampaign did not say how many contacts there are");
    }

    private Listing plain(List<String> filter, String cursor, int wanted) {
        long after = Options.isId(cursor) ? Long.parseLong(cursor) : 0;
        return switch (ask(filter, after, wanted)) {
            case Good(var body)
            when isPage(body) -> {
                var contacts = listed(body);
                yield contacts.size() < wanted
                        ? new Listing.Last(contacts, "")
                        : new Listing.Page(contacts, Long.toString(last(contacts, after)));
            }
            case Good _ -> Outcomes.unlisted(ApiAnswers.notTheirs());
            case ApiAnswer other -> failed(other);
        };
    }

    private Listing changed(Instant since, String bookmark, String cursor, int wanted) {
        var mark = Mark.of(cursor.isEmpty() ? bookmark : cursor);
        if (cursor.isEmpty() && mark.highest() == 0) {
            return begin(wanted);
        }
        var now = api.tools().clock().instant().getEpochSecond();
        var at = cursor.isEmpty()
                ? new Mark('n', mark.highest(), mark.highest(), 0, mark.lookedAt(), mark.waitsUntil())
                : mark;
        return at.phase() == 'n' ? fresh(at, now, wanted) : updated(at, since, now, wanted);
    }

    /** Before the first look nothing is known of numbers: the highest is asked for, and all that was updated is listed. */
    private Listing begin(int wanted) {
        var answer = api.get("contacts", "orders[id]", "DESC", "limit", "1", "status", "-1");
        if (!(answer instanceof Good(var body))) {
            return failed(answer);
        }
        if (!isPage(body)) {
            return Outcomes.unlisted(ApiAnswers.notTheirs());
        }
        long highest = last(listed(body), 0);
        var now = api.tools().clock().instant().getEpochSecond();
        return new Listing.Page(List.of(), new Mark('u', 0, highest, 0, now, 0).text());
    }

    private Listing fresh(Mark at, long now, int wanted) {
        var answer = ask(List.of(), at.after(), wanted);
        if (!(answer instanceof Good(var body))) {
            return failed(answer);
        }
        if (!isPage(body)) {
            return Outcomes.unlisted(ApiAnswers.notTheirs());
        }
        var contacts = listed(body);
        long last = last(contacts, at.after());
        if (contacts.size() >= wanted) {
            return new Listing.Page(contacts, new Mark('n', last, last, 0, at.lookedAt(), at.waitsUntil()).text());
        }
        return now < at.waitsUntil()
                ? new Listing.Last(contacts, new Mark('n', last, last, 0, at.lookedAt(), at.waitsUntil()).text())
                : new Listing.Page(contacts, new Mark('u', 0, last, 0, at.lookedAt(), now).text());
    }

    /** While this phase runs, {@code waitsUntil} holds when it began. */
    private Listing updated(Mark at, Instant since, long now, int wanted) {
        var lastLook = Instant.ofEpochSecond(at.lookedAt()).minus(OVERLAP);
        var from = at.lookedAt() > 0 && lastLook.isBefore(since) ? lastLook : since;
        var answer = ask(updatedAfter(from), at.after(), wanted);
        if (!(answer instanceof Good(var body))) {
            return failed(answer);
        }
        if (!isPage(body)) {
            return Outcomes.unlisted(ApiAnswers.notTheirs());
        }
        var contacts = listed(body);
        long last = last(contacts, at.after());
        if (contacts.size() >= wanted) {
            return new Listing.Page(
                    contacts, new Mark('u', last, at.highest(), at.pages() + 1, at.lookedAt(), at.waitsUntil()).text());
        }
        long began = at.waitsUntil() == 0 ? at.lookedAt() : at.waitsUntil();
        long wait = WAIT_PER_PAGE.multipliedBy(at.pages()).toSeconds();
        // The highest number stays where the phase of new ones left it: what came since is new to the next look.
        return new Listing.Last(contacts, new Mark('n', 0, at.highest(), 0, began, now + wait).text());
    }

    private static List<String> updatedAfter(Instant since) {
        return List.of(
                "filters[updated_after]", since.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private ApiAnswer ask(List<String> filter, long after, int limit) {
        var query = new ArrayList<String>(filter);
        query.addAll(List.of("orders[id]", "ASC", "id_greater", Long.toString(after)));
        query.addAll(List.of("limit", Integer.toString(limit), "status", "-1"));
        return api.get("contacts", query.toArray(String[]::new));
    }

    private Listing failed(ApiAnswer answer) {
        return answer instanceof Bad(int status, var _) && status == 404
                ? new Listing.Impossible("ActiveCampaign does not know what was to be listed")
                : Outcomes.unlisted(Checker.sure(api, answer));
    }

    private static boolean isPage(JsonNode body) {
        return body.path("contacts").isArray();
    }

    private static List<Listed> listed(JsonNode body) {
        return body.path("contacts")
                .valueStream()
                .filter(contact -> Options.isId(CrmJson.text(contact, "id")))
                .map(contact -> new Listed(
                        CrmJson.text(contact, "id"),
                        contact.path("email").asText("").strip(),
                        Dates.read(contact.path("udate").asText(""))
                                .or(() -> Dates.read(contact.path("cdate").asText("")))
                                .orElse(Instant.EPOCH),
                        null))
                .toList();
    }

    private static long last(List<Listed> contacts, long otherwise) {
        return contacts.stream()
                .mapToLong(contact -> Long.parseLong(contact.id()))
                .max()
                .orElse(otherwise);
    }
}
