package dev.gatepost.dns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A domain's MX records, put in order.
 *
 * @param targets hosts that can be looked up, by preference, equal ones shuffled, each once
 * @param others targets that are no host names
 * @param notes what is odd about the set
 * @param isNull whether it is a null MX (RFC 7505)
 */
record MxSet(List<Answer.MxData> targets, List<String> others, List<String> notes, boolean isNull) {
    /** Another target than the root stands beside a {@code .}: a misconfigured null MX, and the root is ignored. */
    static final String NULL_AMONG_OTHERS = "null_mx_among_others";

    /** A target is the text of an address, which an MX cannot be (RFC 1035, section 3.3.9). */
    static final String ADDRESS = "mx_is_address";

    static MxSet of(List<Answer.Data> records, RandomGenerator random) {
        var all = new ArrayList<Answer.MxData>();
        for (var record : records) {
            if (record instanceof Answer.MxData mx) {
                all.add(mx);
            }
        }
        var isNull = all.size() == 1 && all.getFirst().equals(new Answer.MxData(0, ""));
        Collections.shuffle(all, java.util.Random.from(random));
        all.sort(Comparator.comparingInt(Answer.MxData::preference));
        var targets = new LinkedHashMap<String, Answer.MxData>();
        var others = new ArrayList<String>();
        var notes = new ArrayList<String>();
        for (var mx : all) {
            if (mx.host().isEmpty()) {
                note(notes, NULL_AMONG_OTHERS);
            } else if (isAddressText(mx.host())) {
                others.add(mx.host());
                note(notes, ADDRESS);
            } else {
                targets.putIfAbsent(mx.host(), mx);
            }
        }
        return new MxSet(List.copyOf(targets.values()), others, notes, isNull);
    }

    /** No top-level domain is a number (RFC 3696, section 2) or holds a colon. */
    private static boolean isAddressText(String host) {
        return host.indexOf(':') >= 0
                || host.substring(host.lastIndexOf('.') + 1).matches("[0-9]+");
    }

    private static void note(List<String> notes, String note) {
        if (!notes.contains(note)) {
            notes.add(note);
        }
    }
}
