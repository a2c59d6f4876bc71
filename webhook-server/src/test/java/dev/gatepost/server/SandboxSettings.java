package dev.gatepost.server;

import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Settings with which the product verifies in a mail world on loopback. */
public final class SandboxSettings {
    /** Where the mail hosts are, as an egress rule. */
    public static final String MAIL = "smtp=127.77.0.0/16";

    private SandboxSettings() {}

    /** Data below the folder, any free port, and nobody reached but the mail hosts; more may be added. */
    public static Map<String, String> of(Path folder, MailWorld mail, SandboxNameServer names) {
        return new HashMap<>(Map.of(
                "GATEPOST_DATA",
                folder.resolve("data").toString(),
                "GATEPOST_PORT",
                "0",
                "GATEPOST_DNS_SERVERS",
                "127.0.0.1:" + names.address().getPort(),
                "GATEPOST_SMTP_HELO",
                "gate.sandbox-mail.com",
                "GATEPOST_SMTP_MAIL_FROM",
                "probe@gate.sandbox-mail.com",
                "GATEPOST_SMTP_PORT",
                Integer.toString(mail.smtpPort()),
                "GATEPOST_EGRESS_ALLOW",
                MAIL));
    }
}
