package dev.gatepost.egress;

import java.util.Locale;

/** Why a connection leaves the product; each purpose has its own ports and allowances. */
public enum Purpose {
    /** A mail host's port 25. */
    SMTP,
    /** A configured name server. */
    DNS,
    /** A CRM's API, port 443. */
    CRM,
    /** A customer's webhook receiver, port 443. */
    HOOK,
    /** The source of a reference list, port 443. */
    LISTS;

    /** The word for it in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
