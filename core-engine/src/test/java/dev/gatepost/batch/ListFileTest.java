package dev.gatepost.batch;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What lists are written like. */
class ListFileTest {

    private static ListFile open(ListFormat format, String text) throws IOException {
        return open(format, text.getBytes(UTF_8));
    }

    private static ListFile open(ListFormat format, byte[] octets) throws IOException {
        return ListFile.open(format, new ByteArrayInputStream(octets), "", "");
    }

    private static List<ListRow> rows(ListFile file) throws IOException {
        var rows = new ArrayList<ListRow>();
        for (var row = file.next(); row.isPresent(); row = file.next()) {
            rows.add(row.get());
        }
        return rows;
    }

    private static List<String> emails(String csv) throws IOException {
        return rows(open(ListFormat.CSV, csv)).stream().map(ListRow::email).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', textBlock = """
                    email,name\\na@b.io,"Ann, B."\\n              ~ a@b.io
                    name;E-Mail\\nx;a@b.io\\n                      ~ a@b.io
                    name\\temail_address\\nx\\ta@b.io             ~ a@b.io
                    "na,me";"Work E-Mail"\\nx;"a@b.io"            ~ a@b.io
                    name|Contact Email|x\\n1|a@b.io|2             ~ a@b.io
                    a@b.io                                        ~ a@b.io
                    1,Ann,a@b.io                                  ~ a@b.io
                    anything\\na@b.io                             ~ a@b.io
                    email\\r\\na@b.io\\r\\n\\r\\n                 ~ a@b.io
                    email\\ra@b.io\\r                             ~ a@b.io
                    email,name\\n"a@b.io","say ""hi""\"\\n        ~ a@b.io
                    email,name\\n"a@b.io","two\\nlines"\\n        ~ a@b.io
                    email,name\\na@b.io,5" disk\\n                ~ a@b.io
                    email,name\\n"a@b.io"x,y\\n                   ~ a@b.iox
                    """)
    void findsTheAddressInEveryTable(String csv, String email) throws IOException {
        var text = csv.replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t");

        assertThat(emails(text)).containsExactly(email);
    }

    @Test
    @DisplayName("X10: a quote that is never closed costs its own line at most")
    void forgivesUnclosedQuotes() throws IOException {
        var csv = new StringBuilder("email,name\n\"a@b.io,Ann\n");
        for (int i = 0; i < 5_000; i++) {
            csv.append("n").append(i).append("@b.io,somebody with a name\n");
        }

        var emails = emails(csv.toString());

        assertThat(emails).hasSize(5_001).startsWith("a@b.io", "n0@b.io").endsWith("n4999@b.io");
        assertThat(emails("email,name\n\"a@b.io,Ann\nc@b.io,x\n")).containsExactly("a@b.io", "c@b.io");
        assertThat(emails("email\n\"a@b.io")).containsExactly("a@b.io");
    }

    @Test
    @DisplayName("X10: nobody makes us read everything many times by quotes that are never closed")
    void readsHostileQuotesOnce() throws IOException {
        var line = "\"x\"y,\"" + "z".repeat(100) + "\n";

        assertThat(emails("email,name\n" + line.repeat(20_001))).hasSizeGreaterThan(10_000);
    }

    @Test
    void takesLinesBeyondMeasureAsRowsWithoutAddress() throws IOException {
        var huge = "x".repeat(3 * ListFile.ROW_CHARS_MAX);

        assertThat(emails("email,name\n" + huge + ",y\na@b.io,z\n")).containsExactly("", "a@b.io");
        assertThat(emails("email,name\n\"" + huge + "\",y\na@b.io,z\n")).containsExactly("", "a@b.io");
        assertThat(rows(open(ListFormat.NDJSON, "{\"email\":\"" + huge + "\"}\n\"a@b.io\"\n")))
                .extracting(ListRow::email)
                .containsExactly("", "a@b.io");
        assertThat(rows(open(ListFormat.JSON, "[{\"email\":\"" + huge + "\"},\"a@b.io\"]")))
                .extracting(ListRow::email)
                .containsExactly("", "a@b.io");
    }

    @Test
    void keepsCellsThatHaveNoColumnAndRowsThatLackSome() throws IOException {
        var file = open(ListFormat.CSV, "email,name\na@b.io\nc@d.io,x,y,z\n");

        assertThat(rows(file))
                .containsExactly(
                        new ListRow("a@b.io", "[\"a@b.io\"]"), new ListRow("c@d.io", "[\"c@d.io\",\"x\",\"y\",\"z\"]"));
        assertThat(file.columns()).containsExactly("email", "name", "column_3", "column_4");
        assertThat(file.emailColumn()).isEqualTo("email");
    }

    @Test
    void readsWhatTheFileSaysItIsWrittenIn() throws IOException {
        var text = "name,email\nJürgen,a@b.io\n";
        var marked = ("\ufeff" + text).getBytes(UTF_8);
        var wide = ("\ufeff" + text).getBytes(UTF_16LE);

        for (var octets : List.of(marked, wide, text.getBytes(UTF_8), text.getBytes(Charset.forName("windows-1252")))) {
            assertThat(rows(open(ListFormat.CSV, octets)).getFirst().own()).isEqualTo("[\"Jürgen\",\"a@b.io\"]");
        }
        var named = ListFile.open(
                ListFormat.CSV,
                new ByteArrayInputStream("email\nж@b.io\n".getBytes(Charset.forName("koi8-r"))),
                "",
                "koi8-r");
        assertThat(rows(named).getFirst().email()).isEqualTo("ж@b.io");
    }

    @Test
    void removesWhatNoDatabaseTakes() throws IOException {
        assertThat(rows(open(ListFormat.CSV, "email,n\na@b.io,x\0y\n"))
                        .getFirst()
                        .own())
                .isEqualTo("[\"a@b.io\",\"x\ufffdy\"]");
        assertThat(rows(open(
                                ListFormat.NDJSON,
                                "{\"email\":\"a@b.io\",\"n\\u0000\":[\"\\ud800\",{\"k\":\"\\u0000\"}]}"))
                        .getFirst()
                        .own())
                .isEqualTo("{\"email\":\"a@b.io\",\"n\ufffd\":[\"\ufffd\",{\"k\":\"\ufffd\"}]}");
    }

    @Test
    void endsAListThatIsTooLong() {
        var endless = new InputStream() {
            private long count;

            @Override
            public int read() {
                return count++ % 8 == 7 ? '\n' : 'x';
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    into[offset + i] = (byte) read();
                }
                return length;
            }
        };

        assertThatThrownBy(() -> new BoundedInput(endless, 1_000).readAllBytes())
                .isInstanceOf(UnusableList.class)
                .hasMessageContaining("1000 bytes");
        assertThatThrownBy(() -> {
                    var bounded = new BoundedInput(endless, 10);
                    while (bounded.read() >= 0) {
                        // on
                    }
                })
                .isInstanceOf(UnusableList.class);
    }

    @ParameterizedTest
    @EnumSource(ListFormat.class)
    @DisplayName("T5: whatever comes is read to its end or refused, never anything else")
    void neverFailsOtherwise(ListFormat format) throws IOException {
        var seed = 20261126L;
        var random = new Random(seed);
        var pieces = List.of(
                "\"", ",", ";", "\n", "\r", "a@b.io", "email", "{", "}", "[", "]", ":", "\\", "\0", "\ud83d", "emails",
                "null", "1e9", "\ufeff", " ", "\t", "|", "ж", "'");
        for (int n = 0; n < 3_000; n++) {
            var text = new StringBuilder(format == ListFormat.JSON && n % 2 == 0 ? "[" : "email\n");
            for (int i = random.nextInt(40); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            try {
                for (var row : rows(open(format, text.toString()))) {
                    assertThat(ListJson.value(row.own())).isPresent();
                    assertThat(row.own()).isEqualTo(ListJson.clean(row.own()));
                }
            } catch (UnusableList e) {
                assertThat(e.sentence()).as("seed %d, %s", seed, text).isNotBlank();
            }
        }
    }

    @Test
    void takesTurnsBetweenWorkspaces() {
        assertThat(BatchWork.inTurn(List.of("a1", "a2", "a3", "b1", "c1", "c2"), each -> each.substring(0, 1)))
                .containsExactly("a1", "b1", "c1", "a2", "c2", "a3");
    }
}
