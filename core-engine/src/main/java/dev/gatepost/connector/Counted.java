package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

/** How many contacts a selection has. */
public sealed interface Counted {
    /** As the CRM says; it may change at any time. */
    record Contacts(long count) implements Counted {}

    /** The CRM cannot tell, or not cheaply, or not now. */
    record Unknown(String why) implements Counted {
        public Unknown {
            requireNonNull(why, "why");
        }
    }
}
