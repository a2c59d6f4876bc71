package dev.gatepost.address;

import static java.util.Objects.requireNonNull;

/** What the syntax check found. The one way to come by an {@link EmailAddress}. */
public sealed interface Syntax {
    /** A well-formed address. */
    record Wellformed(EmailAddress address) implements Syntax {
        public Wellformed {
            requireNonNull(address, "address");
        }
    }

    /** Not an address in the dialect asked for. */
    record Malformed(Defect defect) implements Syntax {
        public Malformed {
            requireNonNull(defect, "defect");
        }
    }
}
