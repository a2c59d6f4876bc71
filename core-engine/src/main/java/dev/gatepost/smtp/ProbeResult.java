package dev.gatepost.smtp;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * What the mail hosts of a domain said about one address.
 *
 * @param outcome how it ended
 * @param transcript what was said, in order, for the evidence; at most 64 lines
 */
public record ProbeResult(Outcome outcome, List<Line> transcript) {
    public ProbeResult {
        requireNonNull(outcome, "outcome");
        transcript = List.copyOf(transcript);
    }

    /**
     * One reply of a host.
     *
     * @param host name of the mail host
     * @param stage the step it answered
     * @param reply what it said
     * @param millis milliseconds since the probe began
     */
    public record Line(String host, Stage stage, Reply reply, long millis) {
        public Line {
            requireNonNull(host, "host");
            requireNonNull(stage, "stage");
            requireNonNull(reply, "reply");
        }
    }

    /** How a probe ended. */
    public sealed interface Outcome {}

    /**
     * The host answered the RCPT of the address.
     *
     * @param host who answered
     * @param reply its reply
     * @param meaning what that means
     * @param acceptAll what is known about the domain taking any local part
     */
    public record Answered(String host, Reply reply, ReplyMeaning meaning, AcceptAll acceptAll) implements Outcome {
        public Answered {
            requireNonNull(host, "host");
            requireNonNull(reply, "reply");
            requireNonNull(meaning, "meaning");
            requireNonNull(acceptAll, "acceptAll");
        }

        Answered with(AcceptAll known) {
            return new Answered(host, reply, meaning, known);
        }
    }

    /**
     * The host refused us before it heard of the address, at the greeting, EHLO, STARTTLS or MAIL; or it refused us lately,
     * at any step, and was not asked again.
     */
    public record SenderRefused(String host, Stage stage, Reply reply, ReplyMeaning meaning) implements Outcome {
        public SenderRefused {
            requireNonNull(host, "host");
            requireNonNull(stage, "stage");
            requireNonNull(reply, "reply");
            requireNonNull(meaning, "meaning");
        }
    }

    /** No host could be talked to, or the talk broke off. */
    public record NoAnswer(String host, Trouble trouble) implements Outcome {
        public NoAnswer {
            requireNonNull(host, "host");
            requireNonNull(trouble, "trouble");
        }
    }

    /** The address needs SMTPUTF8 and no host offers it. */
    public record Smtputf8Unsupported(String host) implements Outcome {
        public Smtputf8Unsupported {
            requireNonNull(host, "host");
        }
    }

    /** Why there was no answer. */
    public enum Trouble {
        TIMEOUT,
        CONNECTION_REFUSED,
        CONNECTION_LOST,
        NO_ROUTE,
        /** What came was not SMTP, or more than the bounds allow. */
        PROTOCOL,
        /** The egress rules forbid the address. */
        EGRESS_REFUSED,
        /** Our own limits towards this group of hosts left no place in time. */
        BUSY
    }

    /** Whether the domain takes any local part. */
    public enum AcceptAll {
        /** A random local part was accepted too. */
        YES,
        /** A random local part was refused. */
        NO,
        /** It was asked, and the answer does not settle it. */
        UNCLEAR,
        /** It was not asked, since the answer to the address settled the matter or the provider table says not to. */
        NOT_ASKED;

        /** What the reply to a random local part says. */
        static AcceptAll ofRandom(ReplyMeaning meaning) {
            return switch (meaning) {
                case ACCEPT -> YES;
                case MAILBOX_NOT_FOUND, DISABLED -> NO;
                case MAILBOX_FULL,
                        GREYLISTED,
                        RATE_LIMITED,
                        BLOCKED_REPUTATION,
                        POLICY,
                        RELAY_DENIED,
                        TLS_REQUIRED,
                        AUTH_REQUIRED,
                        SYNTAX,
                        TEMPORARY -> UNCLEAR;
            };
        }
    }
}
