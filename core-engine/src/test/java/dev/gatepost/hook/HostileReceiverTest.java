package dev.gatepost.hook;

import static dev.gatepost.hook.HookWorld.answering;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import dev.gatepost.hook.HookDelivery.State;
import dev.gatepost.store.Dialect;
import dev.gatepost.workspace.AuditLog.By;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Receivers that mean harm, or are merely broken. */
class HostileReceiverTest {
    private static final Duration SOON = Duration.ofMinutes(1);

    /** Instead of the 20 s that a test of the HTTP client asserts. */
    private static final Duration CALL_MAX = Duration.ofSeconds(2);

    private static final long GIGABYTE = 1L << 30;

    /** What the buffers of both sockets may hold beside what was read: far from a gigabyte. */
    private static final long BUFFERED_MAX = 16L << 20;

    private final HookWorld world = new HookWorld(
            Dialect.SQLITE, client -> client.newBuilder().callTimeout(CALL_MAX).build());
    private final List<ServerSocket> listeners = new CopyOnWriteArrayList<>();

    /** Says what it likes on a raw connection, once the request was read; until the other side closes it. */
    private interface Talker {
        void talk(OutputStream out) throws IOException;
    }

    @BeforeEach
    void start() {
        world.hooks.start();
    }

    @AfterEach
    void stop() throws IOException {
        world.close();
        for (var listener : listeners) {
            listener.close();
        }
    }

    @Test
    @DisplayName("W7: of an answer of 1 GB it reads 16 KiB, and breaks the connection off; the message is delivered")
    void readsNoGigabyte() throws IOException {
        var taken = new AtomicLong();
        var ended = new AtomicInteger();
        var subscription = world.subscribe(talking(out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\nContent-Length: " + GIGABYTE + "\r\n\r\n"));
            var kilobytes = new byte[16 << 10];
            try {
                while (taken.get() < GIGABYTE) {
                    out.write(kilobytes);
                    taken.addAndGet(kilobytes.length);
                }
            } finally {
                ended.incrementAndGet();
            }
        }));

        happens("v1");

        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).state() == State.DELIVERED);
        await().atMost(SOON).untilAtomic(ended, is(1));
        assertThat(taken.get()).isLessThan(BUFFERED_MAX);
    }

    @Test
    @DisplayName("W7: an answer whose headers never end is given up when the time of a call is over")
    void waitsForNoEndlessHeaders() throws IOException {
        var subscription = world.subscribe(talking(out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\n"));
            for (int i = 0; ; i++) {
                out.write(ascii("X-" + i + ": 1\r\n"));
                out.flush();
                pause();
            }
        }));

        happens("v1");

        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).attempts() == 1);
        assertThat(world.onlyDelivery(subscription).state()).isEqualTo(State.WAITING);
        assertThat(world.onlyDelivery(subscription).outcome()).isEqualTo("no answer in time");
    }

    @Test
    @DisplayName("W7: an answer whose body drips for ever counts, and is left when the time of a call is over")
    void waitsForNoEndlessBody() throws IOException {
        var ended = new AtomicInteger();
        var subscription = world.subscribe(talking(out -> {
            out.write(ascii("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"));
            try {
                while (true) {
                    out.write(ascii("1\r\nx\r\n"));
                    out.flush();
                    pause();
                }
            } finally {
                ended.incrementAndGet();
            }
        }));

        happens("v1");

        await().atMost(SOON).until(() -> world.onlyDelivery(subscription).state() == State.DELIVERED);
        await().atMost(SOON).untilAtomic(ended, is(1));
    }

    @Test
    @DisplayName("W7: a redirect inward is followed neither by messages nor by farewells")
    void followsNoRedirectInward() {
        var inside = new AtomicInteger();
        var secret = world.receiver(exchange -> {
            inside.incrementAndGet();
            answering(200).answer(exchange);
        });
        for (int status : List.of(301, 302, 303, 307, 308)) {
            var subscription = world.subscribe(world.receiver(answering(status, "Location", secret)));
            happens("v" + status);
            await().atMost(SOON).until(() -> world.onlyDelivery(subscription).status() == status);
            assertThat(world.onlyDelivery(subscription).state()).isEqualTo(State.WAITING);
            world.hooks.unsubscribe(By.COMMAND.in("main"), subscription.id());
        }
        assertThat(inside).hasValue(0);
    }

    @Test
    @DisplayName("W6, J4: what one receiver answers holds up no other at the same host")
    void holdsUpNobodyElseAtTheSameHost() {
        for (int status : List.of(403, 429, 500)) {
            world.receivers.put("/bad" + status, answering(status));
            world.subscribe("/bad" + status, HookEvent.EMAIL_REJECTED);
        }
        for (int i = 0; i < 10; i++) {
            world.happens(HookEvent.EMAIL_REJECTED, "r" + i, "{}");
        }
        await().atMost(SOON)
                .until(() -> List.of(403, 429, 500).stream()
                        .allMatch(status -> !world.bodies("/bad" + status).isEmpty()));
        await().atMost(SOON).until(() -> world.bodies("/bad500").size() >= 5);

        world.subscribe("/good", HookEvent.VERIFICATION_COMPLETED);
        happens("v1");

        await().atMost(SOON).until(() -> world.bodies("/good").size() == 1);
    }

    private void happens(String subject) {
        world.happens(HookEvent.VERIFICATION_COMPLETED, subject, "{}");
    }

    /** A receiver on a raw socket; its URL. */
    private String talking(Talker talker) throws IOException {
        var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listeners.add(listener);
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try (var socket = listener.accept()) {
                    readRequest(socket);
                    talker.talk(socket.getOutputStream());
                } catch (IOException e) {
                    // the other side closed it, or the test is over
                }
            }
        });
        return "http://127.0.0.1:" + listener.getLocalPort() + "/";
    }

    /** Up to the end of the body, which is always {@code {}}. */
    private static void readRequest(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var last = new StringBuilder();
        while (!last.toString().endsWith("\r\n\r\n{}")) {
            int octet = in.read();
            if (octet < 0) {
                return;
            }
            last.append((char) octet);
        }
    }

    /** The receiver's own slowness; nothing in the test waits for it. */
    private static void pause() {
        LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
