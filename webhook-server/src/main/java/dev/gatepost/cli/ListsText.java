package dev.gatepost.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.lists.OwnList;
import dev.gatepost.lists.RefreshOutcome;
import dev.gatepost.lists.ShippedList;
import dev.gatepost.server.ListsReport;
import dev.gatepost.smtp.ProviderTable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The lists for people and for programs. */
final class ListsText {

    private ListsText() {}

    static String text(ListsReport report) {
        var text = new StringBuilder(row("list", "entries", "as of", "age", "agree", "last refresh"));
        for (var row : report.shipped()) {
            var snapshot = row.snapshot();
            text.append(row(
                    row.list().word(),
                    grouped(snapshot.entries().size()),
                    snapshot.asOf().toString(),
                    report.age(snapshot.asOf()) + " d",
                    Integer.toString(snapshot.agreeing()),
                    row.last().map(ListsText::refresh).orElse("-")));
            text.append("    ")
                    .append(snapshot.source())
                    .append("; licence: ")
                    .append(snapshot.licence())
                    .append('\n');
        }
        for (var own : report.own()) {
            var isEmpty = own.entries().isEmpty();
            text.append(row(
                    word(own),
                    grouped(own.entries().size()),
                    isEmpty ? "-" : own.asOf().toString(),
                    isEmpty ? "-" : report.age(own.asOf()) + " d",
                    "-",
                    "your own"));
        }
        return text.append("provider table: ")
                .append(report.providers().size())
                .append(" rows, ")
                .append(report.providers().ownRows())
                .append(" of them your own; shipped version ")
                .append(ProviderTable.version())
                .toString();
    }

    private static String row(String list, String entries, String asOf, String age, String agree, String refresh) {
        return (Painter.pad(list, 15)
                                + Painter.pad(entries, 9)
                                + Painter.pad(asOf, 12)
                                + Painter.pad(age, 8)
                                + Painter.pad(agree, 7)
                                + refresh)
                        .stripTrailing()
                + "\n";
    }

    private static String refresh(RefreshOutcome outcome) {
        return outcome.at() + " " + outcome.result().word() + ": " + outcome.detail();
    }

    private static String grouped(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String word(OwnList own) {
        return own.name().name().toLowerCase(Locale.ROOT);
    }

    /** The words of all lists that can be refreshed. */
    static String words() {
        return Arrays.stream(ShippedList.values()).map(ShippedList::word).collect(Collectors.joining(", "));
    }

    static String json(ListsReport report) {
        var json = JsonLine.object();
        var lists = json.putArray("lists");
        for (var row : report.shipped()) {
            var snapshot = row.snapshot();
            var node = lists.addObject()
                    .put("list", row.list().word())
                    .put("entries", snapshot.entries().size())
                    .put("as_of", snapshot.asOf().toString())
                    .put("age_days", report.age(snapshot.asOf()))
                    .put("sources_that_agree", snapshot.agreeing())
                    .put("source", snapshot.source())
                    .put("licence", snapshot.licence());
            row.last().ifPresent(outcome -> put(node.putObject("last_refresh"), outcome));
        }
        for (var own : report.own()) {
            var node = lists.addObject()
                    .put("list", word(own))
                    .put("entries", own.entries().size());
            if (!own.entries().isEmpty()) {
                node.put("as_of", own.asOf().toString()).put("age_days", report.age(own.asOf()));
            }
        }
        json.putObject("providers")
                .put("rows", report.providers().size())
                .put("own_rows", report.providers().ownRows())
                .put("version", ProviderTable.version());
        return json.toString();
    }

    static String json(RefreshOutcome outcome) {
        return put(JsonLine.object().put("list", outcome.list().word()), outcome)
                .toString();
    }

    private static ObjectNode put(ObjectNode node, RefreshOutcome outcome) {
        return node.put("at", outcome.at().toString())
                .put("result", outcome.result().word())
                .put("detail", outcome.detail());
    }
}
