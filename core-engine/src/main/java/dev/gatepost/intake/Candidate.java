package dev.gatepost.intake;

import dev.gatepost.address.AddressDialect;
import dev.gatepost.address.AddressParser;
import dev.gatepost.address.Syntax;
import dev.gatepost.verify.Evidence;
import java.util.List;
import java.util.Locale;

/**
 * An event whose contact has an address to verify.
 *
 * @param event the event
 * @param email the address as it stands in the CRM now
 * @param normalized the key two spellings share; for a text that is no address the text itself in lower case
 * @param signals what the CRM itself holds about the address
 */
record Candidate(EventRow event, String email, String normalized, List<Evidence.CrmSaid> signals) {
    /** CRM contacts may well have addresses with letters outside ASCII, so the widest envelope grammar reads them. */
    static final AddressDialect DIALECT = AddressDialect.SMTPUTF8;

    static Candidate of(EventRow event, String email) {
        return of(event, email, List.of());
    }

    static Candidate of(EventRow event, String email, List<Evidence.CrmSaid> signals) {
        return new Candidate(event, email.strip(), normalized(email), signals);
    }

    /** The key two spellings share. */
    static String normalized(String email) {
        var text = email.strip();
        return switch (AddressParser.parse(text, DIALECT)) {
            case Syntax.Wellformed(var address) -> address.normalized();
            case Syntax.Malformed _ -> text.toLowerCase(Locale.ROOT);
        };
    }

    /** What a claim is about: this contact with this address. */
    String subject() {
        return subject(event.connectionId(), event.objectId(), normalized);
    }

    static String subject(String connectionId, String objectId, String normalized) {
        return "crm:" + connectionId + ":" + objectId + ":" + normalized;
    }
}
