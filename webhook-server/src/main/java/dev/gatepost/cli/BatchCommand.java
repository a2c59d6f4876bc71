package dev.gatepost.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.batch.ListFormat;
import dev.gatepost.verify.Label;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import okio.HashingSink;
import okio.Okio;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code gatepost batch}: verifies a file of addresses, and writes it with what became of each row. Beside the result a small file says
 * which list it is, until it is done: run again, the command goes on where it stopped.
 */
@Command(
        name = "batch",
        description = "Verifies a list of addresses and writes it anew with our columns beside yours. Costs credits.",
        footer = {
            "",
            "Run the same command again after an interruption, and it goes on where it stopped.",
            "",
            "Examples:",
            "  gatepost batch leads.csv checked.csv",
            "  gatepost batch --column contact leads.xlsx checked.xlsx"
        })
final class BatchCommand implements Callable<Integer> {

    /** How often is looked how far it is. */
    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    private static final int BAR_COLUMNS = 30;
    private static final int PERCENT = 100;
    private static final JsonMapper JSON = new JsonMapper();

    private final OrderVerb orders;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(index = "0", paramLabel = "IN", description = "the list: .csv, .xlsx, .ndjson or .json")
    private Path in = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            description = "where the result goes: .csv, .xlsx or .ndjson; replaced")
    private Path out = Path.of("");

    @Option(
            names = "--column",
            paramLabel = "NAME",
            description = "the column with the addresses, by name or number from 1; found by its name when left out")
    private String column = "";

    @Option(
            names = "--workflow",
            paramLabel = "W",
            description = "id of the workflow that judges; the usual one (default)")
    private String workflow = "";

    @Option(names = "--workspace", paramLabel = "W", description = "whose credits and rules; main (default)")
    private String workspace = "";

    BatchCommand(OrderVerb orders) {
        this.orders = orders;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var list = in.toAbsolutePath().normalize();
        var result = out.toAbsolutePath().normalize();
        if (!Files.isReadable(list) || Files.isDirectory(list)) {
            throw Failure.wrongUse("no_such_file", in + " cannot be read");
        }
        if (list.equals(result) || result.getParent() == null || !Files.isDirectory(result.getParent())) {
            throw Failure.wrongUse("wrong_file", "OUT must be another file, in a folder that is there");
        }
        if (BatchDesk.format(result) == ListFormat.JSON) {
            throw Failure.wrongUse("wrong_file", "OUT is written as .csv, .xlsx or .ndjson");
        }
        var marker = result.resolveSibling(result.getFileName() + ".part");
        try (var session = orders.batches()) {
            var id = begun(session, list, marker);
            var done = awaitEnd(session, id);
            session.send(order(Order.Verb.BATCH_RESULTS, Map.of("id", id, "file", result.toString())));
            Files.deleteIfExists(marker);
            orders.terminal().out().println(json.isSet() ? done.toString() : summary(done));
            return Exit.DONE.code();
        }
    }

    private Order order(Order.Verb verb, Map<String, String> arguments) {
        var all = new HashMap<>(arguments);
        all.put("workspace", workspace);
        return new Order(verb, all);
    }

    /** The list that was begun for this very file, or a new one. */
    private String begun(BatchSession session, Path list, Path marker) throws IOException {
        var print = print(list);
        var known = marked(marker, print).filter(id -> !state(show(session, id)).equals("gone"));
        if (known.isPresent()) {
            return known.get();
        }
        var handed = read(session.send(order(
                        Order.Verb.BATCH_HAND, Map.of("file", list.toString(), "column", column, "workflow", workflow)))
                .json());
        var id = handed.path("id").asText();
        Files.writeString(marker, JsonLine.object().put("batch", id).put("list", print) + "\n");
        return id;
    }

    private static Optional<String> marked(Path marker, String print) throws IOException {
        if (!Files.exists(marker)) {
            return Optional.empty();
        }
        try {
            var node = JSON.readTree(Files.readString(marker));
            return Optional.of(node.path("batch").asText())
                    .filter(id -> !id.isEmpty() && node.path("list").asText().equals(print));
        } catch (JsonProcessingException _) {
            return Optional.empty(); // cut off while it was written
        }
    }

    /** The same for the same list, asked for in the same way. */
    private String print(Path list) throws IOException {
        try (var hashing = HashingSink.sha256(Okio.blackhole());
                var buffered = Okio.buffer(hashing);
                var source = Okio.source(list)) {
            buffered.writeAll(source);
            buffered.flush();
            return String.join(" ", hashing.hash().hex(), column, workflow, workspace);
        }
    }

    private JsonNode show(BatchSession session, String id) {
        return read(session.send(order(Order.Verb.BATCH_SHOW, Map.of("id", id))).json());
    }

    private static JsonNode read(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String state(JsonNode batch) {
        return batch.path("state").asText();
    }

    private JsonNode awaitEnd(BatchSession session, String id) throws InterruptedException {
        while (true) {
            var batch = show(session, id);
            draw(batch);
            switch (state(batch)) {
                case "finished" -> {
                    return batch;
                }
                case "waiting_credits" -> {
                    var open =
                            batch.path("unique").asLong() - batch.path("done").asLong();
                    throw new Failure(
                            Exit.NO,
                            "insufficient_credits",
                            open + " addresses wait for credits; grant some (gatepost credits grant N), then run the"
                                    + " same command again");
                }
                case "gone" -> throw Failure.world("no_such_list", "somebody removed the list meanwhile");
                default -> Thread.sleep(LOOK_EVERY);
            }
        }
    }

    /** One line that is drawn over, for people only. */
    private void draw(JsonNode batch) {
        if (orders.terminal().audience() != Terminal.Audience.PERSON) {
            return;
        }
        var percent = batch.path("progress").asInt();
        var full = BAR_COLUMNS * percent / PERCENT;
        var line = "\r[" + "=".repeat(full) + " ".repeat(BAR_COLUMNS - full) + "] " + percent + " %  "
                + batch.path("done").asLong() + "/" + batch.path("unique").asLong() + " addresses  ";
        orders.terminal().err().print(state(batch).equals("running") ? line : line + "\n");
        orders.terminal().err().flush();
    }

    private String summary(JsonNode batch) {
        var labels = Arrays.stream(Label.values())
                .map(Label::word)
                .filter(word -> batch.path("labels").path(word).asLong() > 0)
                .map(word -> word + " " + batch.path("labels").path(word).asLong())
                .collect(Collectors.joining(", "));
        return out + ": " + batch.path("rows").asLong() + " rows, "
                + batch.path("unique").asLong() + " addresses"
                + (labels.isEmpty() ? "" : ": " + labels) + "; "
                + batch.path("credits_charged").asLong() + " credits";
    }
}
