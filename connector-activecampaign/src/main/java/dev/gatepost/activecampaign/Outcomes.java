package dev.gatepost.activecampaign;

import dev.gatepost.activecampaign.ApiAnswer.Bad;
import dev.gatepost.activecampaign.ApiAnswer.Barred;
import dev.gatepost.activecampaign.ApiAnswer.Denied;
import dev.gatepost.activecampaign.ApiAnswer.Good;
import dev.gatepost.activecampaign.ApiAnswer.Later;
import dev.gatepost.connector.Checkup;
import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.Installed;
import dev.gatepost.connector.Listing;
import dev.gatepost.connector.WriteBack;
import java.time.Duration;

/** A call that failed, in the words of the connector seam. Pure. */
final class Outcomes {
    /** Reason of a write-back whose contact does not exist any more. */
    static final String TARGET_GONE = "target_gone";
    /** Reason of a write-back whose contact has another address than the one verified. */
    static final String ADDRESS_CHANGED = "address_changed";
    /** Wait when a person must change our configuration first. */
    private static final Duration CONFIGURATION_WAIT = Duration.ofMinutes(15);

    private Outcomes() {}

    /** What a failed call means for writing. */
    static WriteBack unwritten(ApiAnswer answer) {
        return switch (answer) {
            case Good _ -> throw noFailure();
            case Bad bad -> new WriteBack.GaveUp(bad.why());
            case Later(var after, var why, var counts) -> new WriteBack.RetryLater(after, why, counts);
            case Denied(var refusal, var why) -> new WriteBack.Refused(refusal, why);
            case Barred(var why) -> new WriteBack.GaveUp(why + ". " + Barred.MEND);
        };
    }

    /** What a failed call means for reading: nothing is known, so nothing may be concluded. */
    static Contacts unread(ApiAnswer answer) {
        return switch (answer) {
            case Good _ -> throw noFailure();
            case Bad bad -> new Contacts.RetryLater(Duration.ZERO, bad.why());
            case Later(var after, var why, var _) -> new Contacts.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Contacts.Refused(refusal, why);
            case Barred(var why) -> new Contacts.RetryLater(CONFIGURATION_WAIT, why + ". " + Barred.MEND);
        };
    }

    /** What a failed call means for listing. */
    static Listing unlisted(ApiAnswer answer) {
        return switch (answer) {
            case Good _ -> throw noFailure();
            case Bad bad -> new Listing.RetryLater(Duration.ZERO, bad.why());
            case Later(var after, var why, var _) -> new Listing.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Listing.Refused(refusal, why);
            case Barred(var why) -> new Listing.RetryLater(CONFIGURATION_WAIT, why + ". " + Barred.MEND);
        };
    }

    /** What a failed call means for installing. */
    static Installed uninstalled(ApiAnswer answer) {
        return switch (answer) {
            case Good _ -> throw noFailure();
            case Bad bad ->
                new Installed.Clash(bad.why(), "Mend in ActiveCampaign what the answer names, then try again");
            case Later(var after, var why, var _) -> new Installed.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Installed.Refused(refusal, why);
            case Barred(var why) -> new Installed.Clash(why, Barred.MEND);
        };
    }

    /** What a failed call means for a look at the credentials. */
    static Checkup unseen(ApiAnswer answer) {
        return switch (answer) {
            case Good _ -> throw noFailure();
            case Bad bad -> new Checkup.RetryLater(Duration.ZERO, bad.why());
            case Later(var after, var why, var _) -> new Checkup.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Checkup.Refused(refusal, why);
            case Barred(var why) -> new Checkup.RetryLater(CONFIGURATION_WAIT, why + ". " + Barred.MEND);
        };
    }

    private static IllegalStateException noFailure() {
        return new IllegalStateException("a good answer is no failure");
    }
}
