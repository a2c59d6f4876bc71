package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;
import static dev.gatepost.doctor.Finding.unsure;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.RecordType;
import dev.gatepost.dns.Resolver;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Whether the name servers say so when a name does not exist. Some providers' lead every mistyped name to a page of theirs,
 * and every mistyped domain would look real.
 */
final class HonestyCheck {

    /** Where names that nobody registered are asked for; {@code invalid} never exists (RFC 6761, section 6.4). */
    private static final List<String> ENDINGS = List.of("com", "net", "invalid");

    private static final int LETTERS = 20;

    private static final String CHECK = "resolver";

    private final Resolver resolver;
    private final RandomGenerator random;

    HonestyCheck(Resolver resolver, RandomGenerator random) {
        this.resolver = resolver;
        this.random = random;
    }

    Finding finding() {
        for (var ending : ENDINGS) {
            var name = label(random) + "." + ending;
            switch (resolver.ask(name, RecordType.A)) {
                case Answer.NoSuchName _ -> {}
                case Answer.Found(var records, var _, var _) -> {
                    return mend(
                            CHECK,
                            "it invents answers: " + name + " does not exist, but leads to " + records.getFirst(),
                            "set GATEPOST_DNS_SERVERS to name servers that do not, for example your own unbound");
                }
                case Answer.NoData _ -> {
                    return unsure(
                            CHECK,
                            "it says that " + name + " exists, which it does not",
                            "ask its operator whether it rewrites NXDOMAIN");
                }
                case Answer.Failed(var cause) -> {
                    return unsure(
                            CHECK, "it did not answer for " + name + " (" + cause + ")", "see the name servers above");
                }
            }
        }
        return fine(CHECK, "it says so when a name does not exist");
    }

    /** A name that nobody has. */
    static String label(RandomGenerator random) {
        var label = new StringBuilder();
        for (int i = 0; i < LETTERS; i++) {
            label.append((char) ('a' + random.nextInt(26)));
        }
        return label.toString();
    }
}
