package dev.gatepost.hubspot;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack.Attempt;
import java.time.Duration;

/** What one call of HubSpot's API came to. */
sealed interface HubSpotAnswer {
    /** Done; with status 207 the body names the failures. */
    record Good(int status, JsonNode body) implements HubSpotAnswer {
        public Good {
            requireNonNull(body, "body");
        }
    }

    /** HubSpot refuses this very request; asking again brings the same. */
    record Bad(int status, HubSpotError error) implements HubSpotAnswer {
        public Bad {
            requireNonNull(error, "error");
        }

        String why() {
            return "HubSpot answered " + status + ": " + error.text();
        }
    }

    /** Not now. */
    record Later(Duration after, String why, Attempt counts) implements HubSpotAnswer {
        public Later {
            requireNonNull(after, "after");
            requireNonNull(why, "why");
            requireNonNull(counts, "counts");
        }
    }

    /** The credentials are not good, or not good enough. */
    record Denied(Refusal refusal, String why) implements HubSpotAnswer {
        public Denied {
            requireNonNull(refusal, "refusal");
            requireNonNull(why, "why");
        }
    }

    /** Our own egress rules forbid the destination; no packet left. */
    record Barred(String why) implements HubSpotAnswer {
        /** What a person can do about it. */
        static final String MEND =
                "Check the connection's API address, or open it for the purpose crm in the egress rules";

        public Barred {
            requireNonNull(why, "why");
        }
    }

    /** The answer was longer than we read. */
    record TooLong(String why) implements HubSpotAnswer {
        public TooLong {
            requireNonNull(why, "why");
        }
    }
}
