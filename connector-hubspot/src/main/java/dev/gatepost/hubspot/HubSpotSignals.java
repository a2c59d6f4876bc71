package dev.gatepost.hubspot;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatepost.verify.Evidence.CrmSaid;
import dev.gatepost.verify.Evidence.CrmSaid.CrmMeaning;
import java.util.List;

/**
 * What HubSpot's own properties say about a contact's address. Read, never written. Only a bounce for want of a mailbox
 * weighs with us; everything else is shown. Consent ({@code hs_email_optout}) says nothing about delivery and is not read.
 * A portal may lack any of them, and any may have a value nobody documented. Pure.
 */
final class HubSpotSignals {
    private static final String BOUNCE_REASON = "hs_email_hard_bounce_reason_enum";

    /** Asked for with each contact. None holds an address. */
    static final List<String> PROPERTIES = List.of(
            "hs_email_bad_address",
            "hs_email_bounce",
            BOUNCE_REASON,
            "hs_email_quarantined",
            "hs_email_quarantined_reason",
            "hs_email_customer_quarantined_reason",
            "hs_email_is_ineligible",
            "hs_emailconfirmationstatus",
            "hs_email_delivered",
            "hs_email_last_open_date",
            "hs_email_last_click_date",
            "hs_email_last_reply_date");

    private HubSpotSignals() {}

    /** Those of a contact's properties that say something. */
    static List<CrmSaid> of(JsonNode properties) {
        return PROPERTIES.stream()
                .map(name -> new CrmSaid(
                        name, properties.path(name).asText("").strip(), meaning(name, properties.path(name))))
                .filter(said -> tells(said.value()))
                .toList();
    }

    private static boolean tells(String value) {
        return !value.isEmpty() && !value.equals("false") && !value.equals("0") && !value.equals("null");
    }

    /** Other reasons (content, policy, spam, a full mailbox) speak of the mail or the moment, not of the mailbox. */
    private static CrmMeaning meaning(String name, JsonNode value) {
        return name.equals(BOUNCE_REASON) && value.asText("").strip().equals("UNKNOWN_USER")
                ? CrmMeaning.BOUNCED
                : CrmMeaning.NOTED;
    }
}
