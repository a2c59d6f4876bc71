package dev.gatepost.activecampaign;

import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.activecampaign.Webhooks.Ensured;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Refusal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes fields, webhooks and, if wanted, tags in an account, or finds them there. Idempotent. */
final class Installer {
    private final Api api;
    private final FieldBook book;
    private final Options options;
    private final Tags tags;
    private final Optional<HookAddress> known;
    private final Supplier<HookAddress> fresh;

    /**
     * @param known the connection's address for webhooks, if it has one
     * @param fresh makes a new one
     */
    Installer(
            Api api,
            FieldBook book,
            Options options,
            Tags tags,
            Optional<HookAddress> known,
            Supplier<HookAddress> fresh) {
        this.api = api;
        this.book = book;
        this.options = options;
        this.tags = tags;
        this.known = known;
        this.fresh = fresh;
    }

    Installed install() {
        List<String> done = new ArrayList<>();
        switch (api.get("users/me")) {
            case Good(var body) when body.path("user").isObject() -> done.add("signed in as " + Checker.user(body));
            case Good _ -> {
                return new Installed.Clash(
                        "the answer is not ActiveCampaign's", "Copy the API URL from Settings, Developer");
            }
            case ApiAnswer other -> {
                return Outcomes.uninstalled(Checker.ofSelf(other));
            }
        }
        if (book.ensure(api, done) instanceof FieldBook.Ids.Stopped(var why)) {
            return named(why, "Manage custom fields");
        }
        for (var name : tagNames()) {
            if (tags.ensure(api, name) instanceof Tags.Found.Failed(var answer)) {
                return named(Outcomes.uninstalled(answer), "Manage tags");
            }
        }
        return switch (new Webhooks(api).ensure(() -> known.orElseGet(fresh), known.isEmpty(), done)) {
            case Ensured.There(var address) -> new Installed.Ready(api.account().name(), done, address.settings());
            case Ensured.Stopped(var why) -> named(why, "Manage webhooks");
        };
    }

    private List<String> tagNames() {
        List<String> names = new ArrayList<>();
        if (!options.tagPrefix().isEmpty()) {
            Fields.labels().forEach(label -> names.add(options.tagPrefix() + label));
        }
        if (!options.onReject().tag().isEmpty()) {
            names.add(options.onReject().tag());
        }
        return names;
    }

    /** ActiveCampaign only says that something is forbidden; what it was, we know. */
    private static Installed named(Installed why, String permission) {
        return why instanceof Installed.Refused(var refusal, var text) && refusal == Refusal.MISSING_SCOPE
                ? new Installed.Refused(
                        refusal, text + ". The group of the key's user needs the permission \"" + permission + "\"")
                : why;
    }
}
