package dev.gatepost.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Labelled replies read from a table, and how well the classifier does on them. */
final class ReplyRows {
    /** One labelled reply. */
    record Row(Stage stage, Reply reply, ReplyMeaning expected, String why) {
        Row(Reply reply, ReplyMeaning expected, String why) {
            this(Stage.RCPT, reply, expected, why);
        }

        ReplyMeaning found() {
            return ReplyClassifier.meaning(stage, reply);
        }
    }

    private ReplyRows() {}

    /** The project's own table, {@code code;enhanced;label;text;why}. */
    static List<Row> own() {
        return ResourceTable.rows("replies.csv", 5).stream()
                .map(f -> new Row(
                        new Reply(Integer.parseInt(f.get(0)), f.get(1), f.get(3)),
                        ResourceTable.meaning(f.get(2)),
                        f.get(4)))
                .toList();
    }

    /** Lines as people paste them, {@code label | stage | line | why}, labelled before the classifier read them. */
    static List<Row> heldOut() {
        return ResourceTable.lines("held-out-replies.txt").stream()
                .map(line -> line.split(" \\| ", 4))
                .map(f -> new Row(
                        Stage.valueOf(f[1].strip().toUpperCase(Locale.ROOT)),
                        ReplyParser.parse(f[2].replace("\\n", "\n")),
                        ResourceTable.meaning(f[0].strip()),
                        f[3]))
                .toList();
    }

    /** Replies collected from other projects and from providers' pages, each with its source. */
    static List<Row> collected() {
        return brought(ResourceTable.lines("replies-collected.csv"));
    }

    /** A table somebody brings, {@code code,enhanced,text,label,…} with a heading line and RFC 4180 quotes. */
    static List<Row> brought(Path file) {
        try {
            return brought(Files.readAllLines(file, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Row> brought(List<String> lines) {
        return lines.stream()
                .skip(1)
                .map(ReplyRows::fields)
                .map(f -> new Row(
                        new Reply(Integer.parseInt(f.get(0)), f.get(1), f.get(2)),
                        ResourceTable.meaning(f.get(3)),
                        f.getLast()))
                .toList();
    }

    private static List<String> fields(String line) {
        var fields = new ArrayList<String>();
        var field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }

    /** The mean over the labels present of the harmonic mean of precision and recall. */
    static double macroF1(List<Row> rows) {
        return macroF1(rows, rows.stream().map(Row::found).toList());
    }

    /** The same for meanings found elsewhere, in the rows' order. */
    static double macroF1(List<Row> rows, List<ReplyMeaning> foundMeanings) {
        double sum = 0;
        int labels = 0;
        for (var label : ReplyMeaning.values()) {
            long expected = rows.stream().filter(r -> r.expected() == label).count();
            if (expected == 0) {
                continue;
            }
            long found = foundMeanings.stream().filter(m -> m == label).count();
            long both = IntStream.range(0, rows.size())
                    .filter(i -> rows.get(i).expected() == label && foundMeanings.get(i) == label)
                    .count();
            sum += 2.0 * both / (expected + found);
            labels++;
        }
        return sum / labels;
    }

    /** Prints the score on a table given as argument, and every row it got wrong. */
    public static void main(String[] args) {
        var rows = args.length == 0 ? heldOut() : args[0].equals("own") ? own() : brought(Path.of(args[0]));
        for (var row : rows) {
            if (row.found() != row.expected()) {
                System.out.println(row.expected() + " was " + row.found() + ": " + row.reply());
            }
        }
        System.out.printf("%d rows, macro-F1 %.4f%n", rows.size(), macroF1(rows));
    }
}
