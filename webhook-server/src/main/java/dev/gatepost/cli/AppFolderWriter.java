package dev.gatepost.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.connector.AppFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;

/** Writes the files of an app for a CRM's developer tools, and says what to do with them. */
final class AppFolderWriter {
    private static final JsonMapper JSON = new JsonMapper();

    private final Terminal terminal;
    private final JsonOption json;

    AppFolderWriter(Terminal terminal, JsonOption json) {
        this.terminal = terminal;
        this.json = json;
    }

    /**
     * Writes them all, or nothing where a file is there already.
     *
     * @param kind empty for the usual one
     */
    int write(AppFolder app, Path folder, String kind, String publicUrl) throws IOException {
        var chosen = kind.isEmpty() ? app.kinds().getFirst() : kind;
        if (!app.kinds().contains(chosen)) {
            throw Failure.wrongUse(
                    "wrong_kind", "--auth must be " + String.join(" or ", app.kinds()) + "; it is " + chosen);
        }
        if (!publicUrl.matches("https://[A-Za-z0-9.\\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~\\-/]*)?")) {
            throw Failure.wrongUse(
                    "no_public_url",
                    "--public-url must be the https address at which the CRM reaches this Gatepost, such as"
                            + " https://verify.example.com");
        }
        var order = new AppFolder.Order(chosen, publicUrl.replaceAll("/+$", ""));
        var files = app.files().apply(order);
        var taken = new TreeSet<String>();
        for (var path : files.keySet()) {
            if (Files.exists(folder.resolve(path))) {
                taken.add(path);
            }
        }
        if (!taken.isEmpty()) {
            throw Failure.wrongUse(
                    "folder_taken",
                    "--project: " + folder + " has files of a project already (" + taken.first()
                            + "); name a new folder, so that nothing of yours is lost");
        }
        for (var file : files.entrySet()) {
            var path = folder.resolve(file.getKey());
            Files.createDirectories(path.toAbsolutePath().getParent());
            Files.writeString(path, file.getValue());
        }
        var next = app.next().apply(order, folder.toString());
        if (json.isSet()) {
            terminal.out()
                    .println(JSON.writeValueAsString(
                            Map.of("folder", folder.toString(), "files", files.keySet(), "next", next)));
        } else {
            terminal.out().println("Wrote " + files.size() + " files into " + folder + ". Next:");
            for (int i = 0; i < next.size(); i++) {
                terminal.out().println("  " + (i + 1) + ". " + next.get(i));
            }
        }
        return Exit.DONE.code();
    }
}
