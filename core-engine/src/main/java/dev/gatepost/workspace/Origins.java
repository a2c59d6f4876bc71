package dev.gatepost.workspace;

import java.util.regex.Pattern;

/** Web origins that a publishable key may be bound to. Pure. */
public final class Origins {
    /** Longest text of one. */
    public static final int CHARS_MAX = 255;

    /**
     * As browsers write them (RFC 6454, section 6.2): in small letters, without a usual port. Plain http only on the developer's own
     * machine, where forms are tried out.
     */
    private static final Pattern FORM =
            Pattern.compile("https://[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?!:443$)(?::[1-9]\\d{0,4})?"
                    + "|http://(?:localhost|127\\.0\\.0\\.1)(?!:80$)(?::[1-9]\\d{0,4})?");

    private Origins() {}

    /** Whether a browser could name a page's origin so, and a key may be bound to it. */
    public static boolean isOne(String text) {
        return text.length() <= CHARS_MAX && FORM.matcher(text).matches();
    }
}
