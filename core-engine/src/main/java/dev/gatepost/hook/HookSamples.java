package dev.gatepost.hook;

import dev.gatepost.ledger.CreditsLow;
import java.time.Instant;

/** Messages about invented people, for whoever tries a receiver out. They have the keys of real ones. */
public final class HookSamples {
    private static final Instant AT = Instant.parse("2026-11-23T09:14:05.120Z");

    private static final String VERIFICATION = """
            {"id":"sample","email":"jane.doe@example.com","normalized":"jane.doe@example.com","status":"%s","label":"%s",\
            "score":%d,"reason":"%s","reason_text":"%s","disposable":%b,"free":false,"role":false,"accept_all":false,\
            "mailbox_full":false,"relay":false,"subaddress":false,"smtputf8":false,"homograph":false,"implicit_mx":false,\
            "suggestion":"","domain":"example.com","provider":"","mx":["mx.example.com"],"workflow_id":"standard",\
            "workflow_name":"Standard","workflow_version":0,"decision":"%s","rule":"%s","message":"","final":true,"credits_charged":0,"billing":"test",\
            "verified_at":"2026-11-23T09:14:05.120Z","valid_until":"2026-11-24T09:14:05.120Z","duration_ms":412}""";

    private static final String BATCH = """
            {"id":"sample","name":"newsletter.csv","state":"finished","test":false,"workflow_id":"standard",\
            "workflow_name":"Standard","format":"csv","email_column":"email","rows":1200,"unique":1180,"duplicates":15,\
            "no_address":5,"not_an_address":3,"done":1180,"given_up":0,"reused":30,"progress":100,"labels":{"valid":1010,\
            "risky":40,"disposable":25,"free":0,"role":35,"invalid":60,"unknown":10},"credits_estimate":1180,\
            "credits_charged":1140,"created_at":"2026-11-23T09:10:00Z","finished_at":"2026-11-23T09:14:05.120Z",\
            "expires_at":"2026-12-23T09:10:00Z"}""";

    private HookSamples() {}

    /** A message such as this receiver gets: of the first event it asked for. */
    public static String of(Subscription subscription) {
        return of(event(subscription));
    }

    static HookEvent event(Subscription subscription) {
        return subscription.draft().events().stream().sorted().findFirst().orElse(HookEvent.VERIFICATION_COMPLETED);
    }

    private static String of(HookEvent event) {
        return switch (event) {
            case VERIFICATION_COMPLETED ->
                VERIFICATION.formatted(
                        "valid",
                        "valid",
                        95,
                        "accepted",
                        "The mail host takes mail for this mailbox.",
                        false,
                        "accept",
                        "default");
            case EMAIL_REJECTED ->
                VERIFICATION.formatted(
                        "risky",
                        "disposable",
                        10,
                        "accept_all",
                        "The mail host takes mail for any name at this domain, so nobody can tell this mailbox apart.",
                        true,
                        "reject",
                        "reject disposable");
            case BATCH_FINISHED -> BATCH;
            case CREDITS_LOW -> HookJson.creditsLow(new CreditsLow("main", 1, 99, 100, AT));
        };
    }
}
