package dev.gatepost.dns;

import dev.gatepost.dns.DomainPolicy.Dmarc;
import dev.gatepost.dns.DomainPolicy.MtaSts;
import dev.gatepost.dns.DomainPolicy.Spf;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Reads SPF, DMARC and MTA-STS out of TXT answers. Pure. Of each there must be just one, else it counts as absent. */
final class PolicyRecords {
    /** RFC 7208, section 4.5: the version ends at a space or at the end. The terms may be in any case. */
    private static final Pattern SPF = Pattern.compile("v=spf1(?: .*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern SPF_NOTHING = Pattern.compile("v=spf1 +-all *", Pattern.CASE_INSENSITIVE);

    /** RFC 7489, section 6.3: the version comes first, in just this case. */
    private static final Pattern DMARC = Pattern.compile("v[ \t]*=[ \t]*DMARC1[ \t]*(?:;.*)?", Pattern.DOTALL);

    /** RFC 8461, section 3.1: version first, and an id of 1 to 32 letters and digits. */
    private static final Pattern MTA_STS =
            Pattern.compile("v=STSv1[ \t]*;(?:.*;)?[ \t]*id=[A-Za-z0-9]{1,32}[ \t]*(?:;.*)?", Pattern.DOTALL);

    private PolicyRecords() {}

    static Spf spf(Answer answer) {
        if (answer instanceof Answer.Failed) {
            return Spf.UNKNOWN;
        }
        return only(answer, SPF.asMatchPredicate())
                .map(text -> SPF_NOTHING.matcher(text).matches() ? Spf.SENDS_NO_MAIL : Spf.PRESENT)
                .orElse(Spf.ABSENT);
    }

    static Dmarc dmarc(Answer answer) {
        if (answer instanceof Answer.Failed) {
            return Dmarc.UNKNOWN;
        }
        return only(answer, DMARC.asMatchPredicate())
                .map(PolicyRecords::requested)
                .orElse(Dmarc.ABSENT);
    }

    static MtaSts mtaSts(Answer answer) {
        if (answer instanceof Answer.Failed) {
            return MtaSts.UNKNOWN;
        }
        return only(answer, MTA_STS.asMatchPredicate()).isPresent() ? MtaSts.PRESENT : MtaSts.ABSENT;
    }

    /** RFC 7489, section 6.6.3: without a policy that is understood, a record with a place for reports counts as none. */
    private static Dmarc requested(String record) {
        var policy = tag(record, "p").map(value -> value.toLowerCase(Locale.ROOT));
        return switch (policy.orElse("")) {
            case "reject" -> Dmarc.REJECT;
            case "quarantine" -> Dmarc.QUARANTINE;
            case "none" -> Dmarc.NONE;
            default -> tag(record, "rua").isPresent() ? Dmarc.NONE : Dmarc.ABSENT;
        };
    }

    private static Optional<String> tag(String record, String name) {
        for (var part : record.split(";", -1)) {
            var equals = part.indexOf('=');
            if (equals > 0 && part.substring(0, equals).strip().equals(name)) {
                return Optional.of(part.substring(equals + 1).strip()).filter(value -> !value.isEmpty());
            }
        }
        return Optional.empty();
    }

    private static Optional<String> only(Answer answer, Predicate<String> wanted) {
        var texts = answer instanceof Answer.Found(var records, var _, var _)
                ? records.stream()
                        .filter(Answer.TextData.class::isInstance)
                        .map(data -> ((Answer.TextData) data).text())
                        .filter(wanted)
                        .toList()
                : List.<String>of();
        return texts.size() == 1 ? Optional.of(texts.getFirst()) : Optional.empty();
    }
}
