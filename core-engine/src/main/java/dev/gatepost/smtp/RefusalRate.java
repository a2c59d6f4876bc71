package dev.gatepost.smtp;

/**
 * How many of the addresses asked about were refused, and with it how many more may be asked about in one group. The rate
 * itself is not known, so it is spread as a beta distribution; the refusals of a group then follow the beta-binomial one.
 *
 * @param refused addresses refused, and one to begin with
 * @param taken addresses not refused, and one to begin with
 */
record RefusalRate(double refused, double taken) {
    /** Nothing is known: any rate is as likely as any other, so only as many are asked about as may all be refused. */
    static final RefusalRate UNKNOWN = new RefusalRate(1, 1);

    /** Most addresses in one group: commands and replies fit into the first window of any connection (RFC 6928). */
    static final int GROUP_MAX = 50;

    /** What was seen counts for at most so many addresses, so that a change of the list is noticed. */
    private static final double WEIGHT_MAX = 200;

    /** How many refusals a connection is to end with, and how likely a group may lead beyond. */
    private enum Bound {
        /** Reliability M3. One or two more now and then are harmless. */
        BUDGET(SmtpSession.REFUSALS_MAX, 0.1),
        /** From the tenth on Postfix delays every reply (postconf(5), smtpd_soft_error_limit). */
        DELAYS(9, 0.02),
        /** At the twentieth Postfix hangs up (postconf(5), smtpd_hard_error_limit). */
        HANGS_UP(19, 1e-6);

        final int refusals;
        final double risk;

        Bound(int refusals, double risk) {
            this.refusals = refusals;
            this.risk = risk;
        }
    }

    /** After so many addresses more. */
    RefusalRate and(int asked, int refusedOfThem) {
        double weight = refused + taken + asked;
        double kept = Math.min(1, WEIGHT_MAX / weight);
        return new RefusalRate((refused + refusedOfThem) * kept, (taken + asked - refusedOfThem) * kept);
    }

    /**
     * The largest group that hardly leads beyond a bound; never less than what the budget has left.
     *
     * @param refusals what the connection has gathered before
     */
    int groupMax(int refusals) {
        int low = Math.max(0, SmtpSession.REFUSALS_MAX - refusals);
        int high = GROUP_MAX;
        while (low < high) {
            int middle = (low + high + 1) / 2;
            boolean fits = isWithinBounds(middle, refusals);
            low = fits ? middle : low;
            high = fits ? high : middle - 1;
        }
        return low;
    }

    private boolean isWithinBounds(int asked, int refusals) {
        for (var bound : Bound.values()) {
            if (likelihoodOfMore(asked, bound.refusals - refusals) > bound.risk) {
                return false;
            }
        }
        return true;
    }

    /** How likely more than {@code refusals} of the asked are refused. */
    double likelihoodOfMore(int asked, int refusals) {
        if (refusals < 0) {
            return asked == 0 ? 0 : 1;
        }
        double likelihood = 1;
        for (int i = 0; i < asked; i++) {
            likelihood *= (taken + i) / (refused + taken + i);
        }
        double upTo = 0;
        double more = 0;
        for (int k = 0; k <= asked; k++) {
            upTo += k <= refusals ? likelihood : 0;
            more += k <= refusals ? 0 : likelihood;
            likelihood *= (asked - k) * (refused + k) / ((k + 1) * (taken + asked - k - 1));
        }
        return more / (upTo + more);
    }
}
