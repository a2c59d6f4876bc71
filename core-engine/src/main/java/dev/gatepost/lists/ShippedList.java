package dev.gatepost.lists;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax.Malformed;
import dev.gatepost.address.Syntax.Wellformed;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A list that comes with the program, and may be refreshed from a source of the operator's choice. */
public enum ShippedList {
    DISPOSABLE(Form.DOMAIN, "domains that hand out throw-away mailboxes"),
    FREE(Form.DOMAIN, "domains where anybody gets a mailbox for nothing"),
    RELAY(Form.DOMAIN, "domains that forward to a real person's mailbox under an alias"),
    ROLE(Form.LOCAL_PART, "local parts that name a function and not a person"),
    EDU(Form.EDU_RULE, "domains of schools and universities, as rules"),
    DISPOSABLE_MX(Form.DOMAIN, "mail hosts of disposable domains"),
    SQUATS(Form.DOMAIN, "domains registered to catch the slips of others"),
    REAL_DOMAINS(Form.DOMAIN, "domains near to a provider's that are never corrected"),
    POPULAR(Form.WEIGHED_DOMAIN, "providers that slips are corrected to, with a weight"),
    TLD_SLIPS(Form.TLD_SLIP, "slips in the end of a domain, and what was meant");

    /** What an entry looks like. */
    private enum Form {
        DOMAIN,
        LOCAL_PART,
        EDU_RULE,
        WEIGHED_DOMAIN,
        TLD_SLIP
    }

    private static final Pattern LOCAL_PART = Pattern.compile("[^\\s@#]{1,64}");
    private static final Pattern EDU_RULE = Pattern.compile("[a-z0-9-]{1,63}(\\.\\*)?");
    private static final Pattern WEIGHED = Pattern.compile("(\\S+)\\s+(\\d{1,6})");
    private static final Pattern TLD_SLIP = Pattern.compile("\\S{1,63} \\S{1,63}( real)?");

    private final Form form;
    private final String holds;

    ShippedList(Form form, String holds) {
        this.form = form;
        this.holds = holds;
    }

    /** The word for it in settings, commands and file names, for example {@code disposable-mx}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What stands in it, in a few words. */
    public String holds() {
        return holds;
    }

    /** The list of that word. */
    public static Optional<ShippedList> of(String word) {
        return Arrays.stream(values()).filter(list -> list.word().equals(word)).findFirst();
    }

    /** The file's name, in the jar and in the data folder. */
    String file() {
        return word() + ".txt";
    }

    /** As it came with the program. */
    public Snapshot shipped() {
        return Snapshot.shipped(file());
    }

    /** A line of a foreign list as an entry of ours (lower case, A-labels); empty when it is none. */
    Optional<String> entry(String line) {
        var text = line.strip().toLowerCase(Locale.ROOT);
        return switch (form) {
            case DOMAIN -> domain(text);
            case LOCAL_PART -> matching(LOCAL_PART, text);
            case EDU_RULE -> matching(EDU_RULE, text);
            case TLD_SLIP -> matching(TLD_SLIP, text);
            case WEIGHED_DOMAIN -> {
                var parts = WEIGHED.matcher(text);
                yield parts.matches()
                        ? domain(parts.group(1)).map(domain -> domain + " " + parts.group(2))
                        : Optional.empty();
            }
        };
    }

    private static Optional<String> matching(Pattern pattern, String text) {
        return Optional.of(text).filter(pattern.asMatchPredicate());
    }

    /** A domain in A-label form, if the text is one. */
    static Optional<String> domain(String text) {
        return switch (AddressParser.parse("a@" + text, AddressDialect.SMTP)) {
            case Wellformed(var address) -> Optional.of(address.domain().ascii());
            case Malformed _ -> Optional.empty();
        };
    }
}
