package dev.gatepost.dns;

import dev.gatepost.dns.Answer.FailureCause;
import dev.gatepost.egress.Dialled;
import dev.gatepost.egress.Egress;
import dev.gatepost.egress.Exchanged;
import dev.gatepost.egress.Purpose;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;

/** Asks one name server: a datagram first, TCP when the answer is truncated. Safe for any thread. */
final class NameServer {
    /** Longest wait for one try, UDP or TCP: resolvers answer in well under a second or have lost the query. */
    static final Duration TRY_TIMEOUT = Duration.ofMillis(1_500);

    /** How long a server that did not answer is asked after the others: each try at it costs the whole time-out. */
    private static final Duration AVOIDED_FOR = Duration.ofSeconds(30);

    private final Egress egress;
    private final InetSocketAddress address;
    private final InstantSource clock;
    private volatile Instant avoidedUntil = Instant.MIN;

    NameServer(Egress egress, InetSocketAddress address, InstantSource clock) {
        this.egress = egress;
        this.address = address;
        this.clock = clock;
    }

    /** Whether it lately left a question unanswered, so that others should be asked first. */
    boolean isAvoided() {
        return clock.instant().isBefore(avoidedUntil);
    }

    /** Asks; takes from the budget what it sends, up to two queries. Never an exception. */
    Reading ask(Question question, int id, QueryBudget budget) {
        var query = DnsMessages.query(question, id);
        if (query.isEmpty()) {
            return failed(FailureCause.MALFORMED);
        }
        if (!budget.take()) {
            return failed(FailureCause.BUDGET);
        }
        var reading = askByDatagram(query.get(), question, id);
        if (reading instanceof Reading.Complete(Answer.Failed(var cause))
                && (cause == FailureCause.TIMEOUT || cause == FailureCause.UNREACHABLE)) {
            avoidedUntil = clock.instant().plus(AVOIDED_FOR);
        }
        if (!(reading instanceof Reading.Truncated)) {
            return reading;
        }
        return budget.take() ? askByTcp(query.get(), question, id) : failed(FailureCause.BUDGET);
    }

    /** Asks over TCP at once. Never an exception. */
    Reading askByTcp(Question question, int id) {
        return DnsMessages.query(question, id)
                .map(query -> askByTcp(query, question, id))
                .orElseGet(() -> failed(FailureCause.MALFORMED));
    }

    private Reading askByDatagram(byte[] query, Question question, int id) {
        // A wrong id may be somebody's guess while the true answer is on its way, so it only counts when none comes.
        var strayed = new AtomicBoolean();
        var exchanged = egress.exchange(address, query, TRY_TIMEOUT, octets -> {
            var answers = DnsMessages.answers(octets, id);
            strayed.compareAndSet(false, !answers);
            return answers;
        });
        return switch (exchanged) {
            case Exchanged.Received received -> DnsMessages.read(received.message(), question, id);
            case Exchanged.Unanswered(var cause)
            when cause == Dialled.Cause.TIMEOUT && strayed.get() -> failed(FailureCause.MALFORMED);
            case Exchanged.Unanswered(var cause) -> failed(causeOf(cause));
            case Exchanged.Refused _ -> failed(FailureCause.UNREACHABLE);
        };
    }

    private Reading askByTcp(byte[] query, Question question, int id) {
        return switch (egress.dial(Purpose.DNS, address, TRY_TIMEOUT)) {
            case Dialled.Connected(var socket) -> askOver(socket, query, question, id);
            case Dialled.Unreachable(var cause, var _) -> failed(causeOf(cause));
            case Dialled.Refused _ -> failed(FailureCause.UNREACHABLE);
        };
    }

    private static Reading askOver(Socket socket, byte[] query, Question question, int id) {
        try (socket) {
            // Length and message in one write, as RFC 7766, section 8 asks.
            socket.getOutputStream()
                    .write(ByteBuffer.allocate(Short.BYTES + query.length)
                            .putShort((short) query.length)
                            .put(query)
                            .array());
            var in = new DataInputStream(new DeadlineInput(socket, TRY_TIMEOUT));
            var answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            var reading = DnsMessages.read(answer, question, id);
            return reading instanceof Reading.Truncated ? failed(FailureCause.MALFORMED) : reading;
        } catch (SocketTimeoutException e) {
            return failed(FailureCause.TIMEOUT);
        } catch (EOFException e) {
            return failed(FailureCause.MALFORMED);
        } catch (IOException e) {
            return failed(FailureCause.UNREACHABLE);
        }
    }

    private static FailureCause causeOf(Dialled.Cause cause) {
        return cause == Dialled.Cause.TIMEOUT ? FailureCause.TIMEOUT : FailureCause.UNREACHABLE;
    }

    private static Reading failed(FailureCause cause) {
        return new Reading.Complete(new Answer.Failed(cause));
    }

    /** Reads with one deadline for everything: a time-out for each read could be drawn out octet by octet. */
    private static final class DeadlineInput extends InputStream {
        private final Socket socket;
        private final InputStream in;
        private final long deadline;

        DeadlineInput(Socket socket, Duration timeout) throws IOException {
            this.socket = socket;
            this.in = socket.getInputStream();
            this.deadline = System.nanoTime() + timeout.toNanos();
        }

        @Override
        public int read() throws IOException {
            var one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            var left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                throw new SocketTimeoutException("the whole answer took too long");
            }
            socket.setSoTimeout((int) left);
            return in.read(into, from, length);
        }
    }
}
