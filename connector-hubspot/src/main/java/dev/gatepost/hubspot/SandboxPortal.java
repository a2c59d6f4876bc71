package dev.gatepost.hubspot;

import dev.gatepost.connector.SandboxCrm;
import dev.gatepost.hubspot.sandbox.SandboxContact;
import dev.gatepost.hubspot.sandbox.SandboxHubSpot;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The sandbox HubSpot as the product sees any CRM's sandbox. */
record SandboxPortal(SandboxHubSpot hubSpot) implements SandboxCrm {

    @Override
    public int port() {
        return URI.create(hubSpot.baseUrl()).getPort();
    }

    @Override
    public Map<String, String> settings() {
        var app = hubSpot.app();
        return Map.of(
                HubSpotPlugin.APP_ID, Long.toString(app.appId()),
                HubSpotPlugin.API, hubSpot.baseUrl(),
                HubSpotPlugin.CLIENT_SECRET, app.clientSecret(),
                HubSpotPlugin.TOKEN, app.token());
    }

    @Override
    public void sendWebhooksTo(String url) {
        hubSpot.sendWebhooksTo(url);
    }

    @Override
    public String createContact(String email, Map<String, String> more) {
        return hubSpot.createContact(email, more);
    }

    @Override
    public Optional<Map<String, String>> contact(String id) {
        return hubSpot.contact(id).map(SandboxContact::properties);
    }

    @Override
    public void onWrite(Consumer<String> listener) {
        hubSpot.onChange(contact -> listener.accept(contact.id()));
    }

    @Override
    public void close() {
        hubSpot.close();
    }
}
