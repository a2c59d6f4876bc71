package dev.gatepost.acceptance;

import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.verify.Verification;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** One domain with its mail hosts, each following a script, and an engine that has never met them. */
final class OneDomain implements AutoCloseable {
    static final String NAME = "answers.sandbox-mail.com";

    /** Where the hosts listen, each in a network of its own; nothing beside it may be dialled. */
    private static final String RANGE = "127.78.0.0/16";

    /** Ports tried until one is free at all hosts' addresses. */
    private static final int PORT_TRIES_MAX = 20;

    private final List<ScriptedMailHost> hosts;
    private final EngineWorld engine;

    private OneDomain(List<ScriptedMailHost> hosts) {
        this.hosts = List.copyOf(hosts);
        var zone = new FakeZone();
        for (int i = 0; i < hosts.size(); i++) {
            var name = "mx" + i + ".answers-host.net";
            zone.mx(NAME, 10 * (i + 1), name)
                    .address(name, hosts.get(i).address().getHostAddress());
        }
        engine = EngineWorld.over(zone, hosts.getFirst().port(), RANGE);
    }

    /** Starts a mail host for each script, the best MX first. */
    static OneDomain servedBy(MailScript... bestFirst) throws IOException {
        for (int tries = 1; ; tries++) {
            var hosts = new ArrayList<ScriptedMailHost>();
            try {
                for (var script : bestFirst) {
                    var address = InetAddress.ofLiteral("127.78." + hosts.size() + ".1");
                    int port = hosts.isEmpty() ? 0 : hosts.getFirst().port();
                    hosts.add(ScriptedMailHost.start(address, port, script, InstantSource.system()));
                }
                return new OneDomain(hosts);
            } catch (BindException e) {
                hosts.forEach(ScriptedMailHost::close);
                if (tries == PORT_TRIES_MAX) {
                    throw e;
                }
            }
        }
    }

    Verification verify(String localPart) {
        return engine.verify(localPart + "@" + NAME);
    }

    /** The hosts in the order of their preference. */
    ScriptedMailHost host(int index) {
        return hosts.get(index);
    }

    @Override
    public void close() {
        engine.close();
        hosts.forEach(ScriptedMailHost::close);
    }
}
