package dev.gatepost.smtp;

import dev.gatepost.address.EmailAddress;

/** Builds the only command lines this product sends (reliability: M1). No argument can end a line or a path. */
final class CommandLines {
    /** The next line; its reply is never waited for. */
    static final String QUIT = "QUIT";

    static final String STARTTLS = "STARTTLS";

    static final String RSET = "RSET";

    private CommandLines() {}

    static String ehlo(SmtpIdentity identity) {
        return "EHLO " + word(identity.helo());
    }

    static String helo(SmtpIdentity identity) {
        return "HELO " + word(identity.helo());
    }

    static String mail(SmtpIdentity identity, boolean smtputf8) {
        return "MAIL FROM:<" + path(identity.mailFrom()) + ">" + (smtputf8 ? " SMTPUTF8" : "");
    }

    static String rcpt(EmailAddress address) {
        return "RCPT TO:<" + path(address.envelope()) + ">";
    }

    private static String word(String word) {
        if (word.isEmpty() || word.indexOf(' ') >= 0) {
            throw new IllegalArgumentException("not one word: " + visible(word));
        }
        return withoutControls(word);
    }

    /** Angle brackets and spaces are legal only inside a quoted local part (RFC 5321, section 4.1.2). */
    private static String path(String path) {
        boolean quoted = path.startsWith("\"");
        boolean breaksOut = path.indexOf('<') >= 0 || path.indexOf('>') >= 0 || path.indexOf(' ') >= 0;
        if (breaksOut && !quoted) {
            throw new IllegalArgumentException("not a mail path: " + visible(path));
        }
        return withoutControls(path);
    }

    private static String withoutControls(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("control character in: " + visible(text));
        }
        return text;
    }

    private static String visible(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
