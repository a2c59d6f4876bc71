package dev.gatepost.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Workbooks, written as spreadsheets write them, and as nobody should. */
class XlsxRecordsTest {
    private static final String MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private static final String RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

    private static Map<String, String> workbook(String strings, String rows) {
        var parts = new LinkedHashMap<String, String>();
        parts.put("[Content_Types].xml", "<Types/>");
        // Spreadsheets number sheets as they were made, not as they stand.
        parts.put(
                "xl/worksheets/sheet2.xml",
                "<worksheet xmlns='" + MAIN + "'><cols/><sheetData>" + rows + "</sheetData><mergeCells/></worksheet>");
        parts.put("xl/worksheets/sheet1.xml", "<worksheet xmlns='" + MAIN + "'><sheetData/></worksheet>");
        parts.put(
                "xl/workbook.xml",
                "<workbook xmlns='" + MAIN + "' xmlns:r='" + RELATIONS + "'><sheets>"
                        + "<sheet name='Leads' sheetId='7' r:id='rId9'/><sheet name='Old' sheetId='1' r:id='rId1'/>"
                        + "</sheets></workbook>");
        parts.put("xl/sharedStrings.xml", "<sst xmlns='" + MAIN + "'>" + strings + "</sst>");
        parts.put(
                "xl/_rels/workbook.xml.rels",
                "<Relationships>" + relation("rId1", "worksheet", "worksheets/sheet1.xml")
                        + relation("rId9", "worksheet", "/xl/worksheets/sheet2.xml")
                        + relation("rId3", "sharedStrings", "sharedStrings.xml") + "</Relationships>");
        return parts;
    }

    private static String relation(String id, String type, String target) {
        return "<Relationship Id='" + id + "' Type='" + RELATIONS + "/" + type + "' Target='" + target + "'/>";
    }

    private static byte[] zip(Map<String, String> parts) throws IOException {
        var octets = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(octets)) {
            for (var part : parts.entrySet()) {
                zip.putNextEntry(new ZipEntry(part.getKey()));
                zip.write(part.getValue().getBytes(UTF_8));
            }
        }
        return octets.toByteArray();
    }

    private static List<ListRow> rows(byte[] octets) throws IOException {
        var file = ListFile.open(ListFormat.XLSX, new ByteArrayInputStream(octets), "", "");
        var rows = new ArrayList<ListRow>();
        for (var row = file.next(); row.isPresent(); row = file.next()) {
            rows.add(row.get());
        }
        return rows;
    }

    @Test
    void readsTheFirstSheetInItsOrder() throws IOException {
        var strings =
                "<si><t>Name</t></si><si><t>E-Mail</t></si><si><r><t>Ja</t></r><r><t>ne</t></r><rPh><t>x</t></rPh></si>"
                        + "<si><t xml:space='preserve'>jane@acme.io </t></si>";
        var cells = "<row r='1'><c r='A1' t='s'><v>0</v></c><c r='C1' t='s'><v>1</v></c></row>"
                + "<row r='2'><c r='A2' t='s'><v>2</v></c><c r='B2'><v>45231.5</v></c><c r='C2' t='s'><v>3</v></c></row>"
                + "<row r='3'/><row r='4'><c r='A4'/></row>"
                + "<row r='9'><c r='C9' t='inlineStr'><is><t>bob@acme.io</t></is></c><c r='D9' t='b'><v>1</v></c><c><v>46352.0</v></c></row>"
                + "<row><c t='str'><f>1+1</f><v>Carol</v></c><c/><c t='inlineStr'><is><r><t>carol@</t></r><r><t>acme.io</t></r></is></c></row>";

        assertThat(rows(zip(workbook(strings, cells))))
                .containsExactly(
                        new ListRow("jane@acme.io ", "[\"Jane\",\"45231.5\",\"jane@acme.io \"]"),
                        new ListRow("bob@acme.io", "[\"\",\"\",\"bob@acme.io\",\"TRUE\",\"46352\"]"),
                        new ListRow("carol@acme.io", "[\"Carol\",\"\",\"carol@acme.io\"]"));
    }

    @Test
    void takesASheetWithoutSharedTextsAndWithoutAHead() throws IOException {
        var parts = workbook("", "<row><c t='inlineStr'><is><t>a@b.io</t></is></c></row>");
        parts.remove("xl/sharedStrings.xml");
        parts.put(
                "xl/_rels/workbook.xml.rels",
                "<Relationships>" + relation("rId9", "worksheet", "worksheets/sheet2.xml") + "</Relationships>");

        assertThat(rows(zip(parts))).extracting(ListRow::email).containsExactly("a@b.io");
    }

    @Test
    void readsCharactersThatAreWrittenByTheirCode() throws IOException {
        var strings = "<si><t>email</t></si><si><t>a_x000D_\n_x005F_x0041_ _xD83D__xDE00_ _x41_ $1</t></si>";
        var cells = "<row><c t='s'><v>0</v></c></row><row><c t='inlineStr'><is><t>_x0041_@b.io</t></is></c>"
                + "<c t='s'><v>1</v></c></row>";

        assertThat(rows(zip(workbook(strings, cells))))
                .containsExactly(new ListRow("A@b.io", "[\"A@b.io\",\"a\\r\\n_x0041_ \ud83d\ude00 _x41_ $1\"]"));
    }

    @Test
    @DisplayName("X10: a workbook that unfolds to a hundred times its size is refused before it is read")
    void refusesWorkbooksThatUnfoldBeyondMeasure() throws IOException {
        var parts = workbook("", "<row/>");
        parts.put("xl/media/nothing.bin", "0".repeat(32 * 1024 * 1024));

        assertThatThrownBy(() -> rows(zip(parts)))
                .isInstanceOfSatisfying(
                        UnusableList.class, e -> assertThat(e.kind()).isEqualTo(UnusableList.Kind.TOO_LARGE));
    }

    @Test
    void expandsNoEntitiesAndFetchesNone() throws IOException {
        var parts = workbook("", "");
        parts.put(
                "xl/worksheets/sheet2.xml",
                "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><worksheet><sheetData><row>"
                        + "<c t='str'><v>&e;</v></c></row></sheetData></worksheet>");

        assertThatThrownBy(() -> rows(zip(parts))).isInstanceOf(UnusableList.class);
    }

    @Test
    @DisplayName("T5: a broken workbook is read or refused, never anything else")
    void neverFailsOtherwise() throws IOException {
        var seed = 20261126L;
        var random = new Random(seed);
        var whole = zip(workbook(
                "<si><t>email</t></si><si><t>jane@acme.io</t></si>",
                "<row><c t='s'><v>0</v></c></row><row r='2'><c r='A2' t='s'><v>1</v></c></row>"));
        assertThat(rows(whole)).hasSize(1);
        for (int n = 0; n < 3_000; n++) {
            var broken = whole.clone();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                broken[random.nextInt(broken.length)] = (byte) random.nextInt();
            }
            try {
                rows(n % 5 == 0 ? Arrays.copyOf(broken, random.nextInt(broken.length)) : broken);
            } catch (UnusableList e) {
                assertThat(e.sentence()).as("seed %d, round %d", seed, n).isNotBlank();
            }
        }
        for (var text : List.of("", "PK", "\u00d0\u00cf\u0011\u00e0", "email\na@b.io\n")) {
            assertThatThrownBy(() -> rows(text.getBytes(UTF_8)))
                    .isInstanceOf(UnusableList.class)
                    .hasMessageContaining("save it as .xlsx without a password, or as CSV");
        }
        for (var cell :
                List.of("<c r='7' t='s'><v>0</v></c>", "<c t='s'><v>99</v></c>", "<c t='s'><v>-1</v></c>", "<c>")) {
            assertThatThrownBy(() -> rows(zip(workbook("", "<row>" + cell + "</row>"))))
                    .as(cell)
                    .isInstanceOf(UnusableList.class);
        }
    }
}
