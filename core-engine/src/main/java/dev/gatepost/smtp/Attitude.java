package dev.gatepost.smtp;

import dev.gatepost.smtp.ProbeResult.Answered;
import dev.gatepost.smtp.ProbeResult.NoAnswer;
import dev.gatepost.smtp.ProbeResult.Outcome;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Smtputf8Unsupported;

/** What an outcome tells about a host's attitude to us, whatever it tells about the address (reliability: M4). */
enum Attitude {
    /** It spoke about the recipient, as it should. */
    CLEAN,
    /** We ask too much of it. */
    TOO_FAST,
    /** It is busy, or closes: we are to come back much later. */
    PUTS_OFF,
    /** It wants nothing to do with us. */
    BLOCKS,
    /** It tells nothing. */
    NONE;

    private static final int CLOSING = 421;

    static Attitude of(Outcome outcome) {
        return switch (outcome) {
            case Answered answered -> atRcpt(answered);
            case SenderRefused refused -> beforeRcpt(refused);
            case NoAnswer _, Smtputf8Unsupported _ -> NONE;
        };
    }

    private static Attitude atRcpt(Answered answered) {
        boolean closes = answered.reply().code() == CLOSING;
        return switch (answered.meaning()) {
            case ACCEPT, MAILBOX_NOT_FOUND, MAILBOX_FULL, DISABLED -> CLEAN;
            case RATE_LIMITED -> {
                if (ReplyClassifier.saysMailboxExists(answered.reply())) {
                    yield CLEAN; // the mailbox gets too much mail, not the host
                }
                yield closes ? PUTS_OFF : TOO_FAST;
            }
            case BLOCKED_REPUTATION -> closes ? PUTS_OFF : BLOCKS;
            // The wish of one recipient, or of one domain that the host serves among many.
            case GREYLISTED, POLICY, RELAY_DENIED, TLS_REQUIRED, AUTH_REQUIRED, SYNTAX, TEMPORARY -> NONE;
        };
    }

    private static Attitude beforeRcpt(SenderRefused refused) {
        int code = refused.reply().code();
        if (code == CLOSING && refused.meaning() != ReplyMeaning.GREYLISTED) {
            return PUTS_OFF;
        }
        return switch (refused.meaning()) {
            case BLOCKED_REPUTATION -> BLOCKS;
            case RATE_LIMITED -> code >= 500 ? BLOCKS : TOO_FAST;
            case POLICY, AUTH_REQUIRED -> code >= 500 ? BLOCKS : NONE;
            case ACCEPT,
                    MAILBOX_NOT_FOUND,
                    MAILBOX_FULL,
                    DISABLED,
                    GREYLISTED,
                    RELAY_DENIED,
                    TLS_REQUIRED,
                    SYNTAX,
                    TEMPORARY -> NONE;
        };
    }
}
