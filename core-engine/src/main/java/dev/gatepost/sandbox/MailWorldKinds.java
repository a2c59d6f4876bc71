package dev.gatepost.sandbox;

import dev.gatepost.sandbox.MailScript.Quirk;
import dev.gatepost.sandbox.MailWorld.Example;
import java.time.Duration;
import java.util.List;

/** The kinds of domains in the {@link MailWorld}. All people and firms are invented; the few real names lead nowhere. */
final class MailWorldKinds {
    /** How long the greylisting host puts a recipient off; postgrey's default is five minutes. */
    private static final Duration GREYLISTED_FOR = Duration.ofSeconds(20);

    /** What the slow host takes for each flight of commands. */
    private static final Duration SLOW = Duration.ofMillis(300);

    private static final String SANDBOX = ".sandbox-mail.com";

    /** A name that is not ASCII, as DNS is asked for it: grüße. */
    private static final String IDN = "xn--gre-6ka8l" + SANDBOX;

    private MailWorldKinds() {}

    /**
     * A domain with a mail host.
     *
     * @param mailHost name in the domain's MX record
     * @param examples addresses there worth showing
     */
    record Kind(String domain, String mailHost, MailScript script, List<Example> examples) {
        Kind {
            examples = List.copyOf(examples);
        }
    }

    /** A kind under the sandbox's domain; its mail host has a registrable domain of its own, since limits go by that. */
    private static Kind kind(String name, MailScript script, Example... examples) {
        return new Kind(name + SANDBOX, "mx." + name + "-host.net", script, List.of(examples));
    }

    private static Example example(String address, String status, String reason, String what) {
        return new Example(address, status, reason, what);
    }

    static List<Kind> all() {
        return List.of(
                kind(
                        "works",
                        MailScript.knowing("jane.miller", "info", "support", "tom"),
                        example("jane.miller@works" + SANDBOX, "valid", "accepted", "a mailbox that is there"),
                        example("info@works" + SANDBOX, "valid", "accepted", "a role address"),
                        example("nobody.here@works" + SANDBOX, "invalid", "mailbox_not_found", "no such mailbox")),
                new Kind(
                        "gmail.com",
                        "gmail-smtp-in.l.google.com",
                        MailScript.knowing("jane.miller.sandbox")
                                .otherwise("550 5.1.1 The email account that you tried to reach does not exist."
                                        + " https://support.google.com/mail/?p=NoSuchUser - gsmtp"),
                        List.of(example(
                                "jane.miller.sandbox@gmail.com", "valid", "accepted", "a free provider's mailbox"))),
                new Kind(
                        "mailinator.com",
                        "mail.mailinator.com",
                        MailScript.acceptingAll(),
                        List.of(example("throwaway@mailinator.com", "risky", "accept_all", "a disposable address"))),
                new Kind(
                        "yahoo.com",
                        "mta5.am0.yahoodns.net",
                        MailScript.acceptingAll(),
                        List.of(example(
                                "jane.miller@yahoo.com",
                                "unknown",
                                "provider_unverifiable",
                                "a provider that says yes to everybody"))),
                kind(
                        "accept-all",
                        MailScript.acceptingAll(),
                        example("anyone@accept-all" + SANDBOX, "risky", "accept_all", "the host takes any name")),
                kind(
                        "full",
                        MailScript.knowing()
                                .recipient("jane", "552 5.2.2 <{rcpt}>: Quota exceeded (mailbox for user is full)"),
                        example("jane@full" + SANDBOX, "risky", "mailbox_full", "the mailbox is full")),
                kind(
                        "disabled",
                        MailScript.knowing().recipient("jane", "550 5.2.1 <{rcpt}>: mailbox disabled"),
                        example("jane@disabled" + SANDBOX, "invalid", "mailbox_disabled", "the mailbox was shut")),
                kind(
                        "greylists",
                        MailScript.knowing("jane").greylisting(GREYLISTED_FOR),
                        example("jane@greylists" + SANDBOX, "unknown", "greylisted", "puts strangers off at first")),
                kind(
                        "blocks",
                        MailScript.knowing("jane").greeting("554 5.7.1 mx.blocks-host.net No SMTP service for you"),
                        example("jane@blocks" + SANDBOX, "unknown", "blocked", "refuses us at the greeting")),
                kind(
                        "blocks-sender",
                        MailScript.knowing("jane")
                                .mailReply("550 5.7.1 Service unavailable; client host blocked using zen.spamhaus.org"),
                        example("jane@blocks-sender" + SANDBOX, "unknown", "blocked", "refuses us at MAIL")),
                kind(
                        "blocks-late",
                        MailScript.knowing()
                                .otherwise(
                                        "550 5.7.1 <{rcpt}>: Your IP address is listed by a block list, user unknown"),
                        example("jane@blocks-late" + SANDBOX, "unknown", "blocked", "refuses us, but at RCPT")),
                kind(
                        "no-ptr",
                        MailScript.knowing()
                                .otherwise("550 5.7.25 Client host rejected: cannot find your reverse hostname"),
                        example("jane@no-ptr" + SANDBOX, "unknown", "blocked", "wants a PTR record of us")),
                kind(
                        "limits",
                        MailScript.knowing().otherwise("450 4.7.1 <{rcpt}>: too many messages, slow down"),
                        example("jane@limits" + SANDBOX, "unknown", "rate_limited", "has had enough of us for now")),
                kind(
                        "no-pipelining",
                        MailScript.knowing("jane").withoutPipelining(),
                        example("jane@no-pipelining" + SANDBOX, "valid", "accepted", "wants one command at a time")),
                kind(
                        "tls-only",
                        MailScript.knowing("jane").with(Quirk.DEMANDS_TLS),
                        example("jane@tls-only" + SANDBOX, "valid", "accepted", "demands encryption")),
                kind(
                        "slow",
                        MailScript.knowing("jane").slow(SLOW),
                        example("jane@slow" + SANDBOX, "valid", "accepted", "takes its time")),
                new Kind(
                        IDN,
                        "mx.idn-host.net",
                        MailScript.knowing("jane"),
                        List.of(example(
                                "jane@gr\u00fc\u00dfe" + SANDBOX, "valid", "accepted", "a domain beyond ASCII"))),
                kind(
                        "drops",
                        MailScript.knowing("jane").with(Quirk.DROPS_AFTER_EHLO),
                        example("jane@drops" + SANDBOX, "unknown", "connection_failed", "hangs up on us")),
                kind(
                        "babbles",
                        MailScript.knowing("jane").greeting("hello, this is no mail host"),
                        example("jane@babbles" + SANDBOX, "unknown", "protocol", "does not speak SMTP")),
                kind("silent", MailScript.knowing("jane").silent()));
    }

    static List<Example> examplesWithoutHost() {
        return List.of(
                example("jane..miller@works" + SANDBOX, "invalid", "invalid_syntax", "two dots in a row"),
                example("jane@firm.invalid", "invalid", "special_use_domain", "a name that never exists"),
                example("jane@no-such-domain" + SANDBOX, "invalid", "no_domain", "the domain does not exist"),
                example("jane@null-mx" + SANDBOX, "invalid", "null_mx", "the domain says it takes no mail"),
                example("jane@no-mail" + SANDBOX, "invalid", "no_mail_host", "a domain without a mail host"),
                example("jane@lost-mx" + SANDBOX, "invalid", "mx_unresolvable", "its mail host has no address"),
                example("jane@loopback-mx" + SANDBOX, "invalid", "unroutable_mx", "its mail host is 127.0.0.1"),
                example("jane@dns-servfail" + SANDBOX, "unknown", "dns_temporary", "its name server fails"),
                example(
                        "jane@refuses-connections" + SANDBOX,
                        "unknown",
                        "connection_failed",
                        "nobody listens at its mail host"));
    }

    static List<Example> slowExamples() {
        return List.of(
                example("jane@dns-timeout" + SANDBOX, "unknown", "dns_temporary", "its name server is silent"),
                example("jane@silent" + SANDBOX, "unknown", "timeout", "its mail host never says a word"));
    }
}
