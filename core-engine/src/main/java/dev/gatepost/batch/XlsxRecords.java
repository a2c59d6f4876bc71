package dev.gatepost.batch;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Records of the first sheet of a workbook (ECMA-376, part 1, chapter 18). Numbers come as they are stored, so that dates are
 * the numbers spreadsheets keep for them. For one thread.
 */
final class XlsxRecords {
    /** Most characters of all texts together, which are held in memory. */
    private static final int TEXT_CHARS_MAX = 16 * 1024 * 1024;

    private static final int LETTERS = 26;

    /** What XML cannot hold, and what looks like this itself: the code of one UTF-16 unit (ECMA-376, part 1, 22.9.2.19). */
    private static final Pattern ESCAPED = Pattern.compile("_x([0-9A-Fa-f]{4})_");

    private static final int HEX = 16;

    private final List<String> shared;
    private final XMLStreamReader sheet;

    /** @throws UnusableList when it is no workbook, or too large a one */
    XlsxRecords(InputStream in) throws IOException {
        var workbook = new XlsxParts(in);
        try {
            var related = related(workbook);
            var strings = related.strings();
            this.shared = strings.isEmpty() ? List.of() : strings(workbook.open(strings));
            this.sheet = workbook.open(related.sheet());
        } catch (XMLStreamException _) {
            throw XlsxParts.unreadable();
        }
    }

    /** Where the first sheet and the texts are; the latter may be missing. */
    private record Related(String sheet, String strings) {}

    private static Related related(XlsxParts workbook) throws XMLStreamException {
        var first = "";
        var book = workbook.open("xl/workbook.xml");
        while (first.isEmpty() && book.hasNext()) {
            if (book.next() == XMLStreamConstants.START_ELEMENT
                    && book.getLocalName().equals("sheet")) {
                first = attribute(book, "id");
            }
        }
        var strings = "";
        Map<String, String> targets = new HashMap<>();
        var relations = workbook.open("xl/_rels/workbook.xml.rels");
        while (relations.hasNext()) {
            if (relations.next() == XMLStreamConstants.START_ELEMENT
                    && relations.getLocalName().equals("Relationship")) {
                var target = attribute(relations, "Target");
                var path = target.startsWith("/") ? target.substring(1) : "xl/" + target;
                targets.put(attribute(relations, "Id"), path);
                strings = attribute(relations, "Type").endsWith("/sharedStrings") ? path : strings;
            }
        }
        return new Related(targets.getOrDefault(first, ""), strings);
    }

    /** Whatever namespace it is in: the strict form of the format has others. */
    private static String attribute(XMLStreamReader reader, String name) {
        var value = "";
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            if (reader.getAttributeLocalName(i).equals(name)) {
                value = reader.getAttributeValue(i);
            }
        }
        return value;
    }

    private static List<String> strings(XMLStreamReader reader) throws XMLStreamException {
        var strings = new ArrayList<String>();
        var text = new StringBuilder();
        var chars = 0;
        while (reader.hasNext()) {
            var event = reader.next();
            if (event == XMLStreamConstants.START_ELEMENT
                    && reader.getLocalName().equals("t")) {
                text.append(reader.getElementText());
            } else if (event == XMLStreamConstants.START_ELEMENT
                    && reader.getLocalName().equals("rPh")) {
                skip(reader);
            } else if (event == XMLStreamConstants.END_ELEMENT
                    && reader.getLocalName().equals("si")) {
                chars += text.length();
                if (chars > TEXT_CHARS_MAX) {
                    throw XlsxParts.tooLarge();
                }
                strings.add(plain(text.toString()));
                text.setLength(0);
            }
        }
        return strings;
    }

    /** To the end of this element: how a text is pronounced is no part of it. */
    private static void skip(XMLStreamReader reader) throws XMLStreamException {
        for (int depth = 1; depth > 0; ) {
            var event = reader.next();
            depth += event == XMLStreamConstants.START_ELEMENT ? 1 : event == XMLStreamConstants.END_ELEMENT ? -1 : 0;
        }
    }

    /** The next row that is not blank; empty at the end of the sheet. */
    Optional<List<String>> next() {
        try {
            while (sheet.hasNext()) {
                if (sheet.next() == XMLStreamConstants.START_ELEMENT
                        && sheet.getLocalName().equals("row")) {
                    var cells = row();
                    if (cells.stream().anyMatch(cell -> !cell.isBlank())) {
                        return Optional.of(cells);
                    }
                }
            }
            return Optional.empty();
        } catch (XMLStreamException _) {
            throw XlsxParts.unreadable();
        }
    }

    private List<String> row() throws XMLStreamException {
        var cells = new ArrayList<String>();
        while (true) {
            var event = sheet.next();
            if (event == XMLStreamConstants.END_ELEMENT && sheet.getLocalName().equals("row")) {
                return cells;
            }
            if (event == XMLStreamConstants.START_ELEMENT
                    && sheet.getLocalName().equals("c")) {
                var reference = attribute(sheet, "r");
                var column = reference.isEmpty() ? cells.size() : column(reference);
                var value = value(attribute(sheet, "t"));
                while (cells.size() <= column && cells.size() < ListFile.COLUMNS_MAX) {
                    cells.add("");
                }
                if (column < ListFile.COLUMNS_MAX) {
                    cells.set(column, value);
                }
            }
        }
    }

    /** As in {@code AB12}: from 0. */
    private static int column(String reference) {
        var column = 0;
        for (int i = 0; i < reference.length() && Character.isLetter(reference.charAt(i)); i++) {
            column = Math.min(column, ListFile.COLUMNS_MAX) * LETTERS
                    + Character.toUpperCase(reference.charAt(i))
                    - 'A'
                    + 1;
        }
        if (column < 1) {
            throw XlsxParts.unreadable();
        }
        return column - 1;
    }

    private String value(String type) throws XMLStreamException {
        var value = new StringBuilder();
        while (true) {
            var event = sheet.next();
            if (event == XMLStreamConstants.END_ELEMENT && sheet.getLocalName().equals("c")) {
                break;
            }
            if (event != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            switch (sheet.getLocalName()) {
                case "v", "t" -> value.append(sheet.getElementText());
                case "f", "rPh" -> skip(sheet);
                default -> {
                    // a run of text, whose parts come next
                }
            }
        }
        return switch (type) {
            case "s" -> shared(value.toString());
            case "b" -> value.toString().equals("1") ? "TRUE" : "FALSE";
            case "", "n" -> value.toString().replaceFirst("^(-?\\d+)\\.0+$", "$1");
            default -> plain(value.toString());
        };
    }

    private static String plain(String text) {
        return text.contains("_x")
                ? ESCAPED.matcher(text)
                        .replaceAll(escaped -> Matcher.quoteReplacement(
                                String.valueOf((char) Integer.parseInt(escaped.group(1), HEX))))
                : text;
    }

    private String shared(String index) {
        var number = index.strip().matches("\\d{1,9}") ? Integer.parseInt(index.strip()) : -1;
        if (number < 0 || number >= shared.size()) {
            throw XlsxParts.unreadable();
        }
        return shared.get(number);
    }
}
