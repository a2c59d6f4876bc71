package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How installing our fields in a CRM account went. */
public sealed interface Installed {
    /**
     * Everything needed is there.
     *
     * @param account the CRM's id of the account, as it told us
     * @param done one sentence for each thing made or found
     * @param keep settings that only the connector knows, to be kept encrypted with those the admin gave, for example the
     *     secret in the address it gave to the CRM; by a name the plug-in does not declare
     */
    record Ready(String account, List<String> done, Map<String, String> keep) implements Installed {
        public Ready {
            requireNonNull(account, "account");
            done = List.copyOf(done);
            keep = Map.copyOf(keep);
        }

        /** With nothing to keep. */
        public Ready(String account, List<String> done) {
            this(account, done, Map.of());
        }

        /** What the admin gave, and what is to be kept beside it. */
        public Map<String, String> with(Map<String, String> given) {
            var all = new HashMap<>(given);
            all.putAll(keep);
            return all;
        }

        /** Without the kept values, which may be secret. */
        @Override
        public String toString() {
            return "Ready[" + account + ", " + done.size() + " done, keeps " + keep.keySet() + "]";
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
