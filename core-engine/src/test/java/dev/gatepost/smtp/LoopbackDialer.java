package dev.gatepost.smtp;

import dev.gatepost.egress.Dialer;
import dev.gatepost.egress.Dialled;
import dev.gatepost.egress.Purpose;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Dials loopback addresses and nothing else, and counts. */
final class LoopbackDialer implements Dialer {
    private final AtomicInteger dialled = new AtomicInteger();

    int dialled() {
        return dialled.get();
    }

    @Override
    public Dialled dial(Purpose purpose, InetSocketAddress target, Duration timeout) {
        dialled.incrementAndGet();
        if (!target.getAddress().isLoopbackAddress()) {
            return new Dialled.Refused("not loopback");
        }
        var socket = new Socket();
        try {
            socket.connect(target, (int) Math.max(1, timeout.toMillis()));
            return new Dialled.Connected(socket);
        } catch (SocketTimeoutException e) {
            return new Dialled.Unreachable(Dialled.Cause.TIMEOUT, e.toString());
        } catch (ConnectException e) {
            return new Dialled.Unreachable(Dialled.Cause.CONNECTION_REFUSED, e.toString());
        } catch (IOException e) {
            return new Dialled.Unreachable(Dialled.Cause.OTHER, e.toString());
        }
    }
}
