package dev.gatepost.batch;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a list may be written in. */
public enum ListFormat {
    CSV("text/csv"),
    /** The first sheet of a workbook. */
    XLSX("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    NDJSON("application/x-ndjson"),
    JSON("application/json");

    private final String type;

    ListFormat(String type) {
        this.type = type;
    }

    /** The media type. */
    public String type() {
        return type;
    }

    /** The word in JSON and tables. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one with this media type, whose parameters do not count. */
    public static Optional<ListFormat> ofType(String contentType) {
        var type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(format -> format.type.equals(type))
                .findFirst();
    }

    /** All media types, for people. */
    public static String types() {
        return List.of(values()).stream().map(ListFormat::type).collect(Collectors.joining(", "));
    }

    /**
     * The one with this word.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static ListFormat of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
