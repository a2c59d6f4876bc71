package dev.gatepost.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The files of the {@link Postfix} under test: one set of mailboxes behind several addresses that differ in temper. */
final class PostfixConfiguration {
    static final String CATCH_ALL = "catch-all.sandbox-mail.com";

    /** Mailboxes {@code user0} and so on. */
    static final int USERS = 200;

    /** Password of the sandbox's key, which is good for nothing else. */
    private static final char[] KEY_PASSWORD = "sandbox".toCharArray();

    /** An address Postfix listens at, the domain it serves there, and how it differs there from its defaults. */
    enum Temper {
        PLAIN("mailboxes", "127.77.200.1", "smtpd"),
        WITHOUT_PIPELINING("no-pipelining", "127.77.201.1", "smtpd -o smtpd_discard_ehlo_keywords=pipelining"),
        WITHOUT_SMTPUTF8("no-smtputf8", "127.77.208.1", "smtpd -o smtpd_discard_ehlo_keywords=smtputf8"),
        /** By rule; Postfix says so at RCPT, as it does by default ({@code smtpd_delay_reject}). */
        REFUSES_CLIENT("refuses-client", "127.77.202.1", "smtpd -o smtpd_client_restrictions=reject"),
        REFUSES_HELO("refuses-helo", "127.77.203.1", "smtpd -o smtpd_helo_restrictions=reject"),
        REFUSES_SENDER("refuses-sender", "127.77.204.1", "smtpd -o smtpd_sender_restrictions=reject"),
        ENCRYPTS("encrypts", "127.77.205.1", "smtpd -o smtpd_tls_security_level=encrypt"),
        /** Greets in two lines with a pause between, to catch who talks too early. */
        SCREENS("screens", "127.77.206.1", "postscreen"),
        /** Takes one recipient a message. */
        ONE_RECIPIENT("one-recipient", "127.77.209.1", "smtpd -o smtpd_recipient_limit=1"),
        /** Hangs up with a 421 on a client that is silent for a second. */
        IMPATIENT("impatient", "127.77.210.1", "smtpd -o smtpd_timeout=1s"),
        /** Asks a {@link GreylistPolicy} about each recipient before it looks whether there is such a mailbox. */
        GREYLISTS("greylists", "127.77.207.1", "smtpd -o smtpd_recipient_restrictions=$greylisting");

        private final String word;
        private final String address;
        private final String command;

        Temper(String word, String address, String command) {
            this.word = word;
            this.address = address;
            this.command = command;
        }

        String domain() {
            return word + ".sandbox-mail.com";
        }

        /** Each has a network of its own, since limits count a /24 as one organisation. */
        String address() {
            return address;
        }

        private String service(int port) {
            var processesMax = this == SCREENS ? "1" : "-";
            return "%s:%d inet n - n - %s %s%n".formatted(address, port, processesMax, command);
        }
    }

    private PostfixConfiguration() {}

    static void write(Path folder, int port, GreylistPolicy policy) throws IOException {
        var etc = Files.createDirectories(folder.resolve("etc"));
        Files.createDirectory(folder.resolve("queue")); // Postfix makes what belongs into it
        var owner = folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("postfix");
        Files.setOwner(Files.createDirectory(folder.resolve("data")), owner);
        Files.writeString(etc.resolve("main.cf"), main(folder, policy));
        Files.writeString(etc.resolve("master.cf"), services(port));
        Files.writeString(
                etc.resolve("mailboxes"),
                IntStream.range(0, USERS).mapToObj(i -> "user" + i + " x\n").collect(Collectors.joining())
                        + "jane x\njané x\nfull x\ngrey x\nclosed x\n");
        Files.writeString(etc.resolve("aliases"), "@" + CATCH_ALL + " jane@" + Temper.PLAIN.domain() + "\n");
        Files.writeString(etc.resolve("refusals"), """
                full@ 552 5.2.2 Mailbox is full
                grey@ 450 4.2.0 Greylisted, see http://postgrey.schweikert.ch/help/
                closed@ REJECT
                """);
        Files.writeString(etc.resolve("tls.pem"), keyAndCertificate());
    }

    /** All that is not said here is Postfix's default, its error and rate limits too. */
    private static String main(Path folder, GreylistPolicy policy) {
        var domains = Arrays.stream(Temper.values()).map(Temper::domain).collect(Collectors.joining(", "));
        return """
                compatibility_level = 3.6
                queue_directory = %1$s/queue
                data_directory = %1$s/data
                maillog_file = %1$s/mail.log
                maillog_file_prefixes = %1$s
                myhostname = mx.postfix-host.net
                mydestination = %2$s
                mynetworks = 192.0.2.1/32
                inet_interfaces = loopback-only
                inet_protocols = ipv4
                smtpd_peername_lookup = no
                local_recipient_maps = texthash:%1$s/etc/mailboxes
                alias_maps =
                alias_database =
                virtual_alias_domains = %3$s
                virtual_alias_maps = texthash:%1$s/etc/aliases
                smtpd_recipient_restrictions =
                    reject_unauth_destination, check_recipient_access texthash:%1$s/etc/refusals
                greylisting = reject_unauth_destination, %4$s
                smtpd_tls_chain_files = %1$s/etc/tls.pem
                postscreen_greet_wait = 1s
                postscreen_greet_action = enforce
                """.formatted(folder, domains, CATCH_ALL, policy.restriction());
    }

    /**
     * The queue manager is woken each second, as by the mail of a busy host: each time it hands out the tokens that
     * accepted recipients take ({@code in_flow_delay}). On a host without any mail, a hundred probes would use them up,
     * and each further one would wait a second.
     */
    private static String services(int port) {
        return Arrays.stream(Temper.values())
                        .map(temper -> temper.service(port))
                        .collect(Collectors.joining())
                + """
                smtpd pass - - n - - smtpd
                dnsblog unix - - n - 0 dnsblog
                tlsproxy unix - - n - 0 tlsproxy
                tlsmgr unix - - n 1000? 1 tlsmgr
                cleanup unix n - n - 0 cleanup
                qmgr unix n - n 1 1 qmgr
                rewrite unix - - n - - trivial-rewrite
                anvil unix - - n - 1 anvil
                postlog unix-dgram n - n - 1 postlogd
                """;
    }

    /** The sandbox mail hosts' key and certificate, as Postfix reads them. */
    private static String keyAndCertificate() throws IOException {
        try (var stored = PostfixConfiguration.class.getResourceAsStream("/dev/gatepost/sandbox/mail-host.p12")) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(stored, KEY_PASSWORD);
            var alias = store.aliases().nextElement();
            return pem("PRIVATE KEY", store.getKey(alias, KEY_PASSWORD).getEncoded())
                    + pem("CERTIFICATE", store.getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK reads no PKCS #12", e);
        }
    }

    private static String pem(String what, byte[] octets) {
        var text = Base64.getMimeEncoder().encodeToString(octets);
        return "-----BEGIN " + what + "-----\n" + text.replace("\r", "") + "\n-----END " + what + "-----\n";
    }
}
