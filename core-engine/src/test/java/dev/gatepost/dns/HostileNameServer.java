package dev.gatepost.dns;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** A name server on loopback that sends just the octets a test wants, for each query any number of datagrams. */
final class HostileNameServer implements AutoCloseable {
    /** What to send back over UDP. */
    interface Datagrams {
        List<byte[]> to(Message query) throws IOException;
    }

    /** What to write back over TCP, framing included. */
    interface Stream {
        void to(Message query, Socket client) throws IOException;
    }

    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    final AtomicInteger datagramQueries = new AtomicInteger();
    final AtomicInteger streamQueries = new AtomicInteger();
    private final DatagramSocket datagrams;
    private final ServerSocket connections;

    HostileNameServer(Datagrams byDatagram, Stream byStream) throws IOException {
        ServerSocket tcp = new ServerSocket(0, 0, LOOPBACK);
        DatagramSocket udp = null;
        while (udp == null) {
            try {
                udp = new DatagramSocket(tcp.getLocalSocketAddress());
            } catch (BindException e) {
                tcp.close(); // somebody's UDP port; another one then
                tcp = new ServerSocket(0, 0, LOOPBACK);
            }
        }
        connections = tcp;
        datagrams = udp;
        Thread.ofVirtual().start(() -> untilClosed(() -> answerDatagram(byDatagram)));
        Thread.ofVirtual().start(() -> untilClosed(() -> answerStream(byStream)));
    }

    static HostileNameServer byDatagram(Datagrams answers) throws IOException {
        return new HostileNameServer(answers, (_, _) -> {});
    }

    /** An answer to the query with this code and nothing in it, for tests to fill. */
    static Message answer(Message query, int rcode) {
        var answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.getHeader().setFlag(Flags.RA);
        answer.getHeader().setRcode(rcode);
        answer.addRecord(query.getQuestion(), Section.QUESTION);
        return answer;
    }

    static Message answer(Message query) {
        return answer(query, Rcode.NOERROR);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) datagrams.getLocalSocketAddress();
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        connections.close();
    }

    private interface Step {
        void run() throws IOException;
    }

    private void untilClosed(Step step) {
        while (!datagrams.isClosed()) {
            try {
                step.run();
            } catch (SocketException e) {
                // Closed, or a client hung up on us; both are what tests do.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void answerDatagram(Datagrams answers) throws IOException {
        var packet = new DatagramPacket(new byte[4_096], 4_096);
        datagrams.receive(packet);
        datagramQueries.incrementAndGet();
        for (var octets : answers.to(new Message(Arrays.copyOf(packet.getData(), packet.getLength())))) {
            datagrams.send(new DatagramPacket(octets, octets.length, packet.getSocketAddress()));
        }
    }

    private void answerStream(Stream answers) throws IOException {
        try (var client = connections.accept()) {
            var in = new DataInputStream(client.getInputStream());
            var query = new byte[in.readUnsignedShort()];
            in.readFully(query);
            streamQueries.incrementAndGet();
            answers.to(new Message(query), client);
        }
    }
}
