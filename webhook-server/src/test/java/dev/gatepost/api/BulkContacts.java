package dev.gatepost.api;

import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Contacts of a CRM, announced by webhooks as fast as they are taken; each is verified and written back. Some thousands are
 * always waiting, until it is told to stop.
 */
final class BulkContacts implements BulkWork {
    /** Events in one delivery: the most that HubSpot sends together. */
    private static final int EVENTS_PER_DELIVERY = 100;

    /** Contacts announced and not written back: several times what is verified at once. */
    private static final int WAITING_MAX = 3_000;

    private final SandboxHubSpot hubSpot;
    private final int port;
    private final String domain;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger written = new AtomicInteger();

    BulkContacts(SandboxHubSpot hubSpot, int port, String domain) {
        this.hubSpot = hubSpot;
        this.port = port;
        this.domain = domain;
        hubSpot.onChange(contact -> written.incrementAndGet());
    }

    @Override
    public String name() {
        return "contacts of a CRM";
    }

    /** Contacts written back so far. */
    @Override
    public int done() {
        return written.get();
    }

    /** Announces contacts until closed; then waits until all have been written back. */
    @Override
    public AutoCloseable begin() {
        var goesOn = new AtomicBoolean(true);
        var thread = Thread.ofVirtual().start(() -> send(goesOn));
        return () -> {
            goesOn.set(false);
            thread.join();
            while (written.get() < sent.get()) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
        };
    }

    private void send(AtomicBoolean goesOn) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var in = new BufferedInputStream(socket.getInputStream(), 8192);
            while (goesOn.get()) {
                if (sent.get() - written.get() >= WAITING_MAX) {
                    TimeUnit.MILLISECONDS.sleep(5);
                } else {
                    socket.getOutputStream().write(delivery(contacts()));
                    VerifySenders.readHead(in);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<String> contacts() {
        var ids = new ArrayList<String>();
        for (int i = 0; i < EVENTS_PER_DELIVERY; i++) {
            ids.add(hubSpot.createContact("lead%d@%s".formatted(sent.incrementAndGet(), domain), Map.of()));
        }
        return ids;
    }

    private byte[] delivery(List<String> ids) {
        var app = hubSpot.app();
        var path = "/hooks/hubspot/" + app.appId();
        var now = System.currentTimeMillis();
        var text = ids.stream()
                .map(id -> """
                        {"eventId":%s,"subscriptionId":22,"portalId":%s,"appId":%s,"occurredAt":%d,\
                        "subscriptionType":"object.creation","objectTypeId":"0-1","objectId":%s,"attemptNumber":0,\
                        "changeSource":"IMPORT","changeFlag":"NEW"}\
                        """.formatted(id, app.portalId(), app.appId(), now, id))
                .collect(Collectors.joining(",", "[", "]"));
        var head = new StringBuilder("POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n".formatted(path, port));
        hubSpot.sign("http://127.0.0.1:" + port + path, text, InstantSource.system())
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        head.append("Content-Type: application/json\r\nContent-Length: %d\r\n\r\n".formatted(text.length()));
        return head.append(text).toString().getBytes(StandardCharsets.UTF_8);
    }
}
