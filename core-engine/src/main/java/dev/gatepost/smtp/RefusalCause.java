package dev.gatepost.smtp;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Why hosts want nothing to do with us, as far as their replies say, and what the operator can do about it. */
public enum RefusalCause {
    /** The address we come from has no PTR record, or one that leads elsewhere. */
    PTR_MISSING(
            "7\\.25",
            "ptr|reverse dns|reverse hostname|reverse lookup|rdns|cannot find your hostname",
            "The PTR record of {address} is missing or wrong: ask your provider to set it to {helo}."),
    /** Our HELO name does not please. */
    HELO_REFUSED(
            "7\\.506",
            "helo|ehlo",
            "The HELO name {helo} is not accepted: it must be a full host name that leads to {address} and back."),
    /** It looks like a line to somebody's home. */
    DYNAMIC_ADDRESS(
            "",
            "dynamic|residential|dial-up|dialup|pbl|policy block list",
            "{address} counts as a dial-up line: probe from a server with an address of its own."),
    /** We are on a block list. */
    BLOCK_LISTED(
            "7\\.6(?:0[6-9]|[1-4]\\d)|7\\.511",
            "spamhaus|spamcop|barracudacentral|block list|blocklist|blacklist|"
                    + "black list|listed|rbl|dnsbl|s3140|s3150",
            "{address} is on a block list: look it up where the reply says, ask to be taken off, and find out what put it there."),
    /** The domain of MAIL FROM does not please. */
    SENDER_REFUSED(
            "1\\.8|7\\.23|7\\.26|7\\.27",
            "spf|dmarc|sender address|sender domain|domain of sender",
            "The address {sender} is not accepted: its domain must exist, take mail, and allow {address} in its SPF record."),
    /** We came too often. */
    TOO_FAST(
            "7\\.28",
            "too many|\\brate|throttl|slow down|limit|frequen",
            "The host wants fewer questions: lower GATEPOST_SMTP_RATE_PER_GROUP if this comes back."),
    /** The host has no time; nothing is wrong with us. */
    BUSY(
            "",
            "busy|try again|try later|come back|unavailable|load",
            "Nothing to mend: the host is busy and is asked again later."),
    /** Nobody takes connections there, or a firewall between refuses them. */
    CONNECTION_REFUSED(
            "",
            "",
            "The host takes no connections. If all hosts are like that, ask your provider to open outgoing port 25."),
    /** It says no more than that it does not want us. */
    REPUTATION(
            "",
            "",
            "The host does not want {address} and gives no reason: run gatepost doctor, then ask its postmaster.");

    private static final Pattern IPV4 = Pattern.compile("\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b");

    private final Pattern codes;
    private final Pattern words;
    private final String mend;

    /**
     * How a cause is recognised.
     *
     * @param codes enhanced codes without their class, a pattern for the whole; empty: none
     * @param words parts of the text, in lower case, as a pattern; empty: none
     */
    RefusalCause(String codes, String words, String mend) {
        this.codes = Pattern.compile(codes);
        this.words = Pattern.compile(words.isEmpty() ? "(?!)" : words);
        this.mend = mend;
    }

    /** The word in the API and on the command line, for example {@code ptr_missing}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a reply that refuses us gives as its cause. Pure. */
    static RefusalCause of(Reply reply) {
        var code = reply.enhancedCode();
        var detail = code.substring(code.indexOf('.') + 1);
        var text = reply.text().toLowerCase(Locale.ROOT);
        var byWords = first(cause -> cause.words.matcher(text).find(), REPUTATION);
        if (byWords == BUSY && reply.code() >= 500) {
            byWords = REPUTATION; // for good: no matter of being busy
        }
        var otherwise = byWords;
        return first(cause -> !detail.isEmpty() && cause.codes.matcher(detail).matches(), otherwise);
    }

    private static RefusalCause first(Predicate<RefusalCause> holds, RefusalCause otherwise) {
        return Arrays.stream(values()).filter(holds).findFirst().orElse(otherwise);
    }

    /** What the operator can do, in one or two sentences. Pure. */
    String mend(SmtpIdentity identity, Reply reply) {
        var named = IPV4.matcher(reply.text());
        return mend.replace("{address}", named.find() ? named.group() : "our address")
                .replace("{helo}", identity.helo())
                .replace("{sender}", "<" + identity.mailFrom() + ">");
    }
}
