package dev.gatepost.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.doctor.Doctor;
import dev.gatepost.doctor.Finding;
import dev.gatepost.server.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gatepost doctor}: is this machine fit for asking mail hosts, and what is to be mended. */
@Command(
        name = "doctor",
        description =
                "Checks port 25, names, SPF, name servers, clock, disk and CRM credentials, and says what to mend."
                        + " Exit code 1 when there is something.",
        footer = {"", "Examples:", "  gatepost doctor", "  gatepost doctor --via acme.io"})
final class DoctorCommand implements Callable<Integer> {

    private static final JsonMapper JSON = new JsonMapper();

    /** Columns of the longest check's name. */
    private static final int CHECK_COLUMNS = 13;

    private static final int STATE_COLUMNS = 8;

    private final Terminal terminal;
    private final Cli.Making making;

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--via",
            paramLabel = "DOMAIN",
            description = "whose mail hosts to say hello to; gmail.com and outlook.com (default); may be repeated")
    private List<String> domains = Doctor.USUAL_DOMAINS;

    @Option(
            names = "--time-sync",
            paramLabel = "FILE",
            description = "a file that is there while the system's clock is synchronised",
            hidden = true)
    private Path timeSync = Path.of("/run/systemd/timesync/synchronized");

    DoctorCommand(Terminal terminal, Cli.Making making) {
        this.terminal = terminal;
        this.making = making;
    }

    @Override
    public Integer call() {
        for (var domain : domains) {
            if (AddressParser.parse("postmaster@" + domain, AddressDialect.SMTP)
                    instanceof Syntax.Malformed(var defect)) {
                throw Failure.wrongUse("wrong_usage", "--via " + domain + " is no domain: " + defect.sentence());
            }
        }
        var config = making.config().get();
        var engine = Engine.of(config, making.clock(), making.random());
        var findings = new ArrayList<Finding>();
        try (var _ = engine.verifier()) {
            findings.addAll(new Doctor(config, engine, domains, timeSync, making.random()).examine());
        }
        var answer = new StoreOrders(making.clock(), making.random())
                .send(Order.of(Order.Verb.EXAMINE), config, making.plugins().get());
        if (answer.code().isEmpty()) {
            findings.addAll(read(answer.json()));
        } else {
            findings.add(new Finding(
                    "store",
                    Finding.State.UNSURE,
                    "CRM connections cannot be looked at: " + answer.text(),
                    "start gatepost serve once, or see the message"));
        }
        print(findings);
        return (isFine(findings) ? Exit.DONE : Exit.NO).code();
    }

    private static boolean isFine(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.state() == Finding.State.MEND);
    }

    private void print(List<Finding> findings) {
        var out = terminal.out();
        if (json.isSet()) {
            out.println(write(findings).put("fine", isFine(findings)).toString());
            return;
        }
        var painter = new Painter(terminal);
        for (var finding : findings) {
            out.println(painter.word(tone(finding.state()), finding.state().word(), STATE_COLUMNS)
                    + Painter.pad(finding.check(), CHECK_COLUMNS)
                    + finding.says());
            if (!finding.mend().isEmpty()) {
                out.println(" ".repeat(STATE_COLUMNS + CHECK_COLUMNS) + "to do: " + finding.mend());
            }
        }
    }

    private static String tone(Finding.State state) {
        return switch (state) {
            case FINE -> "ok";
            case MEND -> "bad";
            case UNSURE -> "warn";
        };
    }

    /** As it is printed, and as it crosses the control socket. */
    static ObjectNode write(List<Finding> findings) {
        var json = JsonLine.object();
        var array = json.putArray("findings");
        findings.forEach(finding -> array.addObject()
                .put("check", finding.check())
                .put("state", finding.state().word())
                .put("says", finding.says())
                .put("mend", finding.mend()));
        return json;
    }

    private static List<Finding> read(String json) {
        try {
            var findings = new ArrayList<Finding>();
            JSON.readTree(json).path("findings").forEach(node -> findings.add(finding(node)));
            return findings;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the server's answer cannot be read", e);
        }
    }

    private static Finding finding(JsonNode node) {
        return new Finding(
                node.path("check").asText(),
                Finding.State.valueOf(node.path("state").asText().toUpperCase(Locale.ROOT)),
                node.path("says").asText(),
                node.path("mend").asText());
    }
}
