package dev.gatepost.smtp;

import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Prints what 10,000 probes cost that all wait for a silent host, which is a process of its own. */
final class ParkedProbesBenchmark {
    private static final int PROBES = 10_000;

    /** Beside the sockets: jars, the JVM's own. */
    private static final int DESCRIPTORS = PROBES + 500;

    private static final String HOST = "host";

    private ParkedProbesBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0 && args[0].equals(HOST)) {
            host();
            return;
        }
        if (ParkedProbes.descriptorsMax() < DESCRIPTORS) {
            System.out.println(
                    "skipped: needs " + DESCRIPTORS + " open files, ulimit -n is " + ParkedProbes.descriptorsMax());
            return;
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var host = new ProcessBuilder(
                        java,
                        "-Xmx1g",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParkedProbesBenchmark.class.getName(),
                        HOST)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = new BufferedReader(new InputStreamReader(host.getInputStream(), StandardCharsets.UTF_8))) {
            int port = Integer.parseInt(out.readLine());
            var parked = ParkedProbes.park(PROBES, InetAddress.ofLiteral("127.0.0.1"), port, () -> host.destroy());
            System.out.printf("probes waiting at once        %,d%n", parked.waitingAtOnce());
            System.out.printf("platform threads added        %,d%n", parked.threadsAdded());
            System.out.printf("heap for each, octets         %,d%n", parked.bytesEach());
            System.out.printf("carriers pinned for 20 ms     %,d%n", parked.pinned());
        } finally {
            host.destroy();
        }
    }

    /** Listens until it is ended. */
    private static void host() throws InterruptedException {
        try (var host = ScriptedMailHost.start(MailScript.knowing().silent())) {
            System.out.println(host.port());
            Thread.currentThread().join();
        }
    }
}
