package dev.gatepost.hubspot;

import dev.gatepost.connector.Contacts;
import dev.gatepost.connector.WriteBack;
import dev.gatepost.hubspot.HubSpotAnswer.Bad;
import dev.gatepost.hubspot.HubSpotAnswer.Barred;
import dev.gatepost.hubspot.HubSpotAnswer.Denied;
import dev.gatepost.hubspot.HubSpotAnswer.Good;
import dev.gatepost.hubspot.HubSpotAnswer.Later;
import dev.gatepost.hubspot.HubSpotAnswer.TooLong;
import java.time.Duration;

/** A call that failed, in the words of the connector seam. Pure. */
final class HubSpotOutcomes {
    /** Reason of a write-back whose contact does not exist any more. */
    static final String TARGET_GONE = "target_gone";
    /** Reason of a write-back whose contact has another address than the one verified. */
    static final String ADDRESS_CHANGED = "address_changed";
    /** Wait when a person must change our configuration first. */
    private static final Duration CONFIGURATION_WAIT = Duration.ofMinutes(15);

    private HubSpotOutcomes() {}

    /** What a failed call means for writing. */
    static WriteBack failed(HubSpotAnswer answer) {
        return switch (answer) {
            case Good _ -> throw new IllegalStateException("a good answer is no failure");
            case Bad bad -> new WriteBack.GaveUp(bad.why());
            case Later(var after, var why, var counts) -> new WriteBack.RetryLater(after, why, counts);
            case Denied(var refusal, var why) -> new WriteBack.Refused(refusal, why);
            case Barred(var why) -> new WriteBack.GaveUp(why + ". " + Barred.MEND);
            case TooLong(var why) -> new WriteBack.GaveUp(why);
        };
    }

    /** For one that was not reached since others of its batch took all the calls. */
    static WriteBack notReached(int calls) {
        var why = "not reached in " + calls + " calls: others of its batch had to be singled out first";
        return new WriteBack.RetryLater(Duration.ZERO, why, WriteBack.Attempt.FREE);
    }

    /** What a failed call means for reading: nothing is known, so nothing may be concluded. */
    static Contacts unread(HubSpotAnswer answer) {
        return switch (answer) {
            case Good _ -> throw new IllegalStateException("a good answer is no failure");
            case Bad bad -> new Contacts.RetryLater(Duration.ZERO, bad.why());
            case Later(var after, var why, var _) -> new Contacts.RetryLater(after, why);
            case Denied(var refusal, var why) -> new Contacts.Refused(refusal, why);
            case Barred(var why) -> new Contacts.RetryLater(CONFIGURATION_WAIT, why + ". " + Barred.MEND);
            case TooLong(var why) -> new Contacts.RetryLater(Duration.ZERO, why);
        };
    }
}
