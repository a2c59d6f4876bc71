package dev.gatepost.activecampaign;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.connector.CrmJson;
import dev.gatepost.connector.Installed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * The webhooks of ours in an account: made once, found again by their URL, removed on disconnecting. Two, since our own
 * writes must not be told to us, but contacts that other programs create must, and a webhook has one list of sources.
 * ActiveCampaign developer documentation, "Webhooks".
 */
final class Webhooks {
    private static final List<Wanted> WANTED = List.of(
            new Wanted("Gatepost: new contacts", "subscribe", Set.of("public", "admin", "api", "system")),
            new Wanted("Gatepost: changed contacts", "update", Set.of("public", "admin", "system")));

    private static final int PAGE = 100;
    private static final int PAGES_MAX = 10;
    private static final int HTTPS_PORT = 443;

    private final Api api;
    private final String publicUrl;

    /** One webhook. */
    private record Wanted(String name, String event, Set<String> sources) {
        JsonNode json(String url) {
            var json = CrmJson.object();
            var hook =
                    json.putObject("webhook").put("name", name).put("url", url).put("listid", 0);
            hook.putArray("events").add(event);
            var list = hook.putArray("sources");
            sources.stream().sorted().forEach(list::add);
            return json;
        }
    }

    Webhooks(Api api) {
        this.api = api;
        this.publicUrl = api.tools().publicUrl().get();
    }

    /** What making sure came to. */
    sealed interface Ensured {
        /** Contacts come to this address. */
        record There(HookAddress address) implements Ensured {}

        /** They cannot be made. */
        record Stopped(Installed why) implements Ensured {}
    }

    /**
     * Makes what is missing.
     *
     * @param known the connection's address, or a new one when the account shows none of ours
     * @param mayAdopt whether an address that the account shows is taken instead: the connection had none yet
     */
    Ensured ensure(Supplier<HookAddress> known, boolean mayAdopt, List<String> done) {
        if (!isReachable()) {
            done.add("made no webhook, since ActiveCampaign calls https on port 443 only: set GATEPOST_PUBLIC_URL and"
                    + " connect again; until then new contacts are found every few minutes");
            return new Ensured.There(known.get());
        }
        List<JsonNode> present = new ArrayList<>();
        var failure = list(present);
        if (failure != null) {
            return new Ensured.Stopped(Outcomes.uninstalled(failure));
        }
        var address = mayAdopt
                ? present.stream()
                        .flatMap(hook -> HookAddress.in(hook.path("url").asText(""), publicUrl).stream())
                        .findFirst()
                        .orElseGet(known)
                : known.get();
        for (var wanted : WANTED) {
            var stop = ensure(wanted, address.url(publicUrl), present, done);
            if (stop != null) {
                return new Ensured.Stopped(Outcomes.uninstalled(stop));
            }
        }
        done.add("Webhook steps of automations may call " + address.url(publicUrl));
        return new Ensured.There(address);
    }

    /** Removes those with this address; one sentence for each, or what must be done by hand. */
    List<String> remove(HookAddress address) {
        List<JsonNode> present = new ArrayList<>();
        var failure = list(present);
        if (failure != null) {
            return List.of("could not look for webhooks; remove those named Gatepost in ActiveCampaign by hand");
        }
        List<String> done = new ArrayList<>();
        for (var hook : present) {
            var found = HookAddress.in(hook.path("url").asText(""), publicUrl);
            var id = CrmJson.text(hook, "id");
            if (found.equals(Optional.of(address)) && Options.isId(id)) {
                var name = hook.path("name").asText("");
                done.add(
                        switch (api.delete("webhooks/" + id)) {
                            case Good _ -> "removed the webhook \"" + name + "\"";
                            case Bad(int status, var _) when status == 404 -> "the webhook \"" + name + "\" was gone";
                            case ApiAnswer _ -> "could not remove the webhook \"" + name + "\"; do it by hand";
                        });
            }
        }
        return done;
    }

    private @Nullable ApiAnswer ensure(Wanted wanted, String url, List<JsonNode> present, List<String> done) {
        for (var hook : present) {
            if (!hook.path("url").asText("").equals(url)
                    || !texts(hook.path("events")).contains(wanted.event())) {
                continue;
            }
            boolean isRight = texts(hook.path("events")).equals(Set.of(wanted.event()))
                    && texts(hook.path("sources")).equals(wanted.sources());
            if (isRight) {
                return null;
            }
            var answer = api.put("webhooks/" + CrmJson.text(hook, "id"), wanted.json(url));
            done.add("mended the webhook \"" + wanted.name() + "\"");
            return answer instanceof Good ? null : answer;
        }
        var answer = api.post("webhooks", wanted.json(url));
        done.add("created the webhook \"" + wanted.name() + "\"");
        return answer instanceof Good ? null : answer;
    }

    private @Nullable ApiAnswer list(List<JsonNode> into) {
        for (int page = 0; page < PAGES_MAX; page++) {
            var answer = api.get("webhooks", "limit", Integer.toString(PAGE), "offset", Integer.toString(page * PAGE));
            if (!(answer instanceof Good(var body))) {
                return answer;
            }
            if (!body.path("webhooks").isArray()) {
                return ApiAnswers.notTheirs();
            }
            body.path("webhooks").forEach(into::add);
            if (body.path("webhooks").size() < PAGE) {
                return null;
            }
        }
        return null;
    }

    /** A sandbox calls any address on loopback; ActiveCampaign itself only https on port 443. */
    private boolean isReachable() {
        var url = HttpUrl.parse(publicUrl);
        return url != null && (api.account().isLoopback() || (url.isHttps() && url.port() == HTTPS_PORT));
    }

    private static Set<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).collect(Collectors.toCollection(TreeSet::new));
    }
}
