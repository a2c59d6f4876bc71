package dev.gatepost.activecampaign;

import dev.gatepost.activecampaign.sandbox.SandboxActiveCampaign;
import dev.gatepost.connector.SandboxCrm;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The sandbox ActiveCampaign as the product sees any CRM's sandbox. */
record SandboxAccount(SandboxActiveCampaign crm) implements SandboxCrm {

    @Override
    public int port() {
        return URI.create(crm.url()).getPort();
    }

    @Override
    public Map<String, String> settings() {
        return Map.of(ActiveCampaignPlugin.URL, crm.url(), ActiveCampaignPlugin.KEY, crm.key());
    }

    /** Its webhooks go where connecting registered them; this only opens the way. */
    @Override
    public void sendWebhooksTo(String url) {
        // nothing to do: ActiveCampaign is told by its API
    }

    @Override
    public String createContact(String email, Map<String, String> more) {
        return crm.createContact(email, more);
    }

    @Override
    public Optional<Map<String, String>> contact(String id) {
        return crm.contact(id);
    }

    @Override
    public void onWrite(Consumer<String> listener) {
        crm.onWrite(listener);
    }

    @Override
    public void close() {
        crm.close();
    }
}
