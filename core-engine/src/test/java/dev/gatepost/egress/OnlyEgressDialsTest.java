package dev.gatepost.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** E1: one component dials; no other code creates outgoing sockets or asks the platform's resolver. */
class OnlyEgressDialsTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/gatepost");

    private static final Pattern DIALS = Pattern.compile(String.join(
            "|",
            "\\bnew Socket\\(",
            "\\bextends Socket\\b",
            "\\bSocketChannel\\b",
            "\\bAsynchronousSocketChannel\\b",
            "\\bDatagramChannel\\b",
            "\\bDatagramSocket\\(",
            "\\bMulticastSocket\\b",
            "\\bSocketFactory\\.getDefault\\b",
            "\\bgetByName\\(",
            "\\bgetAllByName\\(",
            "\\bgetLocalHost\\(",
            "\\bgetCanonicalHostName\\(",
            "\\bisReachable\\(",
            "\\.openConnection\\(",
            "\\bopenStream\\(",
            "\\bjava\\.net\\.http\\b",
            "\\bOkHttpClient\\.Builder\\b",
            "\\bnew OkHttpClient\\(",
            "\\bnewBuilder\\(\\)\\s*\\.\\s*(dns|socketFactory|proxy)\\(",
            "\\b(SimpleResolver|ExtendedResolver|NioClient|NioUdpClient|NioTcpClient|LookupSession)\\b",
            "\\borg\\.xbill\\.DNS\\.(Lookup|Address)\\b",
            "\\bnew InetSocketAddress\\(\\s*\""));

    /** The sandbox's name server listens for datagrams; it answers where it was asked from, and begins nothing. */
    private static final List<Path> LISTENERS = List.of(SOURCES.resolve("sandbox/SandboxNameServer.java"));

    @Test
    void opensOutgoingSocketsNowhereElse() throws IOException {
        var found = new ArrayList<String>();
        try (var files = Files.walk(SOURCES)) {
            for (var file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                if (!file.startsWith(SOURCES.resolve("egress")) && !LISTENERS.contains(file)) {
                    DIALS.matcher(Files.readString(file))
                            .results()
                            .forEach(match -> found.add(file + ": " + match.group()));
                }
            }
        }

        assertThat(found).isEmpty();
    }

    @Test
    void wouldFindEgressItself() throws IOException {
        assertThat(DIALS.matcher(Files.readString(SOURCES.resolve("egress/Egress.java")))
                        .results())
                .hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void letsListenersConnectNowhere() throws IOException {
        for (var file : LISTENERS) {
            assertThat(Files.readString(file)).doesNotContain(".connect(").doesNotContain("new Socket(");
        }
    }
}
