package dev.gatepost.dns;

import java.util.Arrays;

/** Fuzz target: what a name server may answer. The first octet chooses what was asked; the id and QR bit are made to fit. */
public final class AnswerFuzz {
    private static final int ID = 0x1234;
    private static final int HEADER_OCTETS = 12;
    private static final int RECORDS_MAX = 64;

    private AnswerFuzz() {}

    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        var types = RecordType.values();
        var question = Question.of("firm.example", types[(data[0] & 0x7f) % types.length]);
        var rest = Arrays.copyOfRange(data, 1, data.length);
        check(DnsMessages.read(rest, question, ID));
        check(DnsMessages.read((data[0] & 0x80) == 0 ? answering(rest) : repeating(question, rest), question, ID));
    }

    /** The octets with a header that answers. */
    private static byte[] answering(byte[] octets) {
        var message = Arrays.copyOf(octets, Math.max(octets.length, HEADER_OCTETS));
        message[0] = (byte) (ID >> 8);
        message[1] = (byte) ID;
        message[2] |= (byte) 0x80;
        return message;
    }

    /** The question as asked, with the octets behind it as its answer. */
    private static byte[] repeating(Question question, byte[] octets) {
        var query = DnsMessages.query(question, ID).orElseThrow();
        int questionEnd = HEADER_OCTETS + question.name().length() + 2 + 4;
        var message = Arrays.copyOf(query, questionEnd + octets.length);
        System.arraycopy(octets, 0, message, questionEnd, octets.length);
        message[2] |= (byte) 0x80;
        message[7] = octets.length == 0 ? 0 : (byte) (octets[0] & 0x0f);
        message[11] = 0;
        return message;
    }

    private static void check(Reading reading) {
        if (reading instanceof Reading.Complete(Answer.Found found)
                && found.records().size() > RECORDS_MAX) {
            throw new AssertionError(found.records().size() + " records kept");
        }
        if (reading instanceof Reading.Alias(var target, var steps)
                && (target.isEmpty() || steps > DnsMessages.ALIASES_MAX)) {
            throw new AssertionError("alias " + target + " after " + steps);
        }
    }
}
