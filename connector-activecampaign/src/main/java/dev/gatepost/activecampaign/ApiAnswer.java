package dev.gatepost.activecampaign;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.connector.Refusal;
import dev.gatepost.connector.WriteBack.Attempt;
import java.time.Duration;

/** What one call of ActiveCampaign's API came to. */
sealed interface ApiAnswer {
    /** Done. */
    record Good(JsonNode body) implements ApiAnswer {
        public Good {
            requireNonNull(body, "body");
        }
    }

    /** ActiveCampaign refuses this very request; asking again brings the same. */
    record Bad(int status, ApiError error) implements ApiAnswer {
        public Bad {
            requireNonNull(error, "error");
        }

        String why() {
            return "ActiveCampaign answered " + status + ": " + error.text();
        }
    }

    /** Not now. */
    record Later(Duration after, String why, Attempt counts) implements ApiAnswer {
        public Later {
            requireNonNull(after, "after");
            requireNonNull(why, "why");
            requireNonNull(counts, "counts");
        }
    }

    /** The key is not good, or its user lacks a permission. */
    record Denied(Refusal refusal, String why) implements ApiAnswer {
        public Denied {
            requireNonNull(refusal, "refusal");
            requireNonNull(why, "why");
        }
    }

    /** Our own egress rules forbid the destination; no packet left. */
    record Barred(String why) implements ApiAnswer {
        /** What a person can do about it. */
        static final String MEND = "Check the connection's API URL, or open it for the purpose crm in the egress rules";

        public Barred {
            requireNonNull(why, "why");
        }
    }
}
