package dev.gatepost.hubspot.sandbox;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A small HubSpot on a real socket on loopback: the calls the connector makes (by dated path and by the version 3 that
 * HubSpot's own client calls), its limits and errors, and webhooks signed, grouped and repeated as HubSpot's are. The
 * methods here do what a person does in HubSpot's own pages. Safe for any thread.
 */
public final class SandboxHubSpot implements AutoCloseable {
    private static final int ACCEPT_BACKLOG = 256;

    static {
        // The JDK's server writes head and body apart; by default the second waits some 40 ms for the first's receipt.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final SandboxApp app;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Consumer<SandboxContact>> listeners = new CopyOnWriteArrayList<>();
    private final WebhookSender webhooks;
    private final ContactBook book;
    private final PropertyBook properties = new PropertyBook();
    private final ListBook lists = new ListBook();
    private final TokenBook tokens;
    private final StepBook steps;
    private final CallLimit limit;
    private final SandboxApi api;
    private final ContactCalls calls;

    private SandboxHubSpot(SandboxApp app, int port, InstantSource clock) throws IOException {
        this.app = app;
        this.webhooks = new WebhookSender(app, clock);
        this.book = new ContactBook(clock, webhooks::tell);
        this.limit = new CallLimit(app.callsInTenSecondsMax(), clock);
        this.calls = new ContactCalls(book, properties, clock, contact -> listeners.forEach(l -> l.accept(contact)));
        this.tokens = new TokenBook(app, clock);
        this.steps = new StepBook(app, clock, webhooks.signer());
        this.api = new SandboxApi(
                app, new SandboxApi.Books(tokens, steps, lists), calls, new ContactSearch(book), properties, limit);
        var address = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        this.server = HttpServer.create(address, ACCEPT_BACKLOG);
        server.setExecutor(threads);
        server.createContext("/", api);
        server.start();
    }

    /**
     * Starts one.
     *
     * @param port 0 for any free one
     * @throws UncheckedIOException when the port is taken
     */
    public static SandboxHubSpot start(SandboxApp app, int port, InstantSource clock) {
        try {
            return new SandboxHubSpot(app, port, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("no sandbox HubSpot on port " + port, e);
        }
    }

    /** Starts one with the standard app, any free port and the system's clock. */
    public static SandboxHubSpot start() {
        return start(SandboxApp.standard(), 0, InstantSource.system());
    }

    /** The app it knows: the secrets to connect with. */
    public SandboxApp app() {
        return app;
    }

    /** What the connector's setting {@code api} must be. */
    public String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * From now on, delivers webhooks there; before, nobody has subscribed and events are not kept.
     *
     * @param url http on loopback, just as the receiver's public URL is configured
     */
    public void sendWebhooksTo(String url) {
        webhooks.target(url);
    }

    /** Calls {@code listener} with each contact an API call wrote to, in that call's thread. */
    public void onChange(Consumer<SandboxContact> listener) {
        listeners.add(listener);
    }

    /** Creates a contact; an empty address means none. Returns its id. */
    public String createContact(String email, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(more);
        all.put("email", email);
        return book.create(all).id();
    }

    /**
     * Adds very many contacts, made up when they are looked at, of which no webhook tells: for measuring. What is written to
     * them counts and is not kept.
     *
     * @param domain of their addresses
     */
    public void gatherCrowd(int size, String domain) {
        book.gather(size, domain);
    }

    /** How many contacts of the crowd were written to. */
    public int writtenOfCrowd() {
        return book.crowd().written();
    }

    /** The contact as it is now, also by the id it had before a merge. */
    public Optional<SandboxContact> contact(String id) {
        return book.find(ContactCalls.number(id));
    }

    /** Gives a contact another address. */
    public void changeEmail(String id, String email) {
        book.update(ContactCalls.number(id), Map.of("email", email));
    }

    /** Moves a contact into the recycle bin. */
    public void deleteContact(String id) {
        book.delete(ContactCalls.number(id));
    }

    /** Takes a contact out of the recycle bin. */
    public void restoreContact(String id) {
        book.restore(ContactCalls.number(id));
    }

    /** Deletes a contact for good, by the person's right to be forgotten. */
    public void privacyDelete(String id) {
        book.erase(ContactCalls.number(id));
    }

    /** Merges two contacts; the record that remains has a new id, which is returned, and the winner's properties. */
    public String mergeContacts(String winner, String loser) {
        return book.merge(ContactCalls.number(winner), ContactCalls.number(loser))
                .orElseThrow(() -> new IllegalArgumentException("no two contacts " + winner + " and " + loser))
                .id();
    }

    /** Makes a list of contacts; returns its id. */
    public String createList(List<String> members) {
        return lists.create(members);
    }

    /** Runs our step in a workflow for a contact, with these inputs; where it answers. */
    public SandboxStep runStep(String url, String contactId, Map<String, String> inputs) {
        return runStepAgain(url, contactId, inputs, "");
    }

    /** Runs the same execution once more, as HubSpot does when an answer was lost. */
    public SandboxStep runStepAgain(String url, String contactId, Map<String, String> inputs, String callbackId) {
        return steps.run(url, contact(contactId).orElseThrow(), inputs, callbackId);
    }

    /** A step as far as it has come, also by callbacks. */
    public Optional<SandboxStep> step(String callbackId) {
        return steps.step(callbackId);
    }

    /** A step that waits for its callback without having been run; returns its callback id. */
    public String blockedStep() {
        return steps.block();
    }

    /** What the drop-down of our step shows, by value. */
    public Map<String, String> stepOptions(String url) {
        return steps.options(url);
    }

    /** All access tokens end now, as after half an hour. */
    public void expireAccessTokens() {
        tokens.expireAccess();
    }

    /** From now on access tokens live so long. */
    public void accessTokensLive(Duration life) {
        tokens.life(life);
    }

    /** Takes the app out of the portal, as an admin may; nobody tells us. */
    public void uninstallApp() {
        tokens.uninstall();
    }

    /** Whether an app is installed by OAuth. */
    public boolean isAppInstalled() {
        return tokens.isInstalled();
    }

    /** How often an access token was had for a refresh token. */
    public int tokenRefreshes() {
        return tokens.refreshes();
    }

    /** Deletes a property, as an admin may at any time. */
    public void deleteProperty(String name) {
        properties.delete(name);
    }

    /** The next {@code times} calls of the API fail so; orders are served one after the other. */
    public void fail(Fault fault, int times) {
        api.order(fault, times);
    }

    /** The next {@code times} batch updates fail so; all other calls go on. */
    public void failUpdates(Fault fault, int times) {
        api.orderForUpdates(fault, times);
    }

    /**
     * From now on an admin's rule forbids to write to contacts of these ids: a batch update with one of them is refused as a
     * whole, with 400, and does not say which.
     */
    public void forbidWrites(Predicate<String> ids) {
        calls.forbid(ids);
    }

    /** Makes a property as an admin would, with these options. */
    public void createProperty(String name, String type, List<String> options) {
        properties.createByHand(name, type, options);
    }

    /** From now on the static token lacks these scopes; calls that take them are refused. */
    public void lackScopes(Set<String> scopes) {
        api.lackScopes(scopes);
    }

    /** Takes back what of {@link #fail} has not happened yet. */
    public void healthy() {
        api.cancelFaults();
    }

    /** How often each call was made, for example {@code POST contacts/batch/read}. */
    public Map<String, Integer> calls() {
        return api.calls();
    }

    /** How often it answered with each HTTP status, ordered errors and calls for tokens included. */
    public Map<Integer, Integer> answers() {
        return api.answers();
    }

    /** Most calls admitted within any ten seconds so far. */
    public int callsInTenSecondsPeak() {
        return limit.peak();
    }

    /** Calls refused as beyond the limit so far. */
    public int callsRefused() {
        return limit.refused();
    }

    /** The last tries to deliver webhooks, oldest first. */
    public List<SandboxDelivery> deliveries() {
        return webhooks.history();
    }

    /** Delivers a body once more, newly signed. */
    public void deliverAgain(SandboxDelivery delivery) {
        webhooks.resend(delivery);
    }

    /** The headers HubSpot would send with this body to this URL now. */
    public Map<String, String> sign(String url, String body, InstantSource clock) {
        return webhooks.signer().headers(url, body, clock.instant());
    }

    @Override
    public void close() {
        webhooks.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
