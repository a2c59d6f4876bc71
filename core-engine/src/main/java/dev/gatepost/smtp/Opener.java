package dev.gatepost.smtp;

import dev.gatepost.egress.Dialer;
import dev.gatepost.egress.Dialled;
import dev.gatepost.egress.Purpose;
import dev.gatepost.smtp.ProbeResult.SenderRefused;
import dev.gatepost.smtp.ProbeResult.Trouble;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** Connects to one address and waits for its greeting. Safe for any thread. */
final class Opener {
    private final Dialer dialer;
    private final int port;
    private final HostMemory memory;
    private final Pauses pauses;

    Opener(Dialer dialer, int port, HostMemory memory, Pauses pauses) {
        this.dialer = dialer;
        this.port = port;
        this.memory = memory;
        this.pauses = pauses;
    }

    /**
     * Blocks until the host has spoken, refused, or time is over; ends early when the thread is interrupted.
     *
     * @param place goes to the connection, or stays with the caller where there is none
     */
    Opening open(Target target, Probe probe, HostGroups.Place place) {
        var wait = probe.deadline().orIn(probe.timeouts().connect());
        if (wait.hasPassed()) {
            return Opening.Failed.because(target, Trouble.TIMEOUT);
        }
        return switch (dialer.dial(Purpose.SMTP, new InetSocketAddress(target.address(), port), wait.left())) {
            case Dialled.Connected(var socket) -> {
                pauses.connected(target);
                yield greeting(socket, target, probe, place);
            }
            case Dialled.Refused _ -> Opening.Failed.because(target, Trouble.EGRESS_REFUSED);
            case Dialled.Unreachable(var cause, var _) -> {
                rememberDead(target, probe);
                if (cause == Dialled.Cause.CONNECTION_REFUSED) {
                    pauses.refusedConnection(target);
                }
                yield Opening.Failed.because(target, trouble(cause));
            }
        };
    }

    private Opening greeting(Socket socket, Target target, Probe probe, HostGroups.Place place) {
        try {
            var session = new SmtpSession(socket, probe.use(target));
            try {
                var greeting = session.receive(Stage.GREETING, probe.timeouts().greeting());
                if (greeting.isPositive()) {
                    memory.reachable(target.address());
                    return new Opening.Greeted(target, session, place);
                }
                var reply = greeting.reply();
                session.close();
                return new Opening.Failed(
                        target,
                        new SenderRefused(
                                target.host(), Stage.GREETING, reply, ReplyClassifier.meaning(Stage.GREETING, reply)));
            } catch (IOException e) {
                if (e instanceof SocketTimeoutException) {
                    rememberDead(target, probe);
                }
                session.close();
                return Opening.Failed.because(target, Ending.trouble(e));
            }
        } catch (IOException _) {
            return Opening.Failed.because(target, Trouble.CONNECTION_LOST); // it was closed before anything was said
        }
    }

    /** An attempt that was called off, or that ended with its caller's time, says nothing about the host. */
    private void rememberDead(Target target, Probe probe) {
        if (!Thread.currentThread().isInterrupted() && !probe.deadline().hasPassed()) {
            memory.unreachable(target.address());
        }
    }

    private static Trouble trouble(Dialled.Cause cause) {
        return switch (cause) {
            case TIMEOUT -> Trouble.TIMEOUT;
            case CONNECTION_REFUSED -> Trouble.CONNECTION_REFUSED;
            case NO_ROUTE -> Trouble.NO_ROUTE;
            case OTHER -> Trouble.CONNECTION_LOST;
        };
    }
}
