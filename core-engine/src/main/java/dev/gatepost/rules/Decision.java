package dev.gatepost.rules;

import static java.util.Objects.requireNonNull;

/** What the customer wants done with an address. */
public sealed interface Decision {
    /** The name of the rule that decided, or {@link Workflow#BY_DEFAULT}. */
    String rule();

    /** What the customer wants said about it; may be empty. */
    String message();

    /** Let it in. */
    record Accept(String rule, String message) implements Decision {
        public Accept {
            requireNonNull(rule, "rule");
            requireNonNull(message, "message");
        }
    }

    /** Let it in and mark it. */
    record Flag(String rule, String message) implements Decision {
        public Flag {
            requireNonNull(rule, "rule");
            requireNonNull(message, "message");
        }
    }

    /** Turn it away. */
    record Reject(String rule, String message) implements Decision {
        public Reject {
            requireNonNull(rule, "rule");
            requireNonNull(message, "message");
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
