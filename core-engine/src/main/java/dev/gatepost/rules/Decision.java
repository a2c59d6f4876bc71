package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

/** What the customer wants done with an address. */
public sealed interface Decision {
    /** The name of the rule that decided, or {@link Workflow#BY_DEFAULT}. */
    String rule();

    /** Let it in. */
    record Accept(String rule) implements Decision {
        public Accept {
            requireNonNull(rule, "rule");
        }
    }

    /** Let it in and mark it. */
    record Flag(String rule) implements Decision {
        public Flag {
            requireNonNull(rule, "rule");
        }
    }

    /** Turn it away. */
    record Reject(String rule) implements Decision {
        public Reject {
            requireNonNull(rule, "rule");
        }
    }

    /** The word in JSON, tables and CRM fields: accept, flag or reject. */
    default String word() {
        return switch (this) {
            case Accept _ -> "accept";
            case Flag _ -> "flag";
            case Reject _ -> "reject";
        };
    }
}
