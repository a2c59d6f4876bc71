package dev.gatepost.api;

import static dev.gatepost.api.ListCalls.awaitEnd;
import static dev.gatepost.api.ListCalls.handed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.gatepost.api.ApiClient.Answer;
import dev.gatepost.batch.ListFormat;
import dev.gatepost.batch.Results;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Lists given back by API in the formats of spreadsheets, with mail hosts on loopback. */
class BatchWorkbooksTest {
    private static ApiWorld world;
    private static ApiClient bulk;
    private static ApiClient test;

    @BeforeAll
    static void start() {
        world = new ApiWorld();
        bulk = world.with(Scope.BULK);
        test = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.BULK);
        world.with(Scope.ADMIN).post("/v1/credits/grants", "{\"amount\":1000}");
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    /** The cells of a download, with its head. */
    private static List<List<String>> workbook(Answer answer) {
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo(ListFormat.XLSX.type());
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"gatepost-batch.xlsx\"");
        return Sheet.of(answer.response().body()).cells();
    }

    @Test
    @DisplayName("Design 7: results as a workbook")
    void givesAListBackAsAWorkbook() {
        var id = handed(bulk, "text/csv", """
                Name,Email,status
                Žaneta 😀,sheet@accept-all.sandbox-mail.com,=1+1
                ,,nobody
                "Miller, J.",SHEET@accept-all.sandbox-mail.com,@SUM(A1)
                """);
        awaitEnd(bulk, id);

        var answer = bulk.get("/v1/batches/" + id + "/results?format=xlsx");
        var rows = workbook(answer);

        var head = rows.getFirst();
        assertThat(head).startsWith("Name", "Email", "status", "id", "email", "normalized", "gatepost_status", "label");
        assertThat(head).hasSize(3 + Results.ours().size());
        assertThat(rows).hasSize(4);
        assertThat(rows.get(1)).startsWith("Žaneta 😀", "sheet@accept-all.sandbox-mail.com", "=1+1");
        assertThat(rows.get(2)).containsExactly("", "", "nobody");
        assertThat(rows.get(3)).startsWith("Miller, J.", "SHEET@accept-all.sandbox-mail.com", "@SUM(A1)");
        var sheet = Sheet.of(answer.response().body());
        assertThat(sheet.cell(1, head.indexOf("score"))).matches("<c [^>]*t=\"n\"><v>\\d+</v></c>");
        assertThat(sheet.cell(1, head.indexOf("duration_ms"))).contains("t=\"n\"");
        assertThat(sheet.cell(1, head.indexOf("disposable"))).contains("t=\"b\"><v>0</v>");
        assertThat(sheet.cell(1, head.indexOf("final"))).contains("t=\"b\"><v>1</v>");
        assertThat(sheet.cell(3, head.indexOf("credits_charged"))).contains("t=\"n\"><v>0</v>");
        assertThat(rows.get(3).get(head.indexOf("billing"))).isEqualTo("reused");
        assertThat(sheet.xml()).doesNotContain("<f>");
        assertThat(workbook(bulk.with("Accept", ListFormat.XLSX.type()).get("/v1/batches/" + id + "/results")))
                .isEqualTo(rows);
    }

    @Test
    void givesWhatThereIsOfAWorkbookToo() {
        var first = handed(test, "text/csv", "email,n\naccepted@gatepost.test,7\n");
        awaitEnd(test, first);
        var list = test.get("/v1/batches/" + first + "/results?format=xlsx")
                .response()
                .body();
        var again = test.send("POST", "/v1/batches?column=email", list, ListFormat.XLSX.type())
                .body()
                .path("id")
                .asText();
        awaitEnd(test, again);
        var slow = handed(test, "text/csv", "email\naccepted@gatepost.test\ngreylisted@gatepost.test\n");

        assertThat(test.get("/v1/batches/" + slow + "/results?format=xlsx").code())
                .isEqualTo("conflict");
        assertThat(workbook(test.get("/v1/batches/" + slow + "/results?format=xlsx&partial=true")))
                .hasSize(3)
                .last()
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .startsWith("greylisted@gatepost.test");
        assertThat(workbook(test.get("/v1/batches/" + again + "/results?format=xlsx")))
                .element(1)
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .startsWith("accepted@gatepost.test", "7");
        test.delete("/v1/batches/" + slow);
    }

    @Test
    void namesTheFormatsOfResults() {
        var id = handed(test, "text/csv", "email\naccepted@gatepost.test\n");
        awaitEnd(test, id);

        for (var format : List.of("pdf", "json", "XLSX")) {
            var answer = test.get("/v1/batches/" + id + "/results?format=" + format);
            assertThat(answer.code()).isEqualTo("invalid_field");
            assertThat(answer.field()).isEqualTo("format");
            assertThat(answer.body().toString()).contains("The parameter format must be one of csv, ndjson, xlsx.");
        }
    }
}
