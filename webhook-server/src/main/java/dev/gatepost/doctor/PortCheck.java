package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;
import static dev.gatepost.doctor.Finding.unsure;

import dev.gatepost.doctor.Calls.Called;
import dev.gatepost.egress.Dialled;
import dev.gatepost.server.Config;
import dev.gatepost.smtp.Hello;
import java.util.List;

/** Whether mail hosts can be reached at their port. */
final class PortCheck {

    private static final String BLOCKED =
            "ask your provider to open outgoing port 25 (many clouds close it), send through"
                    + " GATEPOST_SMTP_SOCKS5, or leave GATEPOST_SMTP_HELO empty for verdicts that end at the domain";

    private PortCheck() {}

    static Finding finding(List<Called> called, Config config) {
        var check = "port " + config.smtp().port();
        Finding worst = unsure(check, "there was no mail host to try it with", "see the name servers above");
        for (var each : called) {
            var finding = switch (each) {
                case Called.NoHost(var domain, var why) ->
                    unsure(
                            check,
                            "no mail host of " + domain + " to try it with: " + why,
                            "see the name servers above");
                case Called.Host(var name, var hello, var _) -> of(check, name, hello);
            };
            if (finding.state() == Finding.State.FINE) {
                return finding; // one that answers shows that the way is open
            }
            worst = worst.state() == Finding.State.MEND ? worst : finding;
        }
        return worst;
    }

    private static Finding of(String check, String host, Hello hello) {
        return switch (hello) {
            case Hello.Greeted _ -> fine(check, "open: " + host + " answered");
            case Hello.Refused(var reply, var cause, var mend, var _) ->
                mend(
                        check,
                        "open, but " + host + " refuses us (" + cause.word() + "): " + reply.code() + " "
                                + reply.text(),
                        mend);
            case Hello.Mute(var why, var _) ->
                mend(
                        check,
                        host + " took the connection, but " + why
                                + ": perhaps a firewall or your provider takes it instead",
                        BLOCKED);
            case Hello.NotConnected(Dialled.Refused(var why)) ->
                mend(
                        check,
                        "our own rules forbid to connect to " + host + ": " + why,
                        "see GATEPOST_EGRESS_ALLOW and GATEPOST_SMTP_PORT");
            case Hello.NotConnected(Dialled.Unreachable(var cause, var _)) ->
                switch (cause) {
                    case TIMEOUT -> mend(check, "blocked by your network: no answer from " + host, BLOCKED);
                    case CONNECTION_REFUSED ->
                        mend(check, "blocked by your network: the connection to " + host + " is refused", BLOCKED);
                    case NO_ROUTE ->
                        mend(
                                check,
                                "this machine has no route to " + host,
                                "mend its network: address, gateway, and the container's network, if it runs in one");
                    case OTHER ->
                        mend(
                                check,
                                "the connection to " + host + " failed",
                                "mend this machine's network, or GATEPOST_SMTP_SOCKS5 if it is set");
                };
            case Hello.NotConnected(Dialled.Connected _) ->
                throw new IllegalStateException("connected and not connected");
        };
    }
}
