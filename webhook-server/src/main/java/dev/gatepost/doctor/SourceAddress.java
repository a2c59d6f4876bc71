package dev.gatepost.doctor;

import dev.gatepost.doctor.Calls.Called;
import dev.gatepost.server.Config;
import dev.gatepost.server.Engine;
import dev.gatepost.smtp.Hello;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address that mail hosts see us at.
 *
 * @param address empty when it cannot be told
 */
record SourceAddress(Optional<InetAddress> address, Finding finding) {

    private static final Pattern BRACKETED = Pattern.compile("\\[(\\d{1,3}(?:\\.\\d{1,3}){3})]");

    private static final String CHECK = "our address";

    /** Hosts such as Gmail's name it in their answer to EHLO; else it is our end of a connection, if that is public. */
    static SourceAddress of(List<Called> called, Config.Smtp smtp, Engine engine) {
        for (var each : called) {
            if (each instanceof Called.Host(var name, Hello.Greeted(var _, var answer, var _), var _)) {
                var named = BRACKETED.matcher(answer);
                while (named.find()) {
                    var address = literal(named.group(1)).filter(engine.egress()::routable);
                    if (address.isPresent()) {
                        return known(address.get(), name + " sees us there");
                    }
                }
            }
        }
        if (smtp.isDirect()) {
            for (var each : called) {
                var from = from(each).filter(address -> !(address instanceof Inet6Address));
                if (from.filter(engine.egress()::routable).isPresent()) {
                    return known(from.get(), "this machine connects from there");
                }
            }
        }
        return new SourceAddress(
                Optional.empty(),
                Finding.unsure(
                        CHECK,
                        "cannot be told: no mail host named it, and this machine has none that is public itself",
                        "compare PTR and SPF by hand with the address your provider gave you"));
    }

    private static SourceAddress known(InetAddress address, String how) {
        return new SourceAddress(Optional.of(address), Finding.fine(CHECK, address.getHostAddress() + ": " + how));
    }

    private static Optional<InetAddress> from(Called called) {
        return switch (called) {
            case Called.NoHost _ -> Optional.empty();
            case Called.Host(var _, var hello, var _) ->
                switch (hello) {
                    case Hello.Greeted(var _, var _, var from) -> Optional.of(from);
                    case Hello.Refused(var _, var _, var _, var from) -> Optional.of(from);
                    case Hello.Mute(var _, var from) -> Optional.of(from);
                    case Hello.NotConnected _ -> Optional.empty();
                };
        };
    }

    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
