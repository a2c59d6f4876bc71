import dev.gatepost.sandbox.MailWorld;
import dev.gatepost.sandbox.SandboxNameServer;

/** A mail world on loopback for a product in another process: prints the ports of name server and mail hosts, and stays. */
final class MailSandbox {
    private MailSandbox() {}

    public static void main(String[] arguments) throws InterruptedException {
        try (var mail = MailWorld.start();
                var names = SandboxNameServer.start(mail.zone())) {
            System.out.println(names.address().getPort() + " " + mail.smtpPort());
            Thread.currentThread().join();
        }
    }
}
