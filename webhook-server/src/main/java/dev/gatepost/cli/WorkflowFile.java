package dev.gatepost.cli;

import dev.gatepost.rules.Reading;
import dev.gatepost.rules.ReadyMade;
import dev.gatepost.rules.RuleLimits;
import dev.gatepost.rules.Workflow;
import dev.gatepost.rules.WorkflowJson;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/** Workflows in files of JSON. */
final class WorkflowFile {

    /** Octets of a file; a character has four at most. */
    private static final long FILE_OCTETS_MAX = 4L * RuleLimits.DOCUMENT_CHARS_MAX;

    private WorkflowFile() {}

    /** A ready-made workflow by its id, or the one in a file of that name. */
    static Workflow named(String name) {
        return ReadyMade.all().stream()
                .filter(workflow -> workflow.id().equals(name))
                .findFirst()
                .orElseGet(() -> {
                    if (!Files.exists(Path.of(name))) {
                        throw Failure.wrongUse(
                                "no_such_workflow",
                                "there is no workflow " + name + " and no file of that name; there is: "
                                        + ReadyMade.all().stream()
                                                .map(Workflow::id)
                                                .collect(Collectors.joining(", ")));
                    }
                    return read(name);
                });
    }

    /** The workflow in a file; every mistake is named. */
    static Workflow read(String file) {
        String json;
        try {
            var path = Path.of(file);
            if (Files.size(path) > FILE_OCTETS_MAX) {
                throw Failure.wrongUse("wrong_workflow", file + " is too large for a workflow");
            }
            json = Files.readString(path);
        } catch (MalformedInputException _) {
            throw Failure.wrongUse("wrong_workflow", file + " is not UTF-8");
        } catch (IOException e) {
            throw Failure.wrongUse("unreadable_file", file + " cannot be read: " + e.getMessage());
        }
        return switch (WorkflowJson.read(json)) {
            case Reading.Good(var workflow) -> workflow;
            case Reading.Wrong wrong -> throw Failure.wrongUse("wrong_workflow", wrong.sentence());
        };
    }
}
