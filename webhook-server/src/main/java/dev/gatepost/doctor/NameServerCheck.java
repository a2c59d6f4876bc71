package dev.gatepost.doctor;

import static dev.gatepost.doctor.Finding.fine;
import static dev.gatepost.doctor.Finding.mend;

import dev.gatepost.dns.Answer;
import dev.gatepost.dns.DnsjavaResolver;
import dev.gatepost.dns.RecordType;

/** One name server: does it answer by datagram, and by TCP, which long answers need. */
final class NameServerCheck {

    private final String name;
    private final DnsjavaResolver resolver;
    private final String domain;

    /** @param domain a domain that exists */
    NameServerCheck(String name, DnsjavaResolver resolver, String domain) {
        this.name = name;
        this.resolver = resolver;
        this.domain = domain;
    }

    Finding finding() {
        var check = "name server";
        if (resolver.ask(domain, RecordType.MX) instanceof Answer.Failed(var cause)) {
            return mend(
                    check,
                    name + " does not answer (" + cause + ")",
                    "set GATEPOST_DNS_SERVERS to name servers that resolve for this machine");
        }
        return resolver.askByTcp(domain, RecordType.MX) instanceof Answer.Failed(var cause)
                ? mend(
                        check,
                        name + " answers by UDP but not by TCP (" + cause + "), which long answers need",
                        "open TCP port 53 to it, or set GATEPOST_DNS_SERVERS to another one")
                : fine(check, name + " answers by UDP and TCP");
    }
}
