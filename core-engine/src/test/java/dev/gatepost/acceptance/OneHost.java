package dev.gatepost.acceptance;

import dev.gatepost.sandbox.FakeZone;
import dev.gatepost.sandbox.MailScript;
import dev.gatepost.sandbox.ScriptedMailHost;
import dev.gatepost.verify.Verification;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;

/** One domain with one mail host that follows a script, and an engine that has never met it. */
final class OneHost implements AutoCloseable {
    static final String DOMAIN = "answers.sandbox-mail.com";

    /** Where the host listens; nothing beside it may be dialled. */
    private static final String ADDRESS = "127.78.0.1";

    private final ScriptedMailHost host;
    private final EngineWorld engine;

    private OneHost(ScriptedMailHost host) {
        this.host = host;
        var zone = new FakeZone().mx(DOMAIN, 10, "mx.answers-host.net").address("mx.answers-host.net", ADDRESS);
        engine = EngineWorld.over(zone, host.port(), ADDRESS + "/32");
    }

    static OneHost following(MailScript script) throws IOException {
        return new OneHost(ScriptedMailHost.start(InetAddress.ofLiteral(ADDRESS), 0, script, InstantSource.system()));
    }

    Verification verify(String localPart) {
        return engine.verify(localPart + "@" + DOMAIN);
    }

    ScriptedMailHost host() {
        return host;
    }

    @Override
    public void close() {
        engine.close();
        host.close();
    }
}
