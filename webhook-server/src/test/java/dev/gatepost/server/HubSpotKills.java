package dev.gatepost.server;

import static java.nio.file.Files.createTempDirectory;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Contacts come in while the product is killed again and again: afterwards each is written, each was charged once, the
 * ledger adds up, and HubSpot refused no call. {@code ./check bench hubspot-kills} runs it at full size.
 */
final class HubSpotKills {
    /** Kills of a full run. */
    private static final int KILLS = 10;

    private static final int CONTACTS = 10_000;

    private HubSpotKills() {}

    /**
     * How it ended.
     *
     * @param unwritten contacts without our label for their address
     * @param spent credits
     * @param left credits
     * @param ledger what {@code gatepost ledger verify} says
     * @param refused calls HubSpot refused as beyond its limit
     * @param peak most calls in any ten seconds
     */
    record Ended(int unwritten, long spent, long left, String ledger, int refused, int peak, Duration took) {}

    public static void main(String[] arguments) throws Exception {
        var ended = run(createTempDirectory("hubspot-kills"), CONTACTS, KILLS, Duration.ofMinutes(30));
        System.out.println(CONTACTS + " contacts, " + KILLS + " kills: " + ended);
        boolean isGood = ended.unwritten() == 0
                && ended.spent() == CONTACTS
                && ended.left() == CONTACTS
                && ended.ledger().startsWith("sound")
                && ended.refused() == 0;
        System.exit(isGood ? 0 : 1);
    }

    /** @param timeMax how long to wait for the last contact after the last kill */
    static Ended run(Path folder, int contacts, int kills, Duration timeMax) throws IOException, InterruptedException {
        var began = System.nanoTime();
        try (var world = HubSpotWorld.start(folder, 2 * contacts)) {
            List<String> ids = new ArrayList<>();
            for (int kill = 0; kill <= kills; kill++) {
                while (ids.size() < (long) contacts * (kill + 1) / (kills + 1)) {
                    ids.add(world.hubSpot.createContact("person" + ids.size() + "@" + HubSpotWorld.DOMAIN, Map.of()));
                }
                if (kill < kills) {
                    // Somewhere in the middle of the work on this part: a third of it is written.
                    int third = ids.size() - contacts / (kills + 1) * 2 / 3;
                    awaitWritten(world, ids.subList(0, third), timeMax);
                    world.kill();
                }
            }
            int unwritten = awaitWritten(world, ids, timeMax);
            awaitSettled(world, timeMax);
            var credits = new JsonMapper().readTree(world.run("credits", "--json"));
            return new Ended(
                    unwritten,
                    credits.path("spent").asLong(),
                    credits.path("available").asLong(),
                    world.run("ledger", "verify"),
                    world.hubSpot.callsRefused(),
                    world.hubSpot.callsInTenSecondsPeak(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** Waits until no more than a few are missing; how many are. */
    private static int awaitWritten(HubSpotWorld world, List<String> ids, Duration timeMax) {
        var deadline = System.nanoTime() + timeMax.toNanos();
        var open = new ArrayList<>(ids);
        while (true) {
            open.removeIf(id -> isWritten(world, id));
            if (open.isEmpty() || System.nanoTime() > deadline) {
                return open.size();
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** The last write-back may be there before its credit is settled in what the command sees. */
    private static void awaitSettled(HubSpotWorld world, Duration timeMax) throws IOException, InterruptedException {
        var deadline = System.nanoTime() + timeMax.toNanos();
        while (new JsonMapper()
                                .readTree(world.run("credits", "--json"))
                                .path("reserved")
                                .asLong()
                        > 0
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private static boolean isWritten(HubSpotWorld world, String id) {
        var properties = world.hubSpot.contact(id).orElseThrow().properties();
        return !properties.getOrDefault("gatepost_label", "").isEmpty()
                && properties.getOrDefault("gatepost_checked_email", "").equals(properties.get("email"));
    }
}
