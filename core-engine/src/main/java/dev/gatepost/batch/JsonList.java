package dev.gatepost.batch;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;

/** A list as one JSON text: {@code {"emails": [...]}}, or an array of texts or objects. Read piece by piece. */
final class JsonList implements ListFile {
    private static final String EMAILS = "emails";

    private final JsonParser parser;
    private final JsonRows rows;
    private final boolean isWrapped;

    JsonList(InputStream in, String column) throws IOException {
        this.parser = ListJson.MAPPER.getFactory().createParser(in);
        this.rows = new JsonRows(column);
        var first = token();
        this.isWrapped = first == JsonToken.START_OBJECT;
        if (isWrapped) {
            if (token() != JsonToken.FIELD_NAME || !parser.currentName().equals(EMAILS)) {
                throw onlyEmails();
            }
            first = token();
        }
        if (first != JsonToken.START_ARRAY) {
            throw new UnusableList(
                    UnusableList.Kind.INVALID, EMAILS, "Send {\"emails\": [...]}, or an array of texts or objects.");
        }
    }

    private static UnusableList onlyEmails() {
        return new UnusableList(
                UnusableList.Kind.INVALID,
                EMAILS,
                "The object has the one field emails; name and workflow stand in the query.");
    }

    @Override
    public Optional<ListRow> next() throws IOException {
        var token = token();
        if (token == JsonToken.END_ARRAY) {
            end();
            return Optional.empty();
        }
        var text = value(token);
        return Optional.of(
                text.length() > ROW_CHARS_MAX
                        ? rows.unreadable(text)
                        : ListJson.value(text).map(rows::row).orElseGet(() -> rows.unreadable(text)));
    }

    private void end() throws IOException {
        if (isWrapped && token() != JsonToken.END_OBJECT) {
            throw onlyEmails();
        }
        try {
            if (parser.nextToken() != null) {
                throw malformed();
            }
        } catch (JsonProcessingException _) {
            throw malformed();
        }
    }

    /** One value; of one that is too long, its beginning. */
    private String value(JsonToken first) throws IOException {
        var text = new StringWriter();
        try (var generator = ListJson.MAPPER.getFactory().createGenerator(text)) {
            var depth = 0;
            var token = first;
            while (true) {
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                if (text.getBuffer().length() <= ROW_CHARS_MAX) {
                    copy(generator);
                    generator.flush();
                }
                if (depth == 0) {
                    break;
                }
                token = token();
            }
        }
        return text.toString();
    }

    /** A text is read to its end only now. */
    private void copy(JsonGenerator generator) throws IOException {
        try {
            generator.copyCurrentEvent(parser);
        } catch (JsonProcessingException _) {
            throw malformed();
        }
    }

    private JsonToken token() throws IOException {
        try {
            var token = parser.nextToken();
            if (token == null) {
                throw malformed();
            }
            return token;
        } catch (JsonProcessingException _) {
            throw malformed();
        }
    }

    private static UnusableList malformed() {
        return UnusableList.malformed("The body is no acceptable JSON.");
    }

    @Override
    public List<String> columns() {
        return rows.columns();
    }

    @Override
    public String emailColumn() {
        return rows.emailColumn();
    }
}
