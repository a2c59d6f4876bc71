package dev.gatepost.dns;

import static java.util.Objects.requireNonNull;

import dev.gatepost.dns.SpfRecord.Mechanism;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a domain lets an address send its mail (RFC 7208): ip4, ip6, a, mx, include, redirect and all, with the limits of
 * section 4.6.4. What hangs on a macro, on {@code exists} or on {@code ptr} cannot be told without a mail. Safe for any
 * thread.
 */
public final class SpfCheck {
    /** Terms that ask DNS, in one check. RFC 7208, section 4.6.4. */
    static final int LOOKUPS_MAX = 10;

    /** Names without an answer. RFC 7208, section 4.6.4. */
    static final int VOID_LOOKUPS_MAX = 2;

    /** Mail hosts of one {@code mx}. RFC 7208, section 4.6.4. */
    static final int MX_MAX = 10;

    private static final String VERSION = "v=spf1";

    private final Resolver resolver;

    public SpfCheck(Resolver resolver) {
        this.resolver = requireNonNull(resolver, "resolver");
    }

    /** The results of RFC 7208, section 2.6, and one of ours. */
    public enum Outcome {
        PASS,
        FAIL,
        SOFTFAIL,
        NEUTRAL,
        /** There is no record. */
        NONE,
        /** DNS could not be asked. */
        TEMPERROR,
        /** The record is wrong. */
        PERMERROR,
        /** It hangs on what only a mail would show. */
        CANNOT_TELL
    }

    /**
     * What came of a check.
     *
     * @param why what decided, in a few words
     */
    public record Result(Outcome outcome, String why) {
        public Result {
            requireNonNull(outcome, "outcome");
            requireNonNull(why, "why");
        }
    }

    /** Checks whether mail from {@code domain} may come from {@code address}. */
    public Result check(InetAddress address, String domain) {
        return new Evaluation(address).of(domain.toLowerCase(Locale.ROOT));
    }

    /** Whether a mechanism matches. */
    private sealed interface Match {
        record Yes() implements Match {}

        record No() implements Match {}

        record Unclear() implements Match {}

        /** The whole check ends here. */
        record Ends(Result with) implements Match {}
    }

    /** One check; counts what it asks. */
    private final class Evaluation {
        private final InetAddress address;
        private int lookups;
        private int voids;

        Evaluation(InetAddress address) {
            this.address = address;
        }

        Result of(String domain) {
            var answer = resolver.ask(domain, RecordType.TXT);
            if (answer instanceof Answer.Failed(var cause)) {
                return new Result(
                        Outcome.TEMPERROR, "the name servers could not be asked for " + domain + ": " + cause);
            }
            var records = records(answer);
            if (records.size() != 1) {
                return records.isEmpty()
                        ? new Result(Outcome.NONE, domain + " has no SPF record")
                        : new Result(
                                Outcome.PERMERROR,
                                domain + " has " + records.size() + " SPF records; there must be one");
            }
            var record = SpfRecord.parse(records.getFirst());
            return record.isPresent()
                    ? follow(record.get(), domain)
                    : new Result(Outcome.PERMERROR, "the SPF record of " + domain + " has a term that is none");
        }

        private Result follow(SpfRecord record, String domain) {
            var unclear = false;
            for (var mechanism : record.mechanisms()) {
                switch (match(mechanism, domain)) {
                    case Match.Yes _ -> {
                        var means = mechanism.means();
                        return unclear && means != Outcome.PASS
                                ? new Result(Outcome.CANNOT_TELL, unclear(domain))
                                : new Result(means, word(mechanism) + " in the record of " + domain);
                    }
                    // A pass further on is a pass whatever this one says, unless it would forbid.
                    case Match.Unclear _ -> {
                        unclear = true;
                        if (mechanism.means() != Outcome.PASS) {
                            return new Result(Outcome.CANNOT_TELL, unclear(domain));
                        }
                    }
                    case Match.Ends(var with) -> {
                        return with;
                    }
                    case Match.No _ -> {}
                }
            }
            if (unclear) {
                return new Result(Outcome.CANNOT_TELL, unclear(domain));
            }
            return record.redirect().isEmpty()
                    ? new Result(Outcome.NEUTRAL, "nothing in the record of " + domain + " matches")
                    : redirected(record.redirect().toLowerCase(Locale.ROOT));
        }

        private Result redirected(String domain) {
            if (domain.contains("%")) {
                return new Result(Outcome.CANNOT_TELL, unclear(domain));
            }
            if (++lookups > LOOKUPS_MAX) {
                return tooMany();
            }
            var result = of(domain);
            return result.outcome() == Outcome.NONE ? new Result(Outcome.PERMERROR, result.why()) : result;
        }

        private Match match(Mechanism mechanism, String current) {
            var domain =
                    mechanism.domain().isEmpty() ? current : mechanism.domain().toLowerCase(Locale.ROOT);
            return switch (mechanism.kind()) {
                case ALL -> new Match.Yes();
                case IP4, IP6 -> covers(InetAddress.ofLiteral(domain), mechanism) ? new Match.Yes() : new Match.No();
                case PTR, EXISTS -> counted(Match.Unclear::new);
                case INCLUDE -> counted(() -> mechanism.hasMacro() ? new Match.Unclear() : included(domain));
                case A -> counted(() -> mechanism.hasMacro() ? new Match.Unclear() : leadsTo(domain, mechanism));
                case MX -> counted(() -> mechanism.hasMacro() ? new Match.Unclear() : mailHosts(domain, mechanism));
            };
        }

        private Match counted(Supplier<Match> match) {
            return ++lookups > LOOKUPS_MAX ? new Match.Ends(tooMany()) : match.get();
        }

        /** Section 5.2. */
        private Match included(String domain) {
            var result = of(domain);
            return switch (result.outcome()) {
                case PASS -> new Match.Yes();
                case FAIL, SOFTFAIL, NEUTRAL -> new Match.No();
                case CANNOT_TELL -> new Match.Unclear();
                case TEMPERROR, PERMERROR -> new Match.Ends(result);
                case NONE -> new Match.Ends(new Result(Outcome.PERMERROR, result.why()));
            };
        }

        private Match leadsTo(String name, Mechanism mechanism) {
            var type = address.getAddress().length == 4 ? RecordType.A : RecordType.AAAA;
            return switch (resolver.ask(name, type)) {
                case Answer.Found(var records, var _, var _) ->
                    records.stream()
                                    .anyMatch(data ->
                                            data instanceof Answer.AddressData(var found) && covers(found, mechanism))
                            ? new Match.Yes()
                            : new Match.No();
                case Answer.NoData _, Answer.NoSuchName _ -> nothing(name);
                case Answer.Failed(var cause) -> failed(name, cause);
            };
        }

        private Match mailHosts(String domain, Mechanism mechanism) {
            return switch (resolver.ask(domain, RecordType.MX)) {
                case Answer.Found(var records, var _, var _) -> {
                    if (records.size() > MX_MAX) {
                        yield new Match.Ends(
                                new Result(Outcome.PERMERROR, domain + " has more than " + MX_MAX + " mail hosts"));
                    }
                    Match best = new Match.No();
                    for (var data : records) {
                        if (best instanceof Match.No
                                && data instanceof Answer.MxData(var _, var host)
                                && !host.isEmpty()) {
                            best = leadsTo(host, mechanism);
                        }
                    }
                    yield best;
                }
                case Answer.NoData _, Answer.NoSuchName _ -> nothing(domain);
                case Answer.Failed(var cause) -> failed(domain, cause);
            };
        }

        private Match nothing(String name) {
            return ++voids > VOID_LOOKUPS_MAX
                    ? new Match.Ends(new Result(
                            Outcome.PERMERROR,
                            "more than " + VOID_LOOKUPS_MAX + " names in the record lead nowhere, the last is " + name))
                    : new Match.No();
        }

        private static Match failed(String name, Answer.FailureCause cause) {
            return new Match.Ends(
                    new Result(Outcome.TEMPERROR, "the name servers could not be asked for " + name + ": " + cause));
        }

        private boolean covers(InetAddress network, Mechanism mechanism) {
            var theirs = network.getAddress();
            var ours = address.getAddress();
            if (theirs.length != ours.length) {
                return false;
            }
            int bits = ours.length == 4 ? mechanism.bitsV4() : mechanism.bitsV6();
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> (bit % Byte.SIZE);
                if ((theirs[bit / Byte.SIZE] & mask) != (ours[bit / Byte.SIZE] & mask)) {
                    return false;
                }
            }
            return true;
        }

        private static Result tooMany() {
            return new Result(
                    Outcome.PERMERROR,
                    "the record asks DNS more than " + LOOKUPS_MAX + " times, so receivers ignore it");
        }
    }

    private static String unclear(String domain) {
        return "the record of " + domain + " uses a macro, exists or ptr";
    }

    private static String word(Mechanism mechanism) {
        return mechanism.kind().name().toLowerCase(Locale.ROOT)
                + (mechanism.domain().isEmpty() ? "" : ":" + mechanism.domain());
    }

    /** The texts behind the version, of those that are SPF records (section 4.5). */
    private static List<String> records(Answer answer) {
        return answer instanceof Answer.Found(var records, var _, var _)
                ? records.stream()
                        .map(data -> data instanceof Answer.TextData(var text)
                                ? behindVersion(text)
                                : Optional.<String>empty())
                        .flatMap(Optional::stream)
                        .toList()
                : List.of();
    }

    private static Optional<String> behindVersion(String text) {
        var isSpf = text.regionMatches(true, 0, VERSION, 0, VERSION.length())
                && (text.length() == VERSION.length() || text.charAt(VERSION.length()) == ' ');
        return isSpf ? Optional.of(text.substring(VERSION.length())) : Optional.empty();
    }
}
