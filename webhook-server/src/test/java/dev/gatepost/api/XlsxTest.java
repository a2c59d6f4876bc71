package dev.gatepost.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.gatepost.batch.Cell;
import dev.gatepost.batch.UnusableList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workbooks as they are written, read back by what reads customers' workbooks. */
class XlsxTest {

    private static byte[] written(List<String> columns, Consumer<Consumer<List<Cell>>> rows) {
        var out = new ByteArrayOutputStream();
        try {
            Xlsx.write(out, columns, rows);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static List<Cell> texts(String... texts) {
        return List.of(texts).stream().<Cell>map(Cell.Text::new).toList();
    }

    private static String back(String text) {
        return Sheet.of(written(List.of("email", "note"), rows -> rows.accept(texts("a@b.io", text))))
                .cells()
                .get(1)
                .get(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=cmd|' /C calc'!A0",
                "=1+1",
                "+49 30 1234",
                "-1",
                "@SUM(A1)",
                "007",
                "1e5",
                "TRUE",
                "12345678901234567890",
                "<t>&amp;\"'</t>]]>",
                " before and after ",
                "two\nlines",
                "\tcarriage\r\nreturn\r",
                "_x0041_",
                "_x005F_x0041_",
                "_x0041_x0042_",
                "用户 😀 مرحبا e\u0301 \u00a0\u200b\ufffd"
            })
    @DisplayName("X10: a text stays the text it is, and no formula")
    void keepsTextsAsTheyAre(String text) {
        assertThat(back(text)).isEqualTo(text);
    }

    @Test
    @DisplayName("X10: nothing is ever written as a formula")
    void writesNoFormula() {
        var sheet = Sheet.of(written(List.of("=A1", "email"), rows -> rows.accept(texts("=cmd()", "=HYPERLINK(A1)"))));

        assertThat(sheet.cell(0, 0)).contains("t=\"inlineStr\"");
        assertThat(sheet.cell(1, 0)).isEqualTo("<c r=\"A2\" t=\"inlineStr\"><is><t>=cmd()</t></is></c>");
        assertThat(sheet.xml()).doesNotContain("<f>");
    }

    @Test
    void writesNumbersAndTruthsAsSuch() {
        var sheet = Sheet.of(written(
                List.of("email", "score", "free", "role", "gone"),
                rows -> rows.accept(List.of(
                        new Cell.Text("a@b.io"),
                        new Cell.Whole(96),
                        new Cell.Truth(true),
                        new Cell.Truth(false),
                        new Cell.Text("")))));

        assertThat(sheet.cell(1, 1)).isEqualTo("<c r=\"B2\" t=\"n\"><v>96</v></c>");
        assertThat(sheet.cell(1, 2)).isEqualTo("<c r=\"C2\" t=\"b\"><v>1</v></c>");
        assertThat(sheet.cell(1, 3)).isEqualTo("<c r=\"D2\" t=\"b\"><v>0</v></c>");
        assertThat(sheet.cell(1, 4)).isEmpty();
    }

    @Test
    void replacesWhatXmlCannotHold() {
        assertThat(back("a\u0001b\u001fc\u0000\ufffe\uffffd\ud83d"))
                .isEqualTo("a\ufffdb\ufffdc\ufffd\ufffd\ufffdd\ufffd");
    }

    @Test
    void cutsATextThatACellCannotHoldWhereItCanBeSeen() {
        var max = Xlsx.CELL_CHARS_MAX;

        assertThat(back("x".repeat(max))).isEqualTo("x".repeat(max));
        assertThat(back("x".repeat(max + 1))).isEqualTo("x".repeat(max - 1) + "…");
        assertThat(back("x".repeat(max - 2) + "😀" + "x".repeat(9))).isEqualTo("x".repeat(max - 2) + "…");
        assertThat(back("x".repeat(max - 3) + "😀" + "x".repeat(9))).isEqualTo("x".repeat(max - 3) + "😀…");
    }

    @Test
    void keepsTheHeadInSightAndLetsRowsBeFiltered() {
        var columns = List.of("email", "a column with a name that is longer than a screen should have to be wide");
        var sheet = Sheet.of(written(columns, rows -> {
            for (int i = 0; i < 250; i++) {
                rows.accept(texts("person" + i + "@acme.io", "x"));
            }
        }));

        assertThat(sheet.cells().getFirst()).isEqualTo(columns);
        assertThat(sheet.cells()).hasSize(251);
        assertThat(sheet.cells().get(250)).startsWith("person249@acme.io");
        assertThat(sheet.xml())
                .contains("ySplit=\"1\"", "state=\"frozen\"", "<autoFilter ref=\"A1:B251\">")
                .contains("<col min=\"1\" max=\"1\" width=\"19.0\"", "<col min=\"2\" max=\"2\" width=\"48.0\"");
    }

    @Test
    void writesATableWithoutRows() {
        var sheet = Sheet.of(written(List.of("email", "label"), _ -> {}));

        assertThat(sheet.cells()).containsExactly(List.of("email", "label"));
        assertThat(sheet.xml()).contains("<autoFilter ref=\"A1:B1\">");
    }

    @Test
    void holdsNoRowThatIsWritten() {
        var total = 20_000;
        var seen = new ArrayList<WeakReference<Object>>();

        var octets = written(List.of("email", "note"), rows -> {
            for (int i = 0; i < total; i++) {
                var email = "person" + i + "@acme.io";
                seen.add(new WeakReference<>(email));
                rows.accept(texts(email, "note " + i));
            }
            await().atMost(Duration.ofMinutes(1)).untilAsserted(() -> {
                System.gc();
                assertThat(seen.stream().filter(each -> each.get() != null).count())
                        .isLessThanOrEqualTo(Xlsx.ROWS_HELD);
            });
        });

        var sheet = Sheet.of(octets);
        assertThat(sheet.cells()).hasSize(total + 1);
        assertThat(sheet.parts().get("xl/sharedStrings.xml")).contains("count=\"0\"");
    }

    @Test
    void holdsAsManyRowsAsASheetMayHave() {
        var row = texts("");
        var taken = new AtomicInteger(1); // the head

        assertThatThrownBy(() -> Xlsx.write(OutputStream.nullOutputStream(), List.of("email"), rows -> {
                    while (taken.get() <= 2 * Xlsx.SHEET_ROWS_MAX) {
                        rows.accept(row);
                        taken.incrementAndGet();
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1048576 rows");
        assertThat(taken).hasValue(Xlsx.SHEET_ROWS_MAX);
    }

    @Test
    void leavesNoWorkbookThatLooksWholeWhenRowsFail() {
        var out = new ByteArrayOutputStream();

        assertThatThrownBy(() -> Xlsx.write(out, List.of("email"), rows -> {
                    for (int i = 0; i < 1_000; i++) {
                        rows.accept(texts("person" + i + "@acme.io"));
                    }
                    throw new UncheckedIOException(new IOException("the store is gone"));
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("the store is gone");

        assertThatThrownBy(() -> Sheet.of(out.toByteArray())).isInstanceOf(UnusableList.class);
    }
}
