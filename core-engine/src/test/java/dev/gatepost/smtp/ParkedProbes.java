package dev.gatepost.smtp;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.gatepost.address.Domain;
import dev.gatepost.address.EmailAddress;
import dev.gatepost.dns.MailHost;
import dev.gatepost.egress.Dialer;
import dev.gatepost.egress.Dialled;
import dev.gatepost.egress.Purpose;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import jdk.jfr.consumer.RecordingStream;

/**
 * Many probes that all wait for the greeting of a silent host, and what that costs.
 *
 * @param waitingAtOnce probes with a connection and no answer, at the peak
 * @param threadsAdded platform threads at the peak beyond those there were before
 * @param bytesEach heap in use for each, both ends included where they share the JVM
 * @param pinned virtual threads that held their carrier for 20 ms or more
 */
record ParkedProbes(int waitingAtOnce, int threadsAdded, long bytesEach, long pinned) {
    /** Bounds the measurement should a connection be lost between the two ends. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Probes that begin together, so that the host's queue of connections does not overflow. */
    private static final int WAVE = 500;

    private static final SmtpTimeouts SLOW = new SmtpTimeouts(PATIENCE, PATIENCE, PATIENCE, PATIENCE);

    /** Longest wait for all to be connected. */
    private static final Duration PARKING_MAX = Duration.ofSeconds(90);

    /**
     * Parks, measures, and ends.
     *
     * @param end makes the host end all connections
     */
    static ParkedProbes park(int probes, InetAddress address, int port, AutoCloseable end) throws Exception {
        var limits = new HostLimits(probes, probes, 1_000_000, 1_000_000, probes);
        var dialer = new CountingDialer();
        var pinned = new AtomicLong();
        var threads = ManagementFactory.getThreadMXBean();
        try (var events = new RecordingStream();
                var probe = new SmtpProbe(
                        dialer, ProbeBench.IDENTITY, port, InstantSource.system(), new Random(7), limits);
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            events.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ofMillis(20));
            events.onEvent("jdk.VirtualThreadPinned", _ -> pinned.incrementAndGet());
            events.startAsync();
            long bytesBefore = bytesUsed();
            int threadsBefore = threads.getThreadCount();
            threads.resetPeakThreadCount();
            var results = new ArrayList<Future<ProbeResult>>();
            while (results.size() < probes) {
                int begun = results.size();
                IntStream.range(begun, Math.min(probes, begun + WAVE))
                        .forEach(i -> results.add(executor.submit(asks(probe, i, address))));
                dialer.awaitConnected(results.size(), PARKING_MAX);
            }
            int waiting = (int) results.stream().filter(each -> !each.isDone()).count();
            int added = threads.getPeakThreadCount() - threadsBefore;
            long bytesEach = (bytesUsed() - bytesBefore) / probes;
            end.close();
            for (Future<ProbeResult> result : results) {
                var _ = result.get();
            }
            events.stop();
            return new ParkedProbes(waiting, added, bytesEach, pinned.get());
        }
    }

    private static Callable<ProbeResult> asks(SmtpProbe probe, int number, InetAddress address) {
        var email = new EmailAddress("user" + number, new Domain("d" + number + ".sandbox-mail.com"));
        var host = new MailHost("mx.works-host.net", 10, List.of(address));
        return () -> probe.probe(email, List.of(host), SLOW);
    }

    private static long bytesUsed() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Open files this process may have. */
    static long descriptorsMax() {
        return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
                .getMaxFileDescriptorCount();
    }

    /** Counts connections that were made. */
    private static final class CountingDialer implements Dialer {
        private final LoopbackDialer dialer = new LoopbackDialer();
        private int connected;

        @Override
        public Dialled dial(Purpose purpose, InetSocketAddress target, Duration timeout) {
            var dialled = dialer.dial(purpose, target, timeout);
            if (dialled instanceof Dialled.Connected(Socket _)) {
                synchronized (this) {
                    connected++;
                    notifyAll();
                }
            }
            return dialled;
        }

        synchronized void awaitConnected(int count, Duration most) throws InterruptedException {
            long end = System.nanoTime() + most.toNanos();
            while (connected < count && System.nanoTime() < end) {
                wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        }
    }
}
