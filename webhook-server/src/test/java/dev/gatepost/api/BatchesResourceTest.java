package dev.gatepost.api;

import static dev.gatepost.api.ListCalls.awaitEnd;
import static dev.gatepost.api.ListCalls.csv;
import static dev.gatepost.api.ListCalls.hand;
import static dev.gatepost.api.ListCalls.handed;
import static dev.gatepost.api.ListCalls.lines;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gatepost.batch.ListFormat;
import dev.gatepost.batch.Results;
import dev.gatepost.workspace.KeyKind;
import dev.gatepost.workspace.Role;
import dev.gatepost.workspace.Scope;
import dev.gatepost.workspace.Workspaces;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists by API, with mail hosts on loopback. */
class BatchesResourceTest {

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

    @Test
    void verifiesATableAndGivesItBackWithOurColumnsBesideIt() {
        var answer = hand(bulk, "?name=leads.csv", "text/csv", """
                Name,Email,status
                Jane,jane.miller@works.sandbox-mail.com,lead
                =1+1,nobody@no-such.sandbox-mail.com,x
                "Miller, J.",JANE.miller@works.sandbox-mail.com,
                """);

        assertThat(answer.status()).isEqualTo(202);
        var id = answer.body().path("id").asText();
        assertThat(answer.header("Location")).isEqualTo("/v1/batches/" + id);
        assertThat(answer.body().path("name").asText()).isEqualTo("leads.csv");
        assertThat(answer.body().path("credits_estimate").asInt()).isEqualTo(2);
        var done = awaitEnd(bulk, id);
        assertThat(done.path("rows").asInt()).isEqualTo(3);
        assertThat(done.path("duplicates").asInt()).isEqualTo(1);
        assertThat(done.path("credits_charged").asInt()).isEqualTo(2);
        var rows = csv(bulk, id);
        assertThat(rows.getFirst())
                .startsWith("Name,Email,status,id,email,normalized,gatepost_status,label,score,reason,");
        assertThat(rows.get(1))
                .startsWith("Jane,jane.miller@works.sandbox-mail.com,lead,")
                .contains(",charged,");
        assertThat(rows.get(2))
                .startsWith("'=1+1,nobody@no-such.sandbox-mail.com,x,")
                .contains(",invalid,");
        assertThat(rows.get(3))
                .startsWith("\"Miller, J.\",JANE.miller@works.sandbox-mail.com,,")
                .contains(",reused,");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    application/json   | {"emails":["accepted@gatepost.test","disposable@gatepost.test"]}
                    application/json   | ["accepted@gatepost.test","disposable@gatepost.test"]
                    application/json   | [{"email":"accepted@gatepost.test","n":1},{"email":"disposable@gatepost.test"}]
                    application/json   | {"emails":[{"Email":"accepted@gatepost.test"},"disposable@gatepost.test"]}
                    application/x-ndjson | {"email":"accepted@gatepost.test"}\\n"disposable@gatepost.test"\\n
                    text/csv           | accepted@gatepost.test\\ndisposable@gatepost.test
                    text/csv; charset=utf-8 | email\\naccepted@gatepost.test\\ndisposable@gatepost.test\\n
                    text/csv           | id;e-mail\\r\\n1;accepted@gatepost.test\\r\\n2;disposable@gatepost.test\\r\\n
                    """)
    void takesEveryFormat(String type, String list) {
        var id = handed(test, type, list.replace("\\n", "\n").replace("\\r", "\r"));

        var done = awaitEnd(test, id);

        assertThat(done.path("labels").path("valid").asInt()).isEqualTo(1);
        assertThat(done.path("labels").path("disposable").asInt()).isEqualTo(1);
        assertThat(done.path("credits_charged").asInt()).isZero();
        assertThat(lines(test, id))
                .extracting(line -> line.path("label").asText())
                .containsExactly("valid", "disposable");
    }

    @Test
    @DisplayName("X10: a bad row never fails the others")
    void takesBadRowsAsTheyAre() {
        var id = handed(
                test,
                "application/x-ndjson",
                "{broken\n{\"email\":\"accepted@gatepost.test\"}\n[1]\n{\"other\":1}\n{\"email\":5}\n\n");

        var done = awaitEnd(test, id);

        assertThat(done.path("rows").asInt()).isEqualTo(5);
        assertThat(done.path("no_address").asInt()).isEqualTo(4);
        assertThat(lines(test, id))
                .hasSize(5)
                .first()
                .isEqualTo(ListCalls.JSON.createObjectNode().put("unreadable", "{broken"));
    }

    @Test
    @DisplayName("Design 6: a list at one domain is asked over a few connections, in groups")
    void asksManyAddressesOverFewConnections() {
        var host = world.mail.hostOf("accept-all.sandbox-mail.com");
        var before = host.sessions();
        var addresses = 400;
        var list = new StringBuilder("email\n");
        for (int i = 0; i < addresses; i++) {
            list.append("person").append(i).append("@accept-all.sandbox-mail.com\n");
        }

        var done = awaitEnd(bulk, handed(bulk, "text/csv", list.toString()));

        assertThat(done.path("labels").path("risky").asInt()).isEqualTo(addresses);
        assertThat(host.sessions() - before).isLessThanOrEqualTo(20);
    }

    @Test
    void takesListsLargerThanOtherBodiesMayBe() {
        var rows = 100_000;
        var id = handed(test, "text/csv", "email,note\n" + "accepted@gatepost.test,once more\n".repeat(rows));

        var done = awaitEnd(test, id);

        assertThat(done.path("rows").asInt()).isEqualTo(rows);
        assertThat(done.path("unique").asInt()).isEqualTo(1);
        assertThat(csv(test, id)).hasSize(rows + 2);
    }

    @Test
    void readsWhatSpreadsheetsWrite() {
        var answer = test.send(
                "POST",
                "/v1/batches",
                "Vorname;E-Mail-Adresse\nJürgen;accepted@gatepost.test\n".getBytes(Charset.forName("windows-1252")),
                "text/csv");
        var id = answer.body().path("id").asText();
        awaitEnd(test, id);

        assertThat(csv(test, id).get(1)).startsWith("Jürgen,accepted@gatepost.test,");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    text/csv         |                | a,b\\n1,2\\n                | invalid_field | column
                    text/csv         | ?column=c      | a,b\\n1,2\\n                | invalid_field | column
                    text/csv         | ?column=3      | a,b\\n1,2\\n                | invalid_field | column
                    text/csv         | ?workflow=none | email\\nx@acme.io\\n         | invalid_field | workflow
                    text/csv         | ?nome=x        | email\\nx@acme.io\\n         | unknown_field | nome
                    text/csv         |                | email\\n                    | invalid_field | ''
                    text/csv; charset=klingon |       | email\\nx@acme.io\\n         | unsupported_media_type | ''
                    text/plain       |                | email\\nx@acme.io\\n         | unsupported_media_type | ''
                    application/vnd.openxmlformats-officedocument.spreadsheetml.sheet | | PK | unsupported_media_type | ''
                    application/vnd.ms-excel | | x | unsupported_media_type | ''
                    application/json |                | {"emails":                  | malformed_json | ''
                    application/json |                | ["a@acme.io"] []            | malformed_json | ''
                    application/json |                | {"mails":[]}                | invalid_field | emails
                    application/json |                | {"emails":["a@acme.io"],"name":"x"} | invalid_field | emails
                    application/json |                | {"emails":[]}               | invalid_field | ''
                    application/json |                | "a@acme.io"                 | invalid_field | emails
                    """)
    void refusesWhatIsNoListAndSaysWhatToMend(String type, String query, String list, String code, String field) {
        var answer = hand(test, query == null ? "" : query, type, list.replace("\\n", "\n"));

        assertThat(answer.code()).as("%s", answer.body()).isEqualTo(code);
        assertThat(answer.field()).isEqualTo(field);
    }

    @Test
    void namesTheTypesItTakes() {
        var answer = hand(bulk, "", "application/pdf", "x");

        var types = Stream.of(ListFormat.values()).map(ListFormat::type).toList();
        assertThat(types).hasSize(4);
        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.body().path("detail").asText()).contains(types);
        assertThat(answer.body().path("mend").asText())
                .startsWith("Send Content-Type: ")
                .contains(types);
        assertThat(hand(bulk, "", "application/json", "{\"emails\":")
                        .body()
                        .path("mend")
                        .asText())
                .contains("emails", "array");
        assertThat(bulk.with("Content-Encoding", "gzip")
                        .send("POST", "/v1/batches", new byte[] {31, (byte) 139}, "text/csv")
                        .code())
                .isEqualTo("compressed");
    }

    @Test
    void findsTheColumnThatIsNamedOrNumbered() {
        var list = "email;spare\nx;accepted@gatepost.test\n";
        for (var column : List.of("spare", "SPARE", "2")) {
            var answer = hand(test, "?column=" + column, "text/csv", list);
            assertThat(answer.body().path("email_column").asText()).isEqualTo("spare");
            assertThat(awaitEnd(test, answer.body().path("id").asText())
                            .path("labels")
                            .path("valid")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    @DisplayName("K1, K2: the same list under the same key is one batch; another list is refused")
    void takesTheSameListOnce() {
        var client = test.with("Idempotency-Key", "list-1");
        var first = hand(client, "", "text/csv", "email\naccepted@gatepost.test\n");
        var second = hand(client, "", "text/csv", "email\naccepted@gatepost.test\n");
        var other = hand(client, "", "text/csv", "email\nfree@gatepost.test\n");

        assertThat(second.status()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(other.code()).isEqualTo("idempotency_mismatch");
    }

    @Test
    void givesResultsWhenAllAreThereOrWhatThereIs() {
        var id = handed(
                test, "text/csv", "email\naccepted@gatepost.test\nslow@gatepost.test\ngreylisted@gatepost.test\n");
        await().atMost(ListCalls.SOON)
                .until(() -> test.get("/v1/batches/" + id).body().path("done").asInt() == 2);

        assertThat(test.get("/v1/batches/" + id).body().path("progress").asInt())
                .isEqualTo(66);
        assertThat(test.get("/v1/batches/" + id + "/results").code()).isEqualTo("conflict");
        var partial = test.get("/v1/batches/" + id + "/results?partial=true&format=csv");
        assertThat(new String(partial.response().body(), UTF_8).split("\r\n", -1))
                .hasSize(5);
        assertThat(partial.header("Content-Disposition")).isEqualTo("attachment; filename=\"gatepost-batch.csv\"");
        assertThat(test.delete("/v1/batches/" + id).status()).isEqualTo(204);
        assertThat(test.get("/v1/batches/" + id).status()).isEqualTo(404);
        assertThat(test.delete("/v1/batches/" + id).status()).isEqualTo(404);
    }

    @Test
    void listsTheNewestFirstAndEachSideItsOwn() {
        var first = handed(test, "text/csv", "email\naccepted@gatepost.test\n");
        var second = handed(test, "text/csv", "email\naccepted@gatepost.test\n");
        awaitEnd(test, second);

        var page = test.get("/v1/batches?limit=1&state=finished").body();
        assertThat(page.path("data").get(0).path("id").asText()).isEqualTo(second);
        assertThat(test.get("/v1/batches?after=" + second)
                        .body()
                        .path("data")
                        .get(0)
                        .path("id")
                        .asText())
                .isEqualTo(first);
        assertThat(bulk.get("/v1/batches").body().path("data"))
                .noneMatch(each -> each.path("test").asBoolean());
        assertThat(bulk.get("/v1/batches/" + first).status()).isEqualTo(404);
        assertThat(test.get("/v1/batches?state=lost").field()).isEqualTo("state");
    }

    @Test
    @DisplayName("X8: people look, owners and administrators hand in and remove")
    void letsPeopleDoWhatTheirRoleMay() {
        var list = "email\njane.miller@works.sandbox-mail.com\n";
        assertThat(hand(world.as(Workspaces.MAIN, Role.VIEWER), "", "text/csv", list)
                        .code())
                .isEqualTo("missing_role");
        var handed = hand(world.as(Workspaces.MAIN, Role.ADMIN), "", "text/csv", list);
        assertThat(handed.status()).isEqualTo(202);
        var id = handed.body().path("id").asText();
        assertThat(world.as(Workspaces.MAIN, Role.VIEWER)
                        .get("/v1/batches/" + id)
                        .status())
                .isEqualTo(200);
        assertThat(world.with(Scope.READ).get("/v1/batches/" + id).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("L2: who handed a list in, took its results and removed it stands in the audit log")
    void writesDownWhoDidWhat() {
        var id = handed(test, "text/csv", "email\naccepted@gatepost.test\n");
        awaitEnd(test, id);
        csv(test, id);
        test.delete("/v1/batches/" + id);

        List<String> actions = world.books()
                .database()
                .read(handle -> handle.createQuery("select action from audit where subject = :id order by id")
                        .bind("id", id)
                        .mapTo(String.class)
                        .list());
        assertThat(actions).containsExactly("batch_received", "exported", "batch_removed");
    }

    @Test
    void callsItsColumnsAsAVerificationIsCalled() {
        var verification = world.with(Workspaces.MAIN, KeyKind.TEST, Scope.VERIFY)
                .post("/v1/verify", "{\"email\":\"accepted@gatepost.test\"}")
                .body();
        var names = new ArrayList<String>();
        verification.fieldNames().forEachRemaining(names::add);

        assertThat(Results.ours()).containsExactlyElementsOf(names);
    }
}
