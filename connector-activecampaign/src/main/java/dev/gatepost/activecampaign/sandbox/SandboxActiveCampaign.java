package dev.gatepost.activecampaign.sandbox;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * A small ActiveCampaign on a real socket on loopback: the calls the connector makes, its limit and errors, webhooks of the
 * account and of automations, form-encoded, sent once. Each write by the API is an {@code update} too. The methods here do
 * what a person does in ActiveCampaign's own pages. Safe for any thread.
 */
public final class SandboxActiveCampaign implements AutoCloseable {
    private static final int ACCEPT_BACKLOG = 256;
    private static final String KEY = "sandbox-0000-key";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final HookSender sender = new HookSender();
    private final SecondLimit limit = new SecondLimit();
    private final SandboxState state;
    private final SandboxApi api;

    private SandboxActiveCampaign(int port, InstantSource clock) throws IOException {
        this.state = new SandboxState(clock, new HookStock(sender), id -> listeners.forEach(each -> each.accept(id)));
        this.api = new SandboxApi(KEY, state, limit);
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), ACCEPT_BACKLOG);
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
    public static SandboxActiveCampaign start(int port, InstantSource clock) {
        try {
            return new SandboxActiveCampaign(port, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("no sandbox ActiveCampaign on port " + port, e);
        }
    }

    /** What the connector's setting {@code url} must be. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What the connector's setting {@code key} must be. */
    public String key() {
        return KEY;
    }

    /** Creates a contact, which webhooks tell; an empty address makes one with a phone only. Returns its id. */
    public String createContact(String email, Map<String, String> more) {
        return Long.toString(state.create(email, more.getOrDefault("source", "public"), true));
    }

    /** Creates a contact as an import does: no webhook tells. Returns its id. */
    public String importContact(String email) {
        return Long.toString(state.create(email, "admin", false));
    }

    /** A contact comes to the Webhook step of an automation, which calls this URL once. */
    public void runStep(String id, String automation, String url) {
        sender.send(url, state.step(Long.parseLong(id), automation), () -> {});
    }

    /** Gives a contact another address. */
    public void changeEmail(String id, String email) {
        state.change(Long.parseLong(id), contact -> contact.email = email);
    }

    /** Puts a contact on a list: 1 subscribed, 2 unsubscribed. */
    public void putOnList(String id, long list, int status) {
        state.change(Long.parseLong(id), contact -> contact.lists.put(list, status));
    }

    /** Deletes a contact for good. */
    public void deleteContact(String id) {
        state.remove(Long.parseLong(id));
    }

    /** Deletes a custom field, as an admin may at any time. */
    public void deleteField(String tag) {
        state.withFields(fields -> {
            fields.delete(tag);
            return true;
        });
    }

    /** Whether the field stands on the contacts of all lists. */
    public boolean isShown(String tag) {
        return state.withFields(fields -> fields.isShown(tag));
    }

    /** Deletes all tags. */
    public void deleteTags() {
        state.forgetTags();
    }

    /** A contact's email, and its fields by lower-case personalization tag. */
    public Optional<Map<String, String>> contact(String id) {
        return state.look(Long.parseLong(id));
    }

    /** A contact's tags by name. */
    public List<String> tags(String id) {
        return state.tagsOf(Long.parseLong(id));
    }

    /** A contact's status by list. */
    public Map<Long, Integer> lists(String id) {
        return state.listsOf(Long.parseLong(id));
    }

    /** Every automation a contact was added to, once for each time. */
    public List<Long> automations(String id) {
        return state.automationsOf(Long.parseLong(id));
    }

    /** The URLs of the account's webhooks. */
    public List<String> webhooks() {
        return state.withHooks(hooks -> hooks.all().stream()
                .map(hook -> hook.path("events").path(0).asText() + " " + hook.path("sources") + " "
                        + hook.path("url").asText())
                .toList());
    }

    /** From now on every webhook is told of its event from all sources: the worst case of a loop. */
    public void tellAllSources() {
        state.withHooks(hooks -> {
            hooks.tellAll();
            return true;
        });
    }

    /** How many deliveries were answered with each status; 0 stands for no answer. */
    public Map<Integer, Integer> hookAnswers() {
        return sender.answers();
    }

    /** Calls {@code listener} with the id of each contact that a call of the API wrote to, in that call's thread. */
    public void onWrite(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** The next {@code times} calls of the API fail so. */
    public void fail(Fault fault, int times) {
        api.order(fault, times);
    }

    /** The key's user may no longer use what stands below this path, for example {@code webhooks}. */
    public void forbid(String path) {
        api.forbid(path);
    }

    /** What a 429 asks for; 30 seconds at first. */
    public void retryAfter(Duration wait) {
        api.retryAfter(wait);
    }

    /** Calls allowed in a second; 5 at first. */
    public void allowCalls(int perSecond) {
        limit.allow(perSecond);
    }

    /** How often each call was made, for example {@code PUT contacts/{id}}. */
    public Map<String, Integer> calls() {
        return api.calls();
    }

    /** Most calls that arrived within any second, refused ones too. */
    public int callsInASecondPeak() {
        return limit.peak();
    }

    /** All calls so far. */
    public long callsInAll() {
        return limit.arrived();
    }

    @Override
    public void close() {
        sender.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
