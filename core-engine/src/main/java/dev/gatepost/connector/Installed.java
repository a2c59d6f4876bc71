package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/** How installing our fields in a CRM account went. */
public sealed interface Installed {
    /**
     * Everything needed is there.
     *
     * @param account the CRM's id of the account, as it told us
     * @param done one sentence for each thing made or found
     */
    record Ready(String account, List<String> done) implements Installed {
        public Ready {
            requireNonNull(account, "account");
            done = List.copyOf(done);
        }
    }

    /** Something in the account is in the way; {@code mend} says what a person must do. */
    record Clash(String what, String mend) implements Installed {
        public Clash {
            requireNonNull(what, "what");
            requireNonNull(mend, "mend");
        }
    }

    /** The CRM does not let us in. */
    record Refused(Refusal refusal, String why) implements Installed {
        public Refused {
            requireNonNull(refusal, "refusal");
            requireNonNull(why, "why");
        }
    }

    /** The CRM could not answer now. */
    record RetryLater(Duration after, String why) implements Installed {
        public RetryLater {
            requireNonNull(after, "after");
            requireNonNull(why, "why");
        }
    }
}
