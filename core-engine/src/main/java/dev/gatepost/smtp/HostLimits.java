package dev.gatepost.smtp;

/**
 * How much is asked of the mail hosts of one organisation, and of all of them (reliability: M3). Providers that the
 * provider table names have their own numbers of addresses there.
 *
 * @param sessions sessions at once towards one organisation to begin with, at least 1
 * @param sessionsMax what they grow to while its answers are clean, at least {@code sessions}
 * @param addressesPerMinute towards an organisation that the table does not name, at least 1
 * @param addressesPerDay the same, at least 1
 * @param sessionsInAll sessions at once towards all together, at least 1
 * @param grouping whom these numbers count for
 */
public record HostLimits(
        int sessions,
        int sessionsMax,
        int addressesPerMinute,
        int addressesPerDay,
        int sessionsInAll,
        Grouping grouping) {
    /** What an unknown host may be expected to bear: 2 growing to 4 sessions, 120 a minute, 5,000 a day, 200 in all. */
    public static final HostLimits POLITE = new HostLimits(2, 4, 120, 5_000, 200);

    /** Whom limits and pauses are for. */
    public enum Grouping {
        /** A whole organisation: hosts of one provider or registrable domain, and of one network. */
        ORGANISATION,
        /** Each host by itself, as in a lab, where one small network plays the whole world. */
        HOST
    }

    /** Limits that count for whole organisations. */
    public HostLimits(int sessions, int sessionsMax, int addressesPerMinute, int addressesPerDay, int sessionsInAll) {
        this(sessions, sessionsMax, addressesPerMinute, addressesPerDay, sessionsInAll, Grouping.ORGANISATION);
    }

    /** The same numbers for each host by itself. */
    public HostLimits perHost() {
        return new HostLimits(sessions, sessionsMax, addressesPerMinute, addressesPerDay, sessionsInAll, Grouping.HOST);
    }

    public HostLimits {
        if (sessions < 1 || sessionsMax < sessions || sessionsInAll < 1) {
            throw new IllegalArgumentException("sessions: " + sessions + ", " + sessionsMax + ", " + sessionsInAll);
        }
        if (addressesPerMinute < 1 || addressesPerDay < 1) {
            throw new IllegalArgumentException("addresses: " + addressesPerMinute + ", " + addressesPerDay);
        }
    }
}
