package dev.gatepost.connector;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;

/** What a cheap look at a connection's credentials and permissions brought. */
public sealed interface Checkup {
    /**
     * The CRM lets us in.
     *
     * @param account the CRM's id of the account
     * @param name for people, for example the account's or the user's name
     * @param missing permissions we lack, by the CRM's names; empty when all are there
     * @param quota calls left
     */
    record Seen(String account, String name, List<String> missing, Quota quota) implements Checkup {
        public Seen {
            requireNonNull(account, "account");
            requireNonNull(name, "name");
            missing = List.copyOf(missing);
            requireNonNull(quota, "quota");
        }
    }

    /** The CRM does not let us in. */
    record Refused(Refusal refusal, String why) implements Checkup {
        public Refused {
            requireNonNull(refusal, "refusal");
            requireNonNull(why, "why");
        }
    }

    /** The CRM could not answer now. */
    record RetryLater(Duration after, String why) implements Checkup {
        public RetryLater {
            requireNonNull(after, "after");
            requireNonNull(why, "why");
        }
    }

    /** How many calls the CRM still allows in its longest stretch of time. */
    sealed interface Quota {
        /**
         * As the CRM says.
         *
         * @param left calls still allowed
         * @param max calls allowed in all
         * @param per what it counts by, for people: {@code day}, {@code 10 seconds}
         */
        record Left(long left, long max, String per) implements Quota {
            public Left {
                requireNonNull(per, "per");
            }
        }

        /** The CRM does not say. */
        record NotTold() implements Quota {}
    }
}
