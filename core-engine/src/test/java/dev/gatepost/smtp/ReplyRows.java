package dev.gatepost.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Labelled replies read from a table, and how well the classifier does on them. */
final class ReplyRows {
    /** One labelled reply. */
    record Row(Reply reply, ReplyMeaning expected, String why) {
        ReplyMeaning found() {
            return ReplyClassifier.meaning(Stage.RCPT, reply);
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

    /** A table somebody brings, {@code code,enhanced,text,label,…} with a heading line and RFC 4180 quotes. */
    static List<Row> brought(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(ReplyRows::fields)
                    .map(f -> new Row(
                            new Reply(Integer.parseInt(f.get(0)), f.get(1), f.get(2)),
                            ResourceTable.meaning(f.get(3)),
                            ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        double sum = 0;
        int labels = 0;
        for (var label : ReplyMeaning.values()) {
            long expected = rows.stream().filter(r -> r.expected() == label).count();
            if (expected == 0) {
                continue;
            }
            long found = rows.stream().filter(r -> r.found() == label).count();
            long both = rows.stream()
                    .filter(r -> r.expected() == label && r.found() == label)
                    .count();
            sum += 2.0 * both / (expected + found);
            labels++;
        }
        return sum / labels;
    }

    /** Prints the score on a table given as argument, and every row it got wrong. */
    public static void main(String[] args) {
        var rows = args.length > 0 ? brought(Path.of(args[0])) : own();
        for (var row : rows) {
            if (row.found() != row.expected()) {
                System.out.println(row.expected() + " was " + row.found() + ": " + row.reply());
            }
        }
        System.out.printf("%d rows, macro-F1 %.4f%n", rows.size(), macroF1(rows));
    }
}
