package dev.gatepost.cli;

import static java.util.Objects.requireNonNull;

import dev.gatepost.api.Csv;
import dev.gatepost.api.Xlsx;
import dev.gatepost.batch.Batch;
import dev.gatepost.batch.BatchJson;
import dev.gatepost.batch.Batches;
import dev.gatepost.batch.Batches.Received;
import dev.gatepost.batch.Batches.Wanted;
import dev.gatepost.batch.ListFormat;
import dev.gatepost.batch.UnusableList;
import dev.gatepost.workspace.AuditLog.By;
import dev.gatepost.workspace.KeyKind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Optional;

/** Carries out orders about lists; files are read and written where the store is. */
final class BatchDesk {

    private final Batches batches;

    BatchDesk(Batches batches) {
        this.batches = requireNonNull(batches, "batches");
    }

    /** Takes a file in. */
    Outcome hand(String workspace, Order order) {
        var file = Path.of(order.argument("file"));
        var wanted = new Wanted(
                By.COMMAND.in(workspace),
                KeyKind.LIVE,
                file.getFileName().toString(),
                format(file),
                order.argument("workflow"),
                order.argument("column"),
                "");
        try (var in = Files.newInputStream(file)) {
            return switch (batches.receive(wanted, in, Optional::empty, _ -> "")) {
                case Received.Taken(var batch, var _) -> outcome(batch);
                case Received.NoWorkflow _ ->
                    throw Failure.wrongUse("no_such_workflow", "there is no workflow " + order.argument("workflow"));
                case Received.Busy _ -> throw Failure.world("busy", "too many lists come in at once; try again soon");
                case Received.Replayed _, Received.Running _, Received.Different _ ->
                    throw new IllegalStateException("nothing was asked for once");
            };
        } catch (UnusableList e) {
            throw Failure.wrongUse("unusable_list", e.sentence().replace("?column=", "--column"));
        } catch (IOException e) {
            throw Failure.world("unreadable_file", file + " cannot be read: " + e.getMessage());
        }
    }

    /** By the end of the file's name; a table otherwise. */
    static ListFormat format(Path file) {
        var name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".ndjson") || name.endsWith(".jsonl")) {
            return ListFormat.NDJSON;
        }
        if (name.endsWith(".xlsx")) {
            return ListFormat.XLSX;
        }
        return name.endsWith(".json") ? ListFormat.JSON : ListFormat.CSV;
    }

    /** How far a list is; one that waits for credits which have come meanwhile does not wait any more. */
    Outcome show(String workspace, String id) {
        batches.resume();
        return batches.find(workspace, KeyKind.LIVE, id)
                .map(BatchDesk::outcome)
                .orElseGet(() ->
                        Outcome.no("there is no such list", JsonLine.object().put("state", "gone")));
    }

    private static Outcome outcome(Batch batch) {
        return Outcome.done(batch.id(), BatchJson.of(batch));
    }

    /** Writes what became of a list into a file, which gets its name when it is whole. */
    Outcome results(String workspace, Order order) {
        var batch = batches.find(workspace, KeyKind.LIVE, order.argument("id"))
                .orElseThrow(() -> Failure.wrongUse("no_such_list", "there is no such list any more"));
        var file = Path.of(order.argument("file"));
        var partial = file.resolveSibling(file.getFileName() + ".writing");
        try {
            try (var out = new BufferedOutputStream(Files.newOutputStream(partial))) {
                write(batch, format(file), out);
            }
            Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failure.world("unwritable_file", file + " cannot be written: " + e.getMessage());
        }
        return outcome(batch);
    }

    private void write(Batch batch, ListFormat format, OutputStream out) throws IOException {
        var results = batches.results();
        switch (format) {
            case CSV -> Csv.write(out, results.columns(batch), rows -> results.table(batch, rows));
            case XLSX -> Xlsx.write(out, results.columns(batch), rows -> results.cells(batch, rows));
            case NDJSON, JSON -> results.lines(batch, line -> line(out, line));
        }
    }

    private static void line(OutputStream out, String line) {
        try {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
