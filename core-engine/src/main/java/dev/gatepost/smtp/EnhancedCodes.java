package dev.gatepost.smtp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What enhanced status codes mean, and how much weight each has against the words beside it. Immutable. */
final class EnhancedCodes {
    /** When in the order of precedence a code has its say. */
    enum Rank {
        /** Before all words: only one provider gives it, or it has one meaning. */
        FIRST,
        /** Before words about the recipient. */
        STRONG,
        /** After them. */
        WEAK,
        /** After vague words, too: hosts use the code for several things. */
        LAST
    }

    private record Row(int subject, int from, int to, String basic, ReplyMeaning meaning, Rank rank) {}

    private static final List<Row> ROWS = ResourceTable.rows("enhanced-codes.csv", 5).stream()
            .map(EnhancedCodes::row)
            .toList();

    private static final Pattern CODE = Pattern.compile("(?<![\\w.])([245])\\.(\\d{1,3})\\.(\\d{1,3})(?![\\w]|\\.\\d)");

    private EnhancedCodes() {}

    private static Row row(List<String> fields) {
        var code = fields.get(0).split("[.-]", -1);
        int from = Integer.parseInt(code[1]);
        int to = code.length > 2 ? Integer.parseInt(code[2]) : from;
        var basic = fields.get(1).equals("*") ? "" : fields.get(1);
        return new Row(
                Integer.parseInt(code[0]),
                from,
                to,
                basic,
                ResourceTable.meaning(fields.get(2)),
                Rank.valueOf(fields.get(3).toUpperCase(Locale.ROOT)));
    }

    /** The meaning of the reply's enhanced code where it is of just this rank. */
    static Optional<ReplyMeaning> meaning(Reply reply, Rank rank) {
        var code = CODE.matcher(reply.enhancedCode());
        if (!code.matches()) {
            return Optional.empty();
        }
        int subject = Integer.parseInt(code.group(2));
        int detail = Integer.parseInt(code.group(3));
        var basic = Integer.toString(reply.code());
        return ROWS.stream()
                .filter(row -> row.subject == subject && row.from <= detail && detail <= row.to)
                .filter(row -> basic.startsWith(row.basic))
                .findFirst()
                .filter(row -> row.rank == rank)
                .map(Row::meaning);
    }

    /** The first enhanced code written anywhere in {@code text}, as qmail does in brackets; empty when there is none. */
    static String in(String text) {
        var head = text.substring(0, Math.min(text.length(), ReplyText.CHARS_MAX));
        var code = CODE.matcher(head);
        return code.find() ? code.group() : "";
    }
}
