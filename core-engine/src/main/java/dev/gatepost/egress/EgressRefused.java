package dev.gatepost.egress;

import java.io.IOException;

/** The egress rules forbid the destination; no packet left. */
public final class EgressRefused extends IOException {
    private static final long serialVersionUID = 1L;

    public EgressRefused(String why) {
        super(why);
    }
}
