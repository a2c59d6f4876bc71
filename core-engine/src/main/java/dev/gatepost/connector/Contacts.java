package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import dev.gatepost.verify.Evidence;
import java.time.Duration;
import java.util.List;

/** What reading contacts by id brought. */
public sealed interface Contacts {
    /** The contacts that exist; ids asked for that are not among them do not exist (any more). */
    record Found(List<Contact> contacts) implements Contacts {
        public Found {
            contacts = List.copyOf(contacts);
        }
    }

    /** The CRM could not answer now; nothing is known, ask again. */
    record RetryLater(Duration after, String why) implements Contacts {
        public RetryLater {
            requireNonNull(after, "after");
            requireNonNull(why, "why");
        }
    }

    /** The CRM does not let us in any more; a person must act. */
    record Refused(Refusal refusal, String why) implements Contacts {
        public Refused {
            requireNonNull(refusal, "refusal");
            requireNonNull(why, "why");
        }
    }

    /**
     * One contact as the CRM has it now.
     *
     * @param askedId the id it was asked for by
     * @param id the id it has now; differs after a merge
     * @param email its address as typed, empty when it has none
     * @param signals what the CRM itself holds about that address
     */
    record Contact(String askedId, String id, String email, List<Evidence.CrmSaid> signals) {
        /** A contact whose CRM holds nothing about its address. */
        public Contact(String askedId, String id, String email) {
            this(askedId, id, email, List.of());
        }

        public Contact {
            signals = List.copyOf(signals);
            requireNonNull(askedId, "askedId");
            requireNonNull(id, "id");
            requireNonNull(email, "email");
        }
    }
}
