package dev.gatepost.cli;

import dev.gatepost.smtp.ProbeResult.AcceptAll;
import dev.gatepost.smtp.Reply;
import dev.gatepost.smtp.ReplyClassifier;
import dev.gatepost.smtp.ReplyMeaning;
import dev.gatepost.smtp.ReplyParser;
import dev.gatepost.smtp.Stage;
import dev.gatepost.verify.Evidence;
import dev.gatepost.verify.Reason;
import dev.gatepost.verify.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gatepost reply}: what an SMTP reply or bounce line means. */
@Command(
        name = "reply",
        description = "Says what an SMTP reply or bounce line means.",
        footer = {
            "",
            "Example:",
            "  gatepost reply \"550 5.1.1 <ann@acme.io>: Recipient address rejected: User unknown\""
        })
final class ReplyCommand implements Callable<Integer> {

    private final Terminal terminal;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "what the reply answered: greeting, ehlo, starttls, mail or rcpt (default)")
    private Stage stage = Stage.RCPT;

    @Parameters(paramLabel = "REPLY", arity = "1..*", description = "the reply; - reads stdin, one a line")
    private List<String> replies = List.of();

    ReplyCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (replies.equals(List.of("-"))) {
            new InOrder(line -> say(json.isSet() ? JsonLine.text(line) : line))
                    .run(new Lines(terminal.in())::next, terminal.out());
        } else {
            terminal.out().println(say(String.join(" ", replies)));
        }
        return Exit.DONE.code();
    }

    private String say(String text) {
        var reply = ReplyParser.parse(text);
        var meaning = ReplyClassifier.meaning(stage, reply);
        var reason = reason(reply, meaning);
        if (!json.isSet()) {
            return Painter.pad(meaning.word(), 20) + Painter.pad(reason.status().word(), 9) + reason.code();
        }
        return JsonLine.object()
                .put("label", meaning.word())
                .put("status", reason.status().word())
                .put("reason", reason.code())
                .put("reason_text", reason.sentence())
                .toString();
    }

    /** The verdict that would follow if nothing else were known; an acceptance is taken at its word. */
    private Reason reason(Reply reply, ReplyMeaning meaning) {
        var evidence = stage == Stage.RCPT
                ? new Evidence.RecipientAnswered(
                        "", reply, meaning, AcceptAll.NO, ReplyClassifier.saysMailboxExists(reply))
                : new Evidence.SenderRefused("", stage, reply, meaning);
        return Verdict.of(List.of(evidence)).reason();
    }
}
