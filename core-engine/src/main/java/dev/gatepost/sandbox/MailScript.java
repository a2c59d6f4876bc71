package dev.gatepost.sandbox;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * How a sandbox mail host behaves. Immutable; the {@code with...} methods return a changed copy. In a reply
 * {@code {rcpt}} stands for the recipient's address.
 *
 * @param greeting lines of the greeting; none: the host never says a word
 * @param extensions keywords offered after EHLO
 * @param mailReply answer to MAIL
 * @param recipients answer to RCPT by local part, in lower case
 * @param otherwise answer to RCPT for all other local parts
 * @param delay before each flight of replies, as a host far away or under load has it
 * @param greylistedFor how long a client, sender and recipient are put off after they first came together; zero: not
 *     at all
 * @param quirks bad habits
 */
public record MailScript(
        List<String> greeting,
        List<String> extensions,
        String mailReply,
        Map<String, String> recipients,
        String otherwise,
        Duration delay,
        Duration greylistedFor,
        Set<Quirk> quirks) {
    /** Answer to a recipient that is there. */
    public static final String ACCEPTED = "250 2.1.5 Ok";

    /** Answer to a recipient that is not there, as Postfix words it. */
    public static final String UNKNOWN =
            "550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in local recipient table";

    /** Answer to a greylisted recipient. */
    public static final String GREYLISTED = "451 4.7.1 <{rcpt}>: Recipient address rejected: Greylisted";

    private static final List<String> EXTENSIONS = List.of("PIPELINING", "SIZE 10485760", "STARTTLS", "8BITMIME");

    public MailScript {
        greeting = List.copyOf(greeting);
        extensions = List.copyOf(extensions);
        requireNonNull(mailReply, "mailReply");
        recipients = Map.copyOf(recipients);
        requireNonNull(otherwise, "otherwise");
        requireNonNull(delay, "delay");
        requireNonNull(greylistedFor, "greylistedFor");
        quirks = Set.copyOf(quirks);
    }

    /** A bad habit of a host. */
    public enum Quirk {
        /** Knows HELO only. */
        HELO_ONLY,
        /** Answers whatever comes before EHLO or HELO with 503, on an encrypted connection too. */
        EHLO_FIRST,
        /** Closes the connection as soon as it is there. */
        DROPS_AT_CONNECT,
        /** Closes the connection instead of answering EHLO. */
        DROPS_AFTER_EHLO,
        /** Closes the connection instead of answering the first RCPT. */
        DROPS_AFTER_RCPT,
        /** Resets the connection instead of answering the first RCPT. */
        RESETS_AFTER_RCPT,
        /** Closes the connection instead of answering the second RCPT. */
        DROPS_AFTER_SECOND_RCPT,
        /** Answers the first command of a group and throws the others away. */
        FORGETS_GROUPS,
        /** Refuses a group with a complaint and closes. */
        REFUSES_GROUPS,
        /** Answers the commands of a group with one reply too many. */
        MISCOUNTS_GROUPS,
        /** Answers the second RCPT of a transaction with 452. */
        ONE_RECIPIENT,
        /** Answers every RCPT of a session but the first with 452. */
        ONE_RECIPIENT_A_SESSION,
        /** Takes two seconds to answer the first RCPT of a transaction, after it has answered MAIL. */
        STALLS_AT_FIRST_RCPT,
        /** Takes two seconds to answer the second RCPT of a transaction. */
        STALLS_AT_SECOND_RCPT,
        /** Demands STARTTLS before MAIL. */
        DEMANDS_TLS,
        /** Adds a line in the clear behind its answer to STARTTLS. */
        INJECTS_BEFORE_TLS,
        /** Agrees to STARTTLS and then talks no TLS. */
        BREAKS_TLS,
        /** The greeting never ends: continuation line upon continuation line. */
        ENDLESS_LINES,
        /** The greeting is one line without an end. */
        ENDLESS_LINE,
        /** The greeting comes octet by octet and never ends. */
        DRIPS,
        /** Ends lines with LF alone. */
        BARE_LF,
        /** Writes ISO 8859-1, not UTF-8. */
        LATIN_1
    }

    /** A host that knows just these local parts, offers PIPELINING and STARTTLS, and has no bad habits. */
    public static MailScript knowing(String... localParts) {
        var recipients = new HashMap<String, String>();
        Arrays.stream(localParts).forEach(local -> recipients.put(local.toLowerCase(Locale.ROOT), ACCEPTED));
        return new MailScript(
                List.of("220 mx.sandbox-mail.com ESMTP"),
                EXTENSIONS,
                "250 2.1.0 Ok",
                recipients,
                UNKNOWN,
                Duration.ZERO,
                Duration.ZERO,
                Set.of());
    }

    /** A host that accepts whatever it is asked for. */
    public static MailScript acceptingAll() {
        return knowing().otherwise(ACCEPTED);
    }

    /** Never saying a word. */
    public MailScript silent() {
        return greeting(new String[0]);
    }

    /** With this greeting. */
    public MailScript greeting(String... lines) {
        return new MailScript(
                List.of(lines), extensions, mailReply, recipients, otherwise, delay, greylistedFor, quirks);
    }

    /** With just these keywords after EHLO. */
    public MailScript offering(String... keywords) {
        return new MailScript(
                greeting, List.of(keywords), mailReply, recipients, otherwise, delay, greylistedFor, quirks);
    }

    /** Without PIPELINING. */
    public MailScript withoutPipelining() {
        var fewer = new ArrayList<>(extensions);
        fewer.remove("PIPELINING");
        return offering(fewer.toArray(String[]::new));
    }

    /** With this answer to MAIL. */
    public MailScript mailReply(String reply) {
        return new MailScript(greeting, extensions, reply, recipients, otherwise, delay, greylistedFor, quirks);
    }

    /** With this answer to RCPT for one local part. */
    public MailScript recipient(String localPart, String reply) {
        var more = new HashMap<>(recipients);
        more.put(localPart.toLowerCase(Locale.ROOT), reply);
        return new MailScript(greeting, extensions, mailReply, more, otherwise, delay, greylistedFor, quirks);
    }

    /** With this answer to RCPT for all local parts it does not know. */
    public MailScript otherwise(String reply) {
        return new MailScript(greeting, extensions, mailReply, recipients, reply, delay, greylistedFor, quirks);
    }

    /** With a pause before each flight of replies. */
    public MailScript slow(Duration each) {
        return new MailScript(greeting, extensions, mailReply, recipients, otherwise, each, greylistedFor, quirks);
    }

    /** Putting each client, sender and recipient off for so long after they first came together. */
    public MailScript greylisting(Duration time) {
        return new MailScript(greeting, extensions, mailReply, recipients, otherwise, delay, time, quirks);
    }

    /** With a bad habit more. */
    public MailScript with(Quirk quirk) {
        var more = EnumSet.of(quirk);
        more.addAll(quirks);
        return new MailScript(greeting, extensions, mailReply, recipients, otherwise, delay, greylistedFor, more);
    }

    boolean has(Quirk quirk) {
        return quirks.contains(quirk);
    }

    /** The answer to RCPT for this address when nothing else stands against it. */
    String replyTo(String address) {
        int at = address.lastIndexOf('@');
        var local = (at < 0 ? address : address.substring(0, at)).toLowerCase(Locale.ROOT);
        return recipients.getOrDefault(local, otherwise).replace("{rcpt}", address);
    }
}
