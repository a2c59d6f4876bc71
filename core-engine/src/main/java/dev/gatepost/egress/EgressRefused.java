package dev.gatepost.egress;

import java.io.IOException;

/**
 * The egress rules forbid what an HTTP client was to dial. Permanent: trying again gives the same. The message may be
 * shown to users, so it names neither an address nor whether anything listens there (reliability: E5).
 */
public final class EgressRefused extends IOException {
    private static final long serialVersionUID = 1L;

    /** The stable code for it. */
    public static final String CODE = "egress_refused";

    EgressRefused(Purpose purpose) {
        super(CODE + ": the destination is not open for " + purpose.word());
    }

    EgressRefused(UrlRules.Objectionable objection) {
        super(CODE + ": " + objection.sentence());
    }
}
