package dev.gatepost.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Contacts come to ActiveCampaign in three ways, a third by webhook, a third by import while the product is down, a third by
 * a step of an automation, and the product is killed again and again; each write fires an {@code update} back at it.
 * Afterwards each has its fields, each cost one credit, and no second saw more than five calls. {@code ./check bench
 * activecampaign-kills} runs it at full size.
 */
final class ActiveCampaignProof {
    private static final int CONTACTS = 2_000;
    private static final int KILLS = 10;

    private ActiveCampaignProof() {}

    /**
     * How it ended.
     *
     * @param unwritten contacts without our label for their address
     * @param ledger what {@code gatepost ledger verify} says
     * @param peak most calls that arrived within any second
     * @param writes calls that wrote to a contact
     * @param deliveries webhooks by the product's answer, 0 for lost ones
     * @param left webhooks left in the account after {@code gatepost disconnect}
     */
    record Ended(
            int unwritten,
            long spent,
            long reserved,
            String ledger,
            int peak,
            int writes,
            Map<Integer, Integer> deliveries,
            int left,
            Duration took) {}

    public static void main(String[] arguments) throws Exception {
        var ended = run(Files.createTempDirectory("activecampaign"), CONTACTS, KILLS, Duration.ofMinutes(40));
        System.out.println(CONTACTS + " contacts, " + KILLS + " kills: " + ended);
        boolean isGood = ended.unwritten() == 0
                && ended.spent() == CONTACTS
                && ended.ledger().startsWith("sound")
                && ended.peak() <= 5;
        System.exit(isGood ? 0 : 1);
    }

    /** @param timeMax how long to wait for the last contact */
    static Ended run(Path folder, int contacts, int kills, Duration timeMax) throws IOException, InterruptedException {
        var began = System.nanoTime();
        try (var crm = SandboxActiveCampaign.start(0, InstantSource.system());
                var server = new ServerProcess(folder)) {
            crm.tellAllSources();
            var step = connect(crm, server, folder);
            server.run("credits", "grant", Integer.toString(2 * contacts));
            List<String> ids = new ArrayList<>();
            for (int part = 0; part <= kills; part++) {
                int count = contacts * (part + 1) / (kills + 1) - ids.size();
                int begin = ids.size();
                for (int i = 0; i < count * 2 / 3; i++) {
                    ids.add(arrive(crm, ids.size(), i % 2 == 0 ? "" : step));
                }
                if (part < kills) {
                    awaitWritten(crm, ids.subList(0, begin + count / 4), timeMax); // in the middle of the work
                    server.kill();
                    while (ids.size() < begin + count) {
                        ids.add(crm.importContact(email(ids.size())));
                    }
                    server.start();
                } else {
                    while (ids.size() < begin + count) {
                        ids.add(arrive(crm, ids.size(), step));
                    }
                }
            }
            int unwritten = awaitWritten(crm, ids, timeMax);
            int writes = crm.calls().getOrDefault("PUT contacts/{id}", 0);
            var credits = awaitSettled(server, timeMax);
            server.run("disconnect", "activecampaign");
            return new Ended(
                    unwritten,
                    credits.path("spent").asLong(),
                    credits.path("reserved").asLong(),
                    server.run("ledger", "verify"),
                    crm.callsInASecondPeak(),
                    writes,
                    crm.hookAnswers(),
                    crm.webhooks().size(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** By webhook, or by an automation whose step calls us. */
    private static String arrive(SandboxActiveCampaign crm, int number, String step) {
        if (step.isEmpty()) {
            return crm.createContact(email(number), Map.of());
        }
        var id = crm.importContact(email(number));
        crm.runStep(id, "22", step);
        return id;
    }

    private static String email(int number) {
        return "person" + number + "@" + ServerProcess.DOMAIN;
    }

    /** Connects the account; the address for steps of automations. */
    static String connect(SandboxActiveCampaign crm, ServerProcess server, Path folder, String... more)
            throws IOException, InterruptedException {
        var key = Files.writeString(folder.resolve("key"), crm.key());
        var arguments = new ArrayList<>(
                List.of("connect", "activecampaign", "--url", crm.url(), "--key-file", key.toString(), "--json"));
        arguments.addAll(List.of(more));
        var printed = server.run(arguments.toArray(String[]::new));
        return new JsonMapper()
                .readTree(printed.substring(printed.indexOf('{')))
                .path("webhook")
                .asText();
    }

    /** Waits until none is missing; how many still are. */
    static int awaitWritten(SandboxActiveCampaign crm, List<String> ids, Duration timeMax) {
        var deadline = System.nanoTime() + timeMax.toNanos();
        var open = new ArrayList<>(ids);
        while (true) {
            open.removeIf(id -> isWritten(crm, id));
            if (open.isEmpty() || System.nanoTime() > deadline) {
                return open.size();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
        }
    }

    /** The last write-back may be there before its credit is settled in what the command sees. */
    private static JsonNode awaitSettled(ServerProcess server, Duration timeMax)
            throws IOException, InterruptedException {
        var deadline = System.nanoTime() + timeMax.toNanos();
        while (true) {
            var credits = new JsonMapper().readTree(server.run("credits", "--json"));
            if (credits.path("reserved").asLong() == 0 || System.nanoTime() > deadline) {
                return credits;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private static boolean isWritten(SandboxActiveCampaign crm, String id) {
        var properties = crm.contact(id).orElseThrow();
        return !properties.getOrDefault("gatepost_label", "").isEmpty()
                && properties.getOrDefault("gatepost_checked_email", "").equals(properties.get("email"));
    }
}
