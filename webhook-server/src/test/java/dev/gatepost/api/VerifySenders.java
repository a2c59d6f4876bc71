package dev.gatepost.api;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Callers of {@code POST /v1/verify}, each on a connection and a thread of the system's of its own, so that they do not wait for
 * the mail world's virtual threads; every address is a new one.
 */
final class VerifySenders {
    private final AtomicInteger people = new AtomicInteger();
    private final int port;
    private final String key;
    private final String domain;

    VerifySenders(int port, String key, String domain) {
        this.port = port;
        this.key = key;
        this.domain = domain;
    }

    /**
     * Nanoseconds of each request, sorted; with a pace, from the moment it was due, so that a stall counts for all it delays.
     *
     * @param perSecond in all; 0: as many as are answered
     */
    long[] send(int senders, long perSecond, Duration how) throws InterruptedException {
        var times = new ArrayList<long[]>();
        var threads = new ArrayList<Thread>();
        var interval = perSecond == 0 ? 0 : senders * 1_000_000_000L / perSecond;
        for (int i = 0; i < senders; i++) {
            var delay = interval * i / senders;
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                var each = send(delay, interval, how);
                synchronized (times) {
                    times.add(each);
                }
            }));
        }
        for (var thread : threads) {
            thread.join();
        }
        return times.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    }

    private long[] send(long delay, long interval, Duration how) {
        var times = new long[1 << 16];
        int count = 0;
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var in = new BufferedInputStream(socket.getInputStream(), 8192);
            var due = System.nanoTime() + delay;
            var until = System.nanoTime() + how.toNanos();
            while (System.nanoTime() < until && count < times.length) {
                if (interval > 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                } else {
                    due = System.nanoTime();
                }
                socket.getOutputStream().write(request());
                readOk(in);
                times[count++] = System.nanoTime() - due;
                due += interval;
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return Arrays.copyOf(times, count);
    }

    private byte[] request() {
        var body = "{\"email\":\"person%d@%s\"}".formatted(people.incrementAndGet(), domain);
        return ("POST /v1/verify HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"
                        + "Content-Length: %d\r\n\r\n%s")
                .formatted(port, key, body.length(), body)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Reads one answer with its body, which must be a charged one. */
    private static void readOk(InputStream in) throws IOException {
        var text = readHead(in);
        var length = Integer.parseInt(text.replaceAll("(?is).*content-length: (\\d+).*", "$1"));
        var body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if (!body.contains("\"billing\":\"charged\"")) {
            throw new IOException(text + body);
        }
    }

    /** The head of an answer, which must be 200. */
    static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
            var octet = in.read();
            if (octet < 0) {
                throw new IOException("connection closed after: " + head);
            }
            head.append((char) octet);
        }
        var text = head.toString();
        if (!text.startsWith("HTTP/1.1 200")) {
            throw new IOException(text);
        }
        return text;
    }
}
