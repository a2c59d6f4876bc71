package dev.gatepost.address;

import com.sanctionco.jmail.EmailValidator;
import com.sanctionco.jmail.JMail;
import dev.gatepost.address.Syntax.Wellformed;
import dev.gatepost.lists.ReferenceLists;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.ToIntFunction;

/**
 * Measures on one thread how many addresses a second are parsed and looked up. Run by hand, not by the build:
 * {@code java -cp … dev.gatepost.address.AddressBenchmark}.
 */
final class AddressBenchmark {
    private static final int ROUNDS = 8;
    private static final int ADDRESSES = 1_000_000;

    /** Another parser, in the same run; the rules closest to ours. */
    private static final EmailValidator JMAIL = JMail.strictValidator();

    private AddressBenchmark() {}

    public static void main(String[] arguments) {
        var started = System.nanoTime();
        var lists = ReferenceLists.shipped();
        System.out.printf(Locale.ROOT, "lists loaded in %.1f ms%n", (System.nanoTime() - started) / 1e6);

        measure("parse", texts("@example-company.com"), text -> parsed(text) == null ? 0 : 1);
        measure(
                "parse, by JMail",
                texts("@example-company.com"),
                text -> JMAIL.tryParse(text).isPresent() ? 1 : 0);
        measure("parse, IDN", texts("@m\u00fcnchen.de"), text -> parsed(text) == null ? 0 : 1);
        measure("parse, malformed", texts("..@example.com"), text -> parsed(text) == null ? 0 : 1);
        for (var domain : new String[] {"gmail.com", "acme-widgets.com", "mail.yopmail.com", "hotmial.com"}) {
            measure("parse + lists + suggestion, " + domain, texts("@" + domain), text -> judged(lists, text));
        }
    }

    private static int judged(ReferenceLists lists, String text) {
        var address = parsed(text);
        return lists.hits(address).size()
                + (lists.suggestion(address).isPresent() ? 1 : 0)
                + (lists.isHomograph(address.domain()) ? 1 : 0);
    }

    @SuppressWarnings("NullAway") // the inputs are known
    private static EmailAddress parsed(String text) {
        return AddressParser.parse(text, AddressDialect.SMTP) instanceof Wellformed(var address) ? address : null;
    }

    private static String[] texts(String end) {
        var texts = new String[1024];
        for (var i = 0; i < texts.length; i++) {
            texts[i] = "Firstname.Lastname+" + i + end;
        }
        return texts;
    }

    /** Of this thread alone, so that a busy machine counts less. */
    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static void measure(String what, String[] texts, ToIntFunction<String> work) {
        var best = Double.MAX_VALUE;
        var seen = 0L;
        for (var round = 0; round < ROUNDS; round++) {
            var count = what.contains("IDN") ? ADDRESSES / 10 : ADDRESSES;
            var started = cpuNanos();
            for (var i = 0; i < count; i++) {
                seen += work.applyAsInt(texts[i & 1023]);
            }
            best = Math.min(best, (cpuNanos() - started) / (double) count);
        }
        System.out.printf(Locale.ROOT, "%-45s %,12.0f a second (%.0f ns; %d seen)%n", what, 1e9 / best, best, seen);
    }
}
