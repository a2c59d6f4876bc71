package dev.gatepost.cli;

import dev.gatepost.console.Words;
import dev.gatepost.ledger.LedgerCheck;
import dev.gatepost.sandbox.MailWorld.Example;
import dev.gatepost.server.Demo;
import dev.gatepost.workspace.Workspaces;
import java.time.Duration;
import java.util.List;

/** What the demo prints. Used by one thread. */
final class DemoTable {

    private static final int ADDRESS = 37;
    private static final int LABEL = 11;
    private static final int STATUS = 8;
    private static final int SCORE = 5;
    private static final int REASON = 24;
    private static final int DECISION = 8;

    private final Terminal terminal;
    private final boolean json;
    private final Painter painter;
    private final long began = System.nanoTime();
    private long reserved;
    private long spent;

    DemoTable(Terminal terminal, boolean json) {
        this.terminal = terminal;
        this.json = json;
        this.painter = new Painter(terminal);
    }

    /**
     * One contact as its record in the CRM says.
     *
     * @param credit what it cost: 1, 0, or reserved while the answer is not final
     * @param asExpected whether status and reason are what the mail world was made to bring about
     */
    record Row(
            String email,
            String label,
            String status,
            String score,
            String reason,
            String decision,
            String credit,
            boolean asExpected) {

        static Row of(Demo demo, String id, Example example) {
            var status = demo.field(id, "status");
            var reason = demo.field(id, "reason");
            var stored = demo.stored(id);
            return new Row(
                    example.address(),
                    demo.field(id, "label"),
                    status,
                    demo.field(id, "score"),
                    reason,
                    demo.field(id, "decision"),
                    stored.map(row -> row.billing().equals("reserved") ? "set aside" : Integer.toString(row.credits()))
                            .orElse(""),
                    status.equals(example.expectedStatus()) && reason.equals(example.expectedReason()));
        }
    }

    void begin(String crm) {
        if (json) {
            return;
        }
        line("Contacts are created in a sandbox " + crm
                + ", verified against a sandbox mail world, judged, written back" + " and charged.");
        line("Nothing leaves this machine. This is what the CRM's records say as they come back:");
        line("");
        line(painter.word(
                "bold",
                Painter.pad("address", ADDRESS) + Painter.pad("label", LABEL) + Painter.pad("status", STATUS)
                        + Painter.pad("score", SCORE + 2) + Painter.pad("reason", REASON)
                        + Painter.pad("decision", DECISION + 2) + "credit",
                0));
    }

    /** Prints one contact; false when it is not as expected. */
    boolean row(Row row) {
        if (json) {
            line(JsonLine.object()
                    .put("email", row.email())
                    .put("label", row.label())
                    .put("status", row.status())
                    .put("score", row.score())
                    .put("reason", row.reason())
                    .put("decision", row.decision())
                    .put("credit", row.credit())
                    .put("as_expected", row.asExpected())
                    .toString());
        } else {
            line(Painter.pad(row.email(), ADDRESS)
                    + painter.word(Words.tone(row.label()), row.label(), LABEL)
                    + Painter.pad(row.status(), STATUS)
                    + " ".repeat(Math.max(0, SCORE - row.score().length())) + row.score() + "  "
                    + Painter.pad(row.reason(), REASON)
                    + painter.word(Words.tone(row.decision()), row.decision(), DECISION + 2)
                    + row.credit()
                    + (row.asExpected() ? "" : painter.word("bad", "   not as expected", 0)));
        }
        return row.asExpected();
    }

    void missing(List<String> addresses) {
        line("did not come back: " + String.join(", ", addresses));
    }

    /** Prints balance, ledger and page; false when the ledger does not add up. */
    boolean end(Demo demo) {
        var took = Duration.ofNanos(System.nanoTime() - began);
        var balance = demo.product().books().ledger().balance(Workspaces.MAIN);
        var check = demo.product().checkLedger();
        reserved = balance.reserved();
        spent = balance.spent();
        if (json) {
            line(JsonLine.object()
                    .put("available", balance.available())
                    .put("reserved", reserved)
                    .put("spent", spent)
                    .put("ledger_sound", check instanceof LedgerCheck.Sound)
                    .put("url", demo.product().publicUrl())
                    .toString());
            return check instanceof LedgerCheck.Sound;
        }
        line("");
        line("All of them within " + took.toMillis() + " ms. Of " + Demo.CREDITS + " credits " + spent + " are spent, "
                + reserved + " set aside for answers that are not final, " + balance.available() + " left.");
        var sound = switch (check) {
            case LedgerCheck.Sound(var entries, var _) -> {
                line("Ledger: " + painter.word("ok", "sound", 0) + ", " + entries + " entries add up.");
                yield true;
            }
            case LedgerCheck.Broken(var _, var seq, var why) -> {
                line("Ledger: " + painter.word("bad", "broken", 0) + " at entry " + seq + ": " + why);
                yield false;
            }
        };
        return sound;
    }

    /** Where the page is, for a demo that stays up. */
    void invite(Demo demo) {
        if (json) {
            return;
        }
        line("");
        line("Watch it at " + painter.word("bold", demo.product().publicUrl(), 0)
                + "  (greylisted contacts are asked again and corrected by themselves; Ctrl-C ends)");
    }

    private void line(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }
}
