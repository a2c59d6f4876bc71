package dev.gatepost.hubspot.sandbox;

import static java.util.Objects.requireNonNull;

/**
 * The app a sandbox HubSpot knows, installed in its one portal.
 *
 * @param appId number of the app
 * @param portalId number of the portal
 * @param clientSecret webhooks are signed with it
 * @param token calls must carry it
 * @param form how webhook events are named
 * @param callsInTenSecondsMax calls the portal allows in any ten seconds, at least 1
 */
public record SandboxApp(
        long appId, long portalId, String clientSecret, String token, EventForm form, int callsInTenSecondsMax) {
    /** What HubSpot allows an OAuth app for one account. HubSpot documentation, "Usage guidelines". */
    public static final int CALLS_IN_TEN_SECONDS_MAX = 110;

    public SandboxApp {
        requireNonNull(clientSecret, "clientSecret");
        requireNonNull(token, "token");
        requireNonNull(form, "form");
    }

    /** The two ways HubSpot names what happened. */
    public enum EventForm {
        /** {@code object.creation} with an object type id: what apps made today subscribe to. */
        GENERIC,
        /** {@code contact.creation}: what older apps get. */
        CLASSIC
    }

    /** An invented app with well-known secrets, good for loopback only. */
    public static SandboxApp standard() {
        return new SandboxApp(
                1160452,
                102670506,
                "5a6d0b0e-0000-4000-8000-sandboxsecret",
                "pat-sandbox-token",
                EventForm.GENERIC,
                CALLS_IN_TEN_SECONDS_MAX);
    }

    /** The app's client id, for OAuth: in this sandbox it follows from the app's number. */
    public String clientId() {
        return "client-" + appId;
    }

    /** The same app with events named in another way. */
    public SandboxApp withForm(EventForm other) {
        return new SandboxApp(appId, portalId, clientSecret, token, other, callsInTenSecondsMax);
    }

    /** The same app with another limit. */
    public SandboxApp withCallsInTenSecondsMax(int calls) {
        return new SandboxApp(appId, portalId, clientSecret, token, form, calls);
    }
}
